"""Where the words come from: independent origins of statements, relays and copies seen through.

An origin is a speaker. One utterance is one origin, in however many documents it stands. These are
not counted apart:

- a person and the institution whose post the person speaks in, and all institutions that are part
  of one (the organs of one state);
- an outlet that in its own voice says what somebody else is reported to have said in the same
  document, or in the document that it copies or translates;
- a speaker who is known only through another who says it too;
- unnamed sources among themselves, which may be one;
- channels, unnamed sources and persons who speak for no institution, where one document is all that
  there is of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from conflictkg.derive.material import Material, local
from conflictkg.derive.relays import documents_of, relays, reports_of
from conflictkg.derive.utterances import Node, Stance
from conflictkg.terms import CKG, DCTERMS, kind


class _Groups:
    """Nodes in disjoint groups."""

    def __init__(self) -> None:
        self._parent: dict[Node, Node] = {}

    def root(self, node: Node) -> Node:
        while self._parent.setdefault(node, node) != node:
            node = self._parent[node]
        return node

    def join(self, nodes: Iterable[Node]) -> None:
        first, *rest = map(self.root, nodes)
        for node in rest:
            self._parent[self.root(node)] = self.root(first)


def origins(material: Material, stances: Iterable[Stance]) -> dict[Node, list[Node]]:
    """Return the independent origins of some stances, each with the statements that it made.

    An origin is named by its speaker, the institution spoken for, or the least institution that
    all its speakers are part of.
    """
    statements = sorted({stance.statement for stance in stances}, key=str)
    told_in: dict[Node, set[Node]] = {}
    for node in statements:
        for document in documents_of(material, node):
            told_in.setdefault(document, set()).add(node)
    groups = _Groups()
    voices: dict[Node, list[Node]] = {}
    behind: dict[Node, list[Node]] = {}
    for node in statements:
        if _echo(material, node, told_in):
            continue
        utterance = material.utterance(node)
        for speaker in utterance.speakers:
            voices.setdefault(speaker, []).append(node)
            above = [
                w for office in (speaker, *utterance.offices) for w in _wholes(material, office)
            ]
            behind[speaker] = list(dict.fromkeys((*behind.get(speaker, ()), *above)))
    for whole in behind.values():
        groups.join(whole)
    alone = [speaker for speaker in voices if kind(speaker.value) == "source"]
    if alone:
        groups.join(alone)
    for at_one_gate in _gates(material, voices).values():
        groups.join(at_one_gate)
    for speaker, said in voices.items():
        roots = [
            {groups.root(one) for one in hops} for node in said for hops in relays(material, node)
        ]
        through = set.intersection(*roots) if roots else set()
        others = {groups.root(other) for other in voices if other != speaker}
        for relayer in sorted(through & others, key=str):
            groups.join((relayer, speaker))
    found: dict[Node, list[Node]] = {}
    for speaker in voices:
        found.setdefault(groups.root(speaker), []).append(speaker)
    return {
        _named([behind[speaker] for speaker in speakers]): sorted(
            {node for speaker in speakers for node in voices[speaker]}, key=str
        )
        for speakers in found.values()
    }


def _wholes(material: Material, node: Node) -> list[Node]:
    """Return a node and what it is part of."""
    return [node, *material.above(node)]


def _named(wholes: list[list[Node]]) -> Node:
    """Return the node that stands for speakers, of whom each is given with what is behind it."""
    first, *rest = wholes
    common = [node for node in first if all(node in others for others in rest)]
    if rest:
        return common[0] if common else min((whole[0] for whole in wholes), key=str)
    institutions = [node for node in first if kind(node.value) != "person"]
    return institutions[0] if institutions else first[0]


def _gates(material: Material, voices: Mapping[Node, list[Node]]) -> dict[Node, list[Node]]:
    """Return the documents that are all there is of speakers for no institution, with these."""
    found: dict[Node, list[Node]] = {}
    for speaker, statements in voices.items():
        if _institutional(material, speaker, statements):
            continue
        documents: Set[Node] = set().union(*(documents_of(material, n) for n in statements))
        if len(documents) == 1:
            found.setdefault(next(iter(documents)), []).append(speaker)
    return found


def _institutional(material: Material, speaker: Node, statements: Iterable[Node]) -> bool:
    what = kind(speaker.value)
    if what in ("source", "person"):
        return any(material.utterance(node).offices for node in statements)
    return "channel" not in {local(node) for node in material.nodes(speaker, DCTERMS.type)}


def _echo(material: Material, statement: Node, told_in: Mapping[Node, Set[Node]]) -> bool:
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
