"""Ways through the graph explained: what each hop stands for, who says so, how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import pyoxigraph as ox

from conflictkg.derive.material import Material
from conflictkg.derive.origin import origins
from conflictkg.derive.utterances import Stance as Reading
from conflictkg.model import Ref, Voice
from conflictkg.reading import Snapshot, Sources, read_statements, read_time, sources_of
from conflictkg.store import Reader
from conflictkg.terms import DCTERMS, ORG
from conflictkg.views import Contested, who_says
from conflictkg.walking.relations import RELATIONS, Link, Tied
from conflictkg.walking.ties import Hop, Path, Tie, sides
from conflictkg.words import in_words


class Explainer:
    """Turns ways through a graph into paths; a hop that was explained is kept."""

    def __init__(self, tied: Tied) -> None:
        self.tied = tied
        self._hops: dict[tuple[ox.NamedNode, ox.NamedNode], Hop] = {}
        # Material asks for patterns alone, which every reader answers.
        self._material = Material(tied.reader)

    def path(self, way: Sequence[ox.NamedNode]) -> Path:
        """Return the path that a way is."""
        refs = refs_of(self.tied.reader, way)
        return Path(
            tuple(refs[node] for node in way), tuple(self.hop(*pair) for pair in pairwise(way))
        )

    def hop(self, source: ox.NamedNode, target: ox.NamedNode) -> Hop:
        """Return the hop between two things that are tied."""
        found = self._hops.get((source, target))
        if found is None:
            refs = refs_of(self.tied.reader, (source, target))
            links = self.tied.of([source])[source].get(target, ())
            ties = tuple(self._ties(refs[source], refs[target], links))
            voices = [voice for tie in ties for voice in tie.supports]
            found = self._hops[source, target] = Hop(
                refs[source], refs[target], ties, self.origins(voices)
            )
        return found

    def origins(self, voices: Iterable[Voice]) -> tuple[Ref, ...]:
        """Return the independent origins of what some voices say, by name."""
        readings = [
            Reading(
                ox.NamedNode(voice.stance.iri),
                ox.NamedNode(voice.statement.iri),
                ox.NamedNode(voice.stance.claim.iri),
                voice.stance.attitude,
                voice.stance.certainty,
                frozenset(),
            )
            for voice in voices
        ]
        found = origins(self._material, readings)
        return tuple(
            sorted((Ref(n.value, self._material.label(n)) for n in found), key=lambda r: r.label)
        )

    def _ties(self, source: Ref, target: Ref, links: Iterable[Link]) -> Iterator[Tie]:
        by_group: dict[str, list[Link]] = {}
        for link in links:
            by_group.setdefault(RELATIONS[link.relation].group, []).append(link)
        yield from self._claimed(by_group.get("claim", ()))
        yield from self._taken(source, target, by_group.get("stance", ()))
        yield from self._named(source, target, by_group.get("about", ()))
        yield from self._undisputed(source, target, by_group.get("structure", ()))
        yield from self._reported(source, target, by_group.get("report", ()))

    def _claimed(self, links: Iterable[Link]) -> Iterator[Tie]:
        """Yield the claims that tie two things; those that most independent origins make first."""
        names = {link.carrier: link.via for link in links}
        ties = [
            self._contested(contested, names[ox.NamedNode(contested.claim.iri)])
            for contested in who_says(self.tied.reader, names)
        ]
        yield from sorted(ties, key=lambda t: (-len(t.origins), -len(t.voices), t.sentence))

    def _named(self, source: Ref, target: Ref, links: Sequence[Link]) -> Iterator[Tie]:
        for tie in self._claimed(links):
            other = target if tie.claim and tie.claim.iri == source.iri else source
            yield replace(tie, sentence=f"“{tie.sentence}” is about {other}")

    def _contested(self, contested: Contested, relation: str) -> Tie:
        supports, denials, others = sides(contested.voices)
        return Tie(
            relation,
            contested.claim.text,
            contested.claim,
            supports,
            denials,
            others,
            self.origins(supports),
        )

    def _taken(self, source: Ref, target: Ref, links: Iterable[Link]) -> Iterator[Tie]:
        """Yield the stances of a speaker to a claim, those of one attitude in one sentence."""
        by_attitude: dict[str, list[Link]] = {}
        for link in links:
            by_attitude.setdefault(link.via, []).append(link)
        for attitude, some in by_attitude.items():
            speaker, claim = (source, target) if some[0].forward else (target, source)
            voices = [
                Voice(statement, stance)
                for statement in read_statements(self.tied.reader, (link.carrier for link in some))
                for stance in statement.stances
                if stance.claim.iri == claim.iri and stance.attitude == attitude
            ]
            yield Tie(
                attitude,
                f"{speaker} {in_words(attitude)}: “{claim}”",
                voices[0].stance.claim,
                tuple(voices),
                origins=self.origins(voices),
            )

    def _reported(self, source: Ref, target: Ref, links: Sequence[Link]) -> Iterator[Tie]:
        if links:
            found = read_statements(self.tied.reader, (link.carrier for link in links))
            voices = [Voice(s, s.stances[0]) for s in found if s.stances]
            a, b = (source, target) if links[0].forward else (target, source)
            sentence = RELATIONS[links[0].relation].sentence.format(a=a, b=b)
            yield Tie("reportedIn", sentence, None, tuple(voices), origins=self.origins(voices))

    def _undisputed(self, source: Ref, target: Ref, links: Sequence[Link]) -> Iterator[Tie]:
        """Yield the properties that tie two things, each with what it is taken from."""
        snapshot = Snapshot(self.tied.reader)
        carriers = list(dict.fromkeys(link.carrier for link in links))
        snapshot.fetch(carriers)
        snapshot.follow(carriers, DCTERMS.source, ORG.post, ORG.memberDuring)
        told = sources_of(self.tied.reader, carriers)
        seen: set[tuple[ox.NamedNode, str]] = set()
        for link in links:
            if (link.carrier, link.via) in seen:
                continue
            seen.add((link.carrier, link.via))
            a, b = (source, target) if link.forward else (target, source)
            sentence = RELATIONS[link.relation].sentence.format(a=a, b=b)
            if link.via == "memberOf":
                sentence = _membership(snapshot, link.carrier, a, b)
            sources = snapshot.refs(link.carrier, DCTERMS.source)
            yield Tie(link.via, sentence, sources=sources or _graphs(told[link.carrier]))


def _membership(snapshot: Snapshot, node: ox.NamedNode, a: Ref, b: Ref) -> str:
    post = snapshot.ref(snapshot.one(node, ORG.post))
    time = read_time(snapshot, snapshot.one(node, ORG.memberDuring))
    when = f" ({time})" if time else ""
    if not post:
        return f"{a} belongs to {b}{when}"
    return f"{a} is {post}{'' if b.label in post.label else f', {b}'}{when}"


def _graphs(told: Sources) -> tuple[Ref, ...]:
    """Return the graphs that describe a node."""
    found = {
        graph.value for values in told.values() for graphs in values.values() for graph in graphs
    }
    return tuple(Ref(iri) for iri in sorted(found) if "/graph/derived/" not in iri)


def refs_of(reader: Reader, nodes: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, Ref]:
    """Return references to some things, with their names."""
    snapshot = Snapshot(reader)
    wanted = list(nodes)
    snapshot.fetch(wanted)
    return {node: snapshot.ref(node) for node in wanted}
