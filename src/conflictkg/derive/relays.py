"""How statements are passed on: reports, copies, relays, and relays that go round in a circle."""

from __future__ import annotations

from itertools import pairwise

from conflictkg.derive.material import Material
from conflictkg.derive.utterances import Node
from conflictkg.terms import CKG, DCTERMS, PROV, SCHEMA


def reports_of(material: Material, statement: Node) -> list[Node]:
    """Return the reports of a statement."""
    return material.subjects(CKG.reports, statement)


def documents_of(material: Material, statement: Node) -> set[Node]:
    """Return the documents that report a statement, each as the original that it copies."""
    return {
        original(material, document)
        for report in reports_of(material, statement)
        for document in material.nodes(report, CKG.inDocument)
    }


def original(material: Material, document: Node) -> Node:
    """Return the document that a document is a copy or translation of, by any number of steps.

    Of documents that copy each other in a circle, the first by IRI stands for all.
    """
    seen = [document]
    while True:
        sources = {
            source
            for predicate in (DCTERMS.isVersionOf, SCHEMA.translationOfWork)
            for source in material.nodes(seen[-1], predicate)
        }
        if not sources:
            return seen[-1]
        source = min(sources, key=str)
        if source in seen:
            return min(seen[seen.index(source) :], key=str)
        seen.append(source)


def chains(material: Material, statement: Node) -> list[list[Node]]:
    """Return the relay chains of a statement: who passed it on, from publisher towards speaker."""
    found = []
    for report in reports_of(material, statement):
        chain = [
            publisher
            for document in material.nodes(report, CKG.inDocument)
            for publisher in material.nodes(document, DCTERMS.publisher)[:1]
        ]
        chain.extend(_hops(material, report))
        if len(chain) > 1:
            found.append(chain)
    return found


def circle(material: Material, statement: Node) -> list[Node]:
    """Return who passes a statement on in a circle, or nothing if all relays lead somewhere."""
    links: dict[Node, set[Node]] = {}
    for chain in chains(material, statement):
        for nearer, further in pairwise(chain):
            links.setdefault(nearer, set()).add(further)
    for start in sorted(links, key=str):
        path, here = [start], start
        waiting = [(start, [start])]
        seen: set[Node] = set()
        while waiting:
            here, path = waiting.pop()
            for further in sorted(links.get(here, ()), key=str):
                if further == start:
                    return path
                if further not in seen:
                    seen.add(further)
                    waiting.append((further, [*path, further]))
    return []


def relays(material: Material, statement: Node) -> list[set[Node]]:
    """Return who stands between the document and the speaker, for each report of a statement."""
    return [set(_hops(material, report)) for report in reports_of(material, statement)]


def _hops(material: Material, report: Node) -> list[Node]:
    """Return who stands between a document and the speaker, nearest first."""
    found, seen = [], {report}
    hops = material.nodes(report, CKG.via)
    while hops:
        found.extend(material.nodes(hops[0], PROV.wasAttributedTo)[:1])
        if hops[0] in seen:
            break
        seen.add(hops[0])
        hops = material.nodes(hops[0], CKG.via)
    return found
