"""Where the words come from: independent origins of statements, relays and copies seen through.

An origin is a speaker. One utterance is one origin, in however many documents it stands. These are
not counted apart: a person and the institution whose post the person speaks in; an outlet that in
its own voice says what somebody else is reported to have said in the same document, or in the
document that it copies or translates; unnamed sources among themselves, which may be one.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from conflictkg.derive.material import Material
from conflictkg.derive.utterances import Node, Stance
from conflictkg.terms import CKG, DCTERMS, PROV, SCHEMA, kind


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
        seen = {report}
        hops = material.nodes(report, CKG.via)
        while hops:
            hop = hops[0]
            chain.extend(material.nodes(hop, PROV.wasAttributedTo)[:1])
            if hop in seen:
                break
            seen.add(hop)
            hops = material.nodes(hop, CKG.via)
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


def origins(material: Material, stances: Iterable[Stance]) -> dict[Node, list[Node]]:
    """Return the independent origins of some stances, each with the statements that it made."""
    statements = sorted({stance.statement for stance in stances}, key=str)
    parent: dict[Node, Node] = {}

    def root(node: Node) -> Node:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    told_in: dict[Node, set[Node]] = {}
    for node in statements:
        for document in documents_of(material, node):
            told_in.setdefault(document, set()).add(node)
    named: list[tuple[Node, Node]] = []
    unnamed: list[Node] = []
    for node in statements:
        utterance = material.utterance(node)
        if _echo(material, node, told_in):
            continue
        for speaker in utterance.speakers:
            if kind(speaker.value) == "source":
                unnamed.append(node)
                continue
            for office in utterance.offices:
                parent[root(speaker)] = root(office)
            named.append((speaker, node))
    found: dict[Node, list[Node]] = {}
    for speaker, node in named:
        found.setdefault(root(speaker), []).append(node)
    if unnamed:
        speaker = min((s for n in unnamed for s in material.utterance(n).speakers), key=str)
        found[speaker] = unnamed
    return found


def _echo(material: Material, statement: Node, told_in: dict[Node, set[Node]]) -> bool:
    """Say whether an outlet, in its own voice, says what it also reports another to have said."""
    speakers = set(material.utterance(statement).speakers)
    documents = documents_of(material, statement)
    publishers = {
        publisher
        for report in reports_of(material, statement)
        for document in material.nodes(report, CKG.inDocument)
        for publisher in material.nodes(document, DCTERMS.publisher)
    }
    if not speakers or not speakers <= publishers:
        return False
    return any(
        not speakers & set(material.utterance(other).speakers)
        for document in documents
        for other in told_in.get(document, ())
    )
