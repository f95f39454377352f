"""The rule of change: consecutive statements of one voice on one issue, compared.

A voice is a speaker or an institution (see derive.threads). In an institution's thread only those
pairs are given that no one person made alone; the others stand in that person's thread, and name
the institution too. What a statement takes up again with another attitude is compared with where it
was last said, even if there is a statement on something else between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import permutations

import pyoxigraph as ox

from conflictkg.derive.closeness import best, read_once
from conflictkg.derive.contrast import Contrast, contrast, sign
from conflictkg.derive.material import Material, local
from conflictkg.derive.order import Turn, precedes, predecessors, unordered
from conflictkg.derive.rule import (
    Key,
    concept,
    derived_from,
    finding,
    minted,
    stored_objects,
)
from conflictkg.derive.scope import Scope
from conflictkg.derive.threads import affected_threads, kept, threads, turns_of
from conflictkg.derive.utterances import Node, Stance
from conflictkg.terms import CKG, DCTERMS, PROV, SKOS

NAME = "change"

Pair = tuple[Stance, Stance, Contrast]

UNORDERED = "orderUnknown"
"""What stands for the kind of change where it is not known which statement came first."""

TURNS = frozenset({"reverses", "retracts", "softens", "hardens"})
"""Kinds of change that are changes of attitude."""


class ChangeRule:
    """Consecutive statements of one speaker or office on one issue: how the later one differs."""

    name = NAME
    sentence = (
        "Of two consecutive statements of one speaker or office on one issue, the later repeats, "
        "reverses, retracts, softens, hardens, narrows, broadens or updates the earlier, or "
        "shifts the focus; where it is not known which came first, that is said instead."
    )

    def all_keys(self, material: Material) -> Iterable[Key]:
        """Yield every voice with every issue that it speaks on."""
        return threads(material)

    def affected(self, material: Material, scope: Scope) -> set[Key]:
        """Return the threads that the statements of a scope are in, or were in."""
        return affected_threads(material, scope)

    def stored(self, material: Material, key: Key) -> Iterable[Node]:
        """Yield the changes that were computed for a thread."""
        voice, issue = key
        said = kept(material, voice, issue)
        for iri in derived_from(material, NAME, said):
            ends = said & stored_objects(material, NAME, iri, PROV.wasDerivedFrom)
            kinds = {local(kind) for kind in stored_objects(material, NAME, iri, DCTERMS.type)}
            if any(
                iri == minted(NAME, voice, issue, *pair, kind)
                for pair in permutations(ends, 2)
                for kind in kinds | {UNORDERED}
            ):
                yield iri

    def results(self, material: Material, key: Key) -> Iterator[ox.Quad]:
        """Yield the changes of a thread."""
        voice, issue = key
        thread = turns_of(material, voice, issue)
        said = _by_content(material, thread, issue)
        for earlier, turn in predecessors(material, thread):
            afters = turn.stances(material, issue)
            for one in earlier:
                if not _told_elsewhere(voice, one, turn):
                    yield from _changes(material, key, one.stances(material, issue), afters)
            nearest = [stance for one in earlier for stance in one.stances(material, issue)]
            for one, before, after in _resumed(material, said, nearest, turn, afters):
                if not _told_elsewhere(voice, one, turn):
                    yield from _changes(material, key, [before], [after])
        for one, other in unordered(material, thread):
            if not _told_elsewhere(voice, one, other):
                yield from _order_unknown(material, key, one, other)


Content = tuple[object, ...]


def _by_content(
    material: Material, thread: Sequence[Turn], issue: Node
) -> dict[Content, list[tuple[Turn, Stance]]]:
    """Return where in a sorted thread each thing is said, last first."""
    said: dict[Content, list[tuple[Turn, Stance]]] = {}
    for turn in reversed(thread):
        for stance in read_once(material, turn.stances(material, issue)):
            content = material.proposition(stance.claim).content
            said.setdefault(content, []).append((turn, stance))
    return said


def _resumed(
    material: Material,
    said: Mapping[Content, Sequence[tuple[Turn, Stance]]],
    nearest: Sequence[Stance],
    turn: Turn,
    afters: Sequence[Stance],
) -> Iterator[tuple[Turn, Stance, Stance]]:
    """Yield what a turn takes up again, with another attitude, that those next before it leave
    aside; and where it was.

    So a denial that is taken back after a statement on something else is not missed.
    """
    left = {material.proposition(stance.claim).content for stance in nearest}
    for after in read_once(material, afters):
        content = material.proposition(after.claim).content
        if content in left:
            continue
        for one, before in said[content]:
            if precedes(material, one.first, turn.first):
                if contrast(material, before, after).kind in TURNS:
                    yield one, before, after
                break


def _told_elsewhere(voice: Node, one: Turn, other: Turn) -> bool:
    """Say whether a pair is in the thread of the one person who made both statements."""
    speakers = set(one.first.speakers) | set(other.first.speakers)
    return len(speakers) == 1 and voice not in speakers


def _changes(
    material: Material, key: Key, befores: Sequence[Stance], afters: Sequence[Stance]
) -> Iterator[ox.Quad]:
    """Yield the changes between stances: one for each pair of statements and kind.

    A statement repeats another if it says some of the same and nothing of it otherwise. A further
    stage of what goes on counts only where nothing is repeated.
    """
    voice, issue = key
    groups: dict[tuple[Node, Node, str], list[Pair]] = {}
    for after in read_once(material, afters, befores):
        before = best(material, befores, after)
        if before is not None:
            found = contrast(material, before, after)
            groups.setdefault((before.statement, after.statement, found.kind), []).append(
                (before, after, found)
            )
    for before, after, found in widths(material, befores, afters):
        groups.setdefault((before.statement, after.statement, found.kind), []).append(
            (before, after, found)
        )
    if not groups:
        before, after = min(befores, key=_weight(material)), min(afters, key=_weight(material))
        found = contrast(material, before, after)
        shift = Contrast("shiftsFocus", found.aspects)
        groups[before.statement, after.statement, shift.kind] = [(before, after, shift)]
    repeated = {ends[:2] for ends in groups if ends[2] == "repeats"}
    for ends in [ends for ends in groups if ends[2] in TURNS and ends[:2] in repeated]:
        if all(found.aspects == ("predicate",) for _, _, found in groups[ends]):
            del groups[ends]
    changed = {ends[:2] for ends in groups if ends[2] != "repeats"}
    for (one, other, kind), pairs in groups.items():
        if kind == "repeats" and (one, other) in changed:
            continue
        before, after, _ = pairs[0]
        utterances = material.utterance(one), material.utterance(other)
        offices = set(utterances[0].offices) & set(utterances[1].offices)
        yield from finding(
            NAME,
            minted(NAME, voice, issue, one, other, kind),
            kind=concept("change", kind),
            text=_sentence(material, pairs),
            about=[
                voice,
                *utterances[0].speakers,
                *utterances[1].speakers,
                *sorted(offices, key=str),
            ],
            sources=[one, other, *(s.node for pair in pairs for s in pair[:2])],
            classes=[CKG.Change],
            issues=[issue],
            aspects=[aspect for pair in pairs for aspect in pair[2].aspects],
            more=[(CKG.before, before.node), (CKG.after, after.node), *_values(pairs)],
        )


def widths(
    material: Material, befores: Sequence[Stance], afters: Sequence[Stance]
) -> Iterator[Pair]:
    """Yield where one statement says a thing of fewer, or of more, objects than the other did.

    That is: by the same predicate of the same subject, some objects the same, and some left out
    (``narrows``) or added (``broadens``).
    """
    sets: list[dict[tuple[object, ...], dict[frozenset[Node], Stance]]] = [{}, {}]
    for found, stances in zip(sets, (befores, afters), strict=True):
        for stance in stances:
            claim = material.proposition(stance.claim)
            if claim.structured and claim.objects and not claim.amounts:
                key = (claim.subject, claim.predicate, claim.places, sign(stance, claim))
                found.setdefault(key, {}).setdefault(claim.objects, stance)
    for shared_key in sets[0].keys() & sets[1].keys():
        olds, news = sets[0][shared_key], sets[1][shared_key]
        if olds.keys() == news.keys() or not olds.keys() & news.keys():
            continue
        kind = (
            "narrows"
            if news.keys() < olds.keys()
            else "broadens"
            if olds.keys() < news.keys()
            else ""
        )
        if kind:
            named = [material.labels({o for some in one for o in some}) for one in (olds, news)]
            words = f"object: “{named[0]}” → “{named[1]}”"
            shared = min(olds.keys() & news.keys(), key=str)
            yield olds[shared], news[shared], Contrast(kind, ("object",), (words,))


def _weight(material: Material) -> Callable[[Stance], tuple[bool, int, str]]:
    def weigh(stance: Stance) -> tuple[bool, int, str]:
        claim = material.proposition(stance.claim)
        return (not claim.structured, len(claim.issues), stance.node.value)

    return weigh


def _values(pairs: Sequence[Pair]) -> list[tuple[Node, ox.Literal]]:
    """Return each aspect with its values before and after, as one note, if there are any."""
    words = dict.fromkeys(word for pair in pairs for word in pair[2].words)
    return [(SKOS.note, ox.Literal("; ".join(words), language="en"))] if words else []


def _sentence(material: Material, pairs: Sequence[Pair]) -> str:
    """Return the reason of a change in one sentence."""
    before, after, found = pairs[0]
    one, other = material.utterance(before.statement), material.utterance(after.statement)
    who = material.labels(one.speakers)
    then = material.labels(other.speakers)
    words = [word for pair in pairs for word in pair[2].words]
    first = f"{who} {_said(material, before)} ({one.day})"
    if found.kind == "repeats" and before.claim == after.claim:
        second = f"{'again' if who == then else then + ' says the same'} ({other.day})"
    else:
        second = f"{'' if who == then else then + ' '}{_said(material, after)} ({other.day})"
    more = f" [{'; '.join(dict.fromkeys(words))}]" if words else ""
    return f"{first}; {second}{more}."


def _said(material: Material, stance: Stance) -> str:
    words = {"leavesOpen": "leaves open whether", "doubts": "doubts that"}
    verb = words.get(stance.attitude, f"{stance.attitude or 'says'} that")
    hedged = stance.certainty not in ("certain", "notStated")
    sure = f" (as {stance.certainty})" if hedged else ""
    return f"{verb}{sure} “{material.label(stance.claim).rstrip('.')}”"


def _order_unknown(material: Material, key: Key, one: Turn, other: Turn) -> Iterator[ox.Quad]:
    """Yield the finding that it is not known which of two statements came first.

    It has the aspects in which they differ: none if one repeats the other, whichever that is.
    """
    voice, issue = key
    pair = sorted((one.first, other.first), key=lambda u: u.node.value)
    stances = [s for turn in (one, other) for s in turn.stances(material, issue)]
    mine = [s for s in stances if s.statement == pair[0].node] or stances[:1]
    theirs = [s for s in stances if s.statement == pair[1].node] or stances[-1:]
    compared = [
        (before, after, contrast(material, before, after))
        for after in read_once(material, theirs, mine)
        if (before := best(material, mine, after))
    ]
    same = bool(compared) and all(found.kind == "repeats" for _, _, found in compared)
    aspects = [aspect for _, _, found in compared for aspect in found.aspects] or ["predicate"]
    after = min(theirs, key=_weight(material))
    before = best(material, mine, after) or min(mine, key=_weight(material))
    if same:
        before, after, _ = compared[0]
    days = pair[0].day if pair[0].day == pair[1].day else f"{pair[0].day}, {pair[1].day}"
    offices = set(pair[0].offices) & set(pair[1].offices)
    yield from finding(
        NAME,
        minted(NAME, voice, issue, pair[0].node, pair[1].node, UNORDERED),
        kind=concept("findingtype", UNORDERED),
        text=f"It is not known which came first ({days}): {material.labels(pair[0].speakers)} "
        f"{_said(material, before)}; {material.labels(pair[1].speakers)} {_said(material, after)}.",
        about=[
            *(pair[0].node, pair[1].node, voice, *pair[0].speakers, *pair[1].speakers),
            *sorted(offices, key=str),
        ],
        sources=[pair[0].node, pair[1].node, before.node, after.node],
        issues=[issue],
        aspects=() if same else aspects,
        more=[(SKOS.note, ox.Literal("both say the same", language="en"))] if same else (),
    )
