"""Where a node of the graph leads: a page of this site, the page of a publisher, or nowhere."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from conflictkg.terms import GRAPH, ID, PREFIXES, SCHEME, kind

ONTOLOGY = PREFIXES["ckg"]
_OURS = ((ID, "/"), (SCHEME, "/scheme/"), (GRAPH, "/graph/"), (ONTOLOGY, "/ontology/"))
_SAFE = "/:@!$&'()*+,;=~.-_"
_UNSAFE = re.compile(r"[\s\x00-\x1f]")
_PATH = re.compile(r"[A-Za-z0-9][^/\\]*(?:/[^/\\]+)*")


@lru_cache(maxsize=8192)
def page_of(iri: str) -> str:
    """Return the path of the page of a node of ours, or "".

    A path begins with one slash and a name: ``//host`` would leave the site.

    >>> page_of("https://w3id.org/conflictkg/id/place/demydivka")
    '/place/demydivka'
    """
    for space, root in _OURS:
        if iri.startswith(space):
            rest = iri[len(space) :]
            return root + quote(rest, safe=_SAFE) if _PATH.fullmatch(rest) else ""
    return ""


@lru_cache(maxsize=8192)
def outside(address: str) -> str:
    """Return an address if a browser may be sent to it: http or https with a host; else "".

    >>> outside("javascript:alert(1)"), outside("https://example.org/a")
    ('', 'https://example.org/a')
    """
    if _UNSAFE.search(address):
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in ("http", "https") and parts.netloc else ""


def href(iri: str) -> str:
    """Return where a node leads: the page of it here, else its own address if it is safe."""
    return page_of(iri) or ("" if iri.startswith(ID) else outside(iri))


@lru_cache(maxsize=8192)
def host(address: str) -> str:
    """Return the host of an address, without ``www.``, to say where a link leads."""
    return (urlsplit(address).hostname or "").removeprefix("www.") if outside(address) else ""


def node_of(path: str) -> str:
    """Return the IRI that a path of this site stands for.

    >>> node_of("/place/demydivka")
    'https://w3id.org/conflictkg/id/place/demydivka'
    """
    for space, root in reversed(_OURS):
        if path.startswith(root):
            return space + path[len(root) :]
    return ""


def kind_of(iri: str) -> str:
    """Return what kind of thing a node is, for a person: person, place, graph ..."""
    if iri.startswith(GRAPH):
        return "graph"
    if iri.startswith(SCHEME):
        return "concept"
    return "term" if iri.startswith(ONTOLOGY) else kind(iri)


def anchor(thing: Any) -> str:
    """Return the name of a thing within a page: its kind and slug, harmless in an attribute."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", page_of(thing.iri)).strip("-") or "thing"
