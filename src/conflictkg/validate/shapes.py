"""The shapes as data: what each says, how bad it is and which path it looks at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from conflictkg.errors import InputError
from conflictkg.terms import RDF, bundled, shrink
from conflictkg.validate.findings import SHAPE, Severity

_SH = "http://www.w3.org/ns/shacl#"
_MARKS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
_MEND = " Mend: "

_Index = Mapping[object, Mapping[str, list[object]]]


@dataclass(frozen=True, slots=True)
class Shape:
    """One named shape: its message and hint, severity, path as in SPARQL, and SHACL components."""

    iri: str
    message: str
    hint: str
    severity: Severity
    path: str
    constraints: tuple[str, ...]
    is_targeted: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The shapes of one file, by IRI, and its text as the engines read it (N-Triples)."""

    shapes: Mapping[str, Shape]
    text: bytes


@cache
def read(path: Path | None = None) -> Catalogue:
    """Read a shapes file, by default ``ontology/shapes.ttl``; raises InputError."""
    source = path or bundled("ontology/shapes.ttl")
    try:
        triples = [quad.triple for quad in ox.parse(path=str(source))]
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", source=source) from error
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise InputError(f"is not valid RDF: {error}", source=source, line=line) from error
    index: dict[object, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        index[triple.subject][triple.predicate.value].append(triple.object)
    reached = {shape for node in index for shape in _properties(index, node)}
    shapes = {
        node.value: _shape(index, node, node in reached)
        for node in index
        if isinstance(node, ox.NamedNode) and _is_shape(index, node)
    }
    text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    return Catalogue(shapes, text or b"")


def split(message: str) -> tuple[str, str]:
    """Return what is wrong and what to do, the two parts of a message.

    >>> split("The scheme is empty. Mend: add a concept.")
    ('The scheme is empty.', 'add a concept.')
    """
    wrong, _, mend = message.partition(_MEND)
    return wrong, mend


def local(iri: str) -> str:
    """Return the name of a shape without its namespace."""
    return iri.removeprefix(SHAPE)


def _is_shape(index: _Index, node: ox.NamedNode) -> bool:
    kinds = {f"{_SH}NodeShape", f"{_SH}PropertyShape"}
    return any(
        isinstance(kind, ox.NamedNode) and kind.value in kinds
        for kind in index[node][RDF.type.value]
    )


def _properties(index: _Index, node: object) -> Iterator[object]:
    yield from index[node].get(f"{_SH}property", ())


def _shape(index: _Index, node: ox.NamedNode, is_property: bool) -> Shape:
    parts = index[node]
    messages = list(parts.get(f"{_SH}message", ()))
    for query in parts.get(f"{_SH}sparql", ()):
        messages.extend(index[query].get(f"{_SH}message", ()))
    text = next((m.value for m in messages if isinstance(m, ox.Literal)), "")
    severity = next(
        (s.value for s in parts.get(f"{_SH}severity", ()) if isinstance(s, ox.NamedNode)), ""
    )
    path = next(iter(parts.get(f"{_SH}path", ())), None)
    wrong, mend = split(text)
    return Shape(
        iri=node.value,
        message=wrong,
        hint=mend,
        severity=Severity(severity.removeprefix(_SH)) if severity else Severity.VIOLATION,
        path=_path(index, path) if path is not None else "",
        constraints=tuple(sorted(_components(parts))),
        is_targeted=is_property or any(f"{_SH}{target}" in parts for target in _TARGETS),
    )


def _components(parts: Mapping[str, list[object]]) -> Iterator[str]:
    """Yield the constraint components that the parameters of a shape make (SHACL, section 4)."""
    silent = {*_TARGETS, "path", "property", "message", "severity", "qualifiedValueShape"}
    for name in parts:
        parameter = name.removeprefix(_SH)
        if name.startswith(_SH) and parameter not in silent:
            yield "SPARQL" if parameter == "sparql" else parameter[0].upper() + parameter[1:]


def _path(index: _Index, node: object) -> str:
    """Return a property path as SPARQL writes it."""
    if isinstance(node, ox.NamedNode):
        return shrink(node.value)
    parts = index[node]
    if f"{RDF.first.value}" in parts:
        steps = "/".join(_path(index, step) for step in _members(index, node))
        return steps
    for inverse in parts.get(f"{_SH}inversePath", ()):
        return "^" + _path(index, inverse)
    for choice in parts.get(f"{_SH}alternativePath", ()):
        return "(" + "|".join(_path(index, step) for step in _members(index, choice)) + ")"
    for name, mark in _MARKS.items():
        for inner in parts.get(_SH + name, ()):
            return f"({_path(index, inner)}){mark}"
    return ""


def _members(index: _Index, node: object) -> Iterator[object]:
    while node != RDF.nil:
        yield index[node][RDF.first.value][0]
        node = index[node][RDF.rest.value][0]
