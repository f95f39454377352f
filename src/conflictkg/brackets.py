"""Bracketed nodes of the graph files: what can be computed of them, and the IRIs they get.

Times, quantities, stances, selectors, relays and geometries stand in brackets in the files. On
reading, their class and their day bounds are filled in, and each gets an IRI made of its parent,
the property and a hash of its content (a skolem IRI in the sense of RDF 1.1 Concepts, section 3.5),
so that a graph has no blank nodes and equal content is one node.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from conflictkg.errors import InputError
from conflictkg.store import Term
from conflictkg.terms import CKG, GEO, OA, ORG, RDF, SEM, XSD, shrink
from conflictkg.values import edtf_bounds

CLASS_OF: dict[ox.NamedNode, ox.NamedNode] = {
    CKG.said: CKG.ImpreciseTime,
    CKG.published: CKG.ImpreciseTime,
    CKG.holdsThroughout: CKG.ImpreciseTime,
    CKG.holdsSometimeIn: CKG.ImpreciseTime,
    ORG.memberDuring: CKG.ImpreciseTime,
    SEM.hasTime: CKG.ImpreciseTime,
    CKG.expresses: CKG.Stance,
    CKG.quantity: CKG.Quantity,
    CKG.via: CKG.Relay,
    OA.hasSelector: OA.TextQuoteSelector,
    OA.refinedBy: OA.TextPositionSelector,
    GEO.hasGeometry: GEO.Geometry,
}
"""The class of the node in a bracket, by the property that points to it."""

MAX_DEPTH = 32
"""How deeply brackets may nest."""

_HASHED = re.compile(r"\.[A-Za-z]+-[0-9a-f]{8}$")


def is_bracket(node: object) -> bool:
    """Say whether a node is one that the files write in brackets.

    >>> is_bracket(ox.NamedNode("https://w3id.org/conflictkg/id/statement/x.said-0a1b2c3d"))
    True
    """
    if isinstance(node, ox.BlankNode):
        return True
    return isinstance(node, ox.NamedNode) and bool(_HASHED.search(node.value))


def complete(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Return the triples with the computable ones added: classes of brackets, bounds of times.

    Raises InputError if a time is not EDTF, or its bounds are not those of its EDTF value.
    """
    given = list(triples)
    typed = {t.subject for t in given if t.predicate == RDF.type}
    bounds: dict[tuple[Term, ox.NamedNode], str] = {}
    times: list[tuple[ox.NamedNode | ox.BlankNode, str]] = []
    for triple in given:
        kind = CLASS_OF.get(triple.predicate)
        subject, object = triple.subject, triple.object
        if isinstance(subject, ox.Triple) or isinstance(object, ox.Triple):
            raise InputError("it has a triple term (RDF 1.2)", "give the statement an IRI")
        if kind and not isinstance(object, ox.Literal) and is_bracket(object):
            if object not in typed:
                given.append(ox.Triple(object, RDF.type, kind))
                typed.add(object)
        elif triple.predicate in (CKG.earliest, CKG.latest):
            bounds[subject, triple.predicate] = object.value
        elif triple.predicate == CKG.edtf:
            times.append((subject, object.value))
    for subject, edtf in times:
        for predicate, day in zip((CKG.earliest, CKG.latest), edtf_bounds(edtf), strict=True):
            stated = bounds.get((subject, predicate))
            if stated is None:
                if day is not None:
                    literal = ox.Literal(day.isoformat(), datatype=XSD.date)
                    given.append(ox.Triple(subject, predicate, literal))
            elif day is not None and stated != day.isoformat():
                raise InputError(
                    f"{shrink(predicate.value)} is {stated}, but EDTF “{edtf}” gives {day}",
                    "remove the bound; it is computed",
                )
    return given


def name_brackets(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Yield the triples with an IRI for each blank node.

    A blank node must be the object of exactly one triple, as brackets are. Raises InputError if it
    is not, if brackets nest in a circle or deeper than MAX_DEPTH.
    """
    given = list(triples)
    content: dict[ox.BlankNode, list[ox.Triple]] = {}
    parent: dict[ox.BlankNode, ox.Triple] = {}
    for triple in given:
        if isinstance(triple.subject, ox.BlankNode):
            content.setdefault(triple.subject, []).append(triple)
        if isinstance(triple.object, ox.BlankNode):
            if triple.object in parent:
                raise InputError(
                    f"a blank node is used twice, at {_place(parent[triple.object])} "
                    f"and at {_place(triple)}",
                    "write it in brackets in each place, or give it an IRI",
                )
            parent[triple.object] = triple
    for node, above in parent.items():
        _check_depth(node, above, parent)
    digests: dict[ox.BlankNode, str] = {}

    def digest(node: ox.BlankNode) -> str:
        if node not in digests:
            lines = []
            for triple in content.get(node, ()):
                inner = triple.object
                shown = f"[{digest(inner)}]" if isinstance(inner, ox.BlankNode) else str(inner)
                lines.append(f"{triple.predicate} {shown}")
            digests[node] = hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
        return digests[node]

    names: dict[ox.BlankNode, ox.NamedNode] = {}

    def name(node: ox.BlankNode) -> ox.NamedNode:
        if node not in names:
            above = parent.get(node)
            if above is None:
                some = content[node][0]
                raise InputError(
                    f"a blank node with {shrink(some.predicate.value)} {some.object} "
                    "is not the object of anything",
                    "give it an IRI",
                )
            suffix = digest(node)[:8]
            holder = above.subject
            base = name(holder) if isinstance(holder, ox.BlankNode) else holder
            assert isinstance(base, ox.NamedNode)
            local = re.split(r"[/#]", above.predicate.value)[-1]
            names[node] = ox.NamedNode(f"{base.value}.{local}-{suffix}")
        return names[node]

    for triple in given:
        subject, object = triple.subject, triple.object
        yield ox.Triple(
            name(subject) if isinstance(subject, ox.BlankNode) else subject,
            triple.predicate,
            name(object) if isinstance(object, ox.BlankNode) else object,
        )


def _check_depth(
    node: ox.BlankNode, above: ox.Triple, parent: dict[ox.BlankNode, ox.Triple]
) -> None:
    """Raise InputError if a bracket is deeper than MAX_DEPTH, or in a circle."""
    depth, holder = 1, above.subject
    while isinstance(holder, ox.BlankNode) and holder in parent:
        depth, holder = depth + 1, parent[holder].subject
        if depth > MAX_DEPTH:
            raise InputError(
                f"brackets nest deeper than {MAX_DEPTH}, or in a circle, at {_place(above)}",
                "give the inner node an IRI",
            )


def _place(triple: ox.Triple) -> str:
    subject = triple.subject
    above = shrink(subject.value) if isinstance(subject, ox.NamedNode) else "a bracket"
    return f"{above} {shrink(triple.predicate.value)}"
