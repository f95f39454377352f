"""Prefixes, CURIEs and stable IRIs. The one prefix map is ``ontology/context.jsonld``."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import NamedNode

from conflictkg.errors import InputError

_HERE = Path(__file__).parent
_ROOT = _HERE / "bundle" if (_HERE / "bundle").is_dir() else _HERE.parent.parent


def bundled(path: str) -> Path:
    """Return the path of a file or folder that comes with the package: ontology, graphs, queries.

    >>> bundled("ontology/context.jsonld").name
    'context.jsonld'
    """
    return _ROOT / path


PREFIXES: MappingProxyType[str, str] = MappingProxyType(
    json.loads(bundled("ontology/context.jsonld").read_text("utf-8"))["@context"]
)
"""Prefix -> namespace IRI, in the order of ``context.jsonld``."""

ID = "https://w3id.org/conflictkg/id/"
GRAPH = "https://w3id.org/conflictkg/graph/"
SCHEME = "https://w3id.org/conflictkg/scheme/"

_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_SPLIT = re.compile(r"^(.*[/#])([^/#]*)$")
_LOCAL = re.compile(r"^[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?$")
_SLUG = re.compile(r"[^a-z0-9]+")


class Namespace:
    """Makes terms of one namespace by attribute: ``CKG.Statement``."""

    def __init__(self, prefix: str) -> None:
        self._iri = PREFIXES[prefix]

    def __getattr__(self, name: str) -> NamedNode:
        term = self.__dict__[name] = NamedNode(self._iri + name)
        return term

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self._iri + name)


CKG = Namespace("ckg")
DCTERMS = Namespace("dcterms")
GEO = Namespace("geo")
OA = Namespace("oa")
ORG = Namespace("org")
PROV = Namespace("prov")
RDF = Namespace("rdf")
RDFS = Namespace("rdfs")
SCHEMA = Namespace("schema")
SEM = Namespace("sem")
SKOS = Namespace("skos")
XSD = Namespace("xsd")

PROVENANCE_GRAPH = NamedNode(GRAPH + "provenance")
ONTOLOGY_GRAPH = NamedNode(GRAPH + "ontology")


def expand(curie: str) -> str:
    """Return the IRI of a CURIE; an absolute IRI, with or without angle brackets, comes back as is.

    Raises InputError if the prefix is not in the prefix map.

    >>> expand("person:andriy-kovalenko")
    'https://w3id.org/conflictkg/id/person/andriy-kovalenko'
    """
    text = curie.strip()
    if text.startswith("<") and text.endswith(">"):
        return text[1:-1]
    prefix, colon, local = text.partition(":")
    if colon and local.startswith("//"):
        return text
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    if colon:
        raise InputError(
            f"unknown prefix “{prefix}:” in “{curie}”",
            "the known prefixes are those of ontology/context.jsonld: " + " ".join(PREFIXES),
        )
    if "/" in text and text.split("/", 1)[0] in PREFIXES:
        return ID + text
    raise InputError(f"“{curie}” is neither an IRI nor a CURIE", "write kind:slug")


def shrink(iri: str) -> str:
    """Return the CURIE of an IRI where the prefix map has one that Turtle can write, else the IRI.

    >>> shrink("https://w3id.org/conflictkg/id/person/andriy-kovalenko")
    'person:andriy-kovalenko'
    """
    split = _SPLIT.match(iri)
    if split:
        prefix = _BY_NAMESPACE.get(split[1])
        if prefix and _LOCAL.match(split[2]):
            return f"{prefix}:{split[2]}"
    return iri


def node(curie: str) -> NamedNode:
    """Return the node of a CURIE or IRI; raises InputError if it is neither."""
    iri = expand(curie)
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise InputError(f"“{iri}” is not an IRI ({error})", "percent-encode it") from error


def kind(iri: str) -> str:
    """Return the kind of thing an IRI of ours stands for (person, place ...), or "".

    >>> kind("https://w3id.org/conflictkg/id/place/demydivka")
    'place'
    """
    return iri[len(ID) :].split("/", 1)[0] if iri.startswith(ID) else ""


def slug(label: str) -> str:
    """Return the slug of an English name: lower-case ASCII, words joined by hyphens.

    >>> slug("Ivan Stupák, ex-SBU")
    'ivan-stupak-ex-sbu'
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return _SLUG.sub("-", plain).strip("-")


def mint(kind: str, label: str) -> NamedNode:
    """Return the stable IRI of a new thing of a kind, made from its canonical English name."""
    made = slug(label)
    if not made:
        raise InputError(f"no slug can be made from “{label}”", "give the name in Latin script")
    return NamedNode(f"{ID}{kind}/{made}")


@cache
def prologue() -> str:
    """Return the PREFIX lines of the whole prefix map, for SPARQL."""
    return "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
