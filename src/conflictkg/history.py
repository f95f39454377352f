"""What a speaker said, issue by issue and in time, and how it changed: the read model and its text.

Statements, words and sources come from the documents; changes and positions from the derived
graphs; verdicts are what others say about a statement, and stand beside what was computed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date

import pyoxigraph as ox

from conflictkg.derive.spans import Span, span
from conflictkg.model import Claim, Ref, Stance, Statement
from conflictkg.reading import Snapshot, read_statements, subjects
from conflictkg.store import Reader
from conflictkg.terms import CKG, DCTERMS, GRAPH, ORG, PROV, RDF, SCHEMA, SKOS
from conflictkg.views import Contested, who_says

AGREES: dict[str, frozenset[str]] = {
    "distorts": frozenset(
        {"reverses", "retracts", "softens", "narrows", "broadens", "shiftsFocus", "updatesQuantity"}
    ),
    "repeats": frozenset({"repeats"}),
    "corrects": frozenset({"reverses", "retracts", "updatesQuantity", "narrows", "broadens"}),
}
"""Verdict on two statements -> the computed kinds of change that agree with it."""

_COMPUTED = tuple(ox.NamedNode(f"{GRAPH}derived/{rule}") for rule in ("change", "positions"))
"""The graphs of the rules whose findings a history tells."""

READS: dict[str, frozenset[str]] = {
    "confirmsThat": frozenset({"asserts", "confirms"}),
    "deniesThat": frozenset({"denies"}),
}
"""Verdict on one statement -> the attitudes to the claim that agree with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """How a statement differs from the one before it, as computed; ``why`` is one sentence.

    ``values`` are the aspects with their values before and after, where they can be told.
    ``kind`` is a concept of scheme:change, or orderUnknown; ``before`` and ``after`` are IRIs of
    statements.
    """

    kind: str
    aspects: tuple[str, ...]
    why: str
    before: str
    after: str
    values: str = ""

    def __str__(self) -> str:
        return f"{self.kind} ({', '.join(self.aspects)})" if self.aspects else self.kind


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody says about a statement, and whether that agrees with what was computed.

    ``agreement`` is agrees, disagrees, or "" where nothing was computed to compare it with.
    """

    relation: str
    judged: Contested
    agreement: str = ""

    @property
    def who(self) -> str:
        """Who passes the verdict, and when."""
        voices = (
            f"{v.statement.speaker} ({_days(v.statement)}) {v.stance.attitude}"
            for v in self.judged.voices
        )
        return "; ".join(dict.fromkeys(voices))


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """A statement within an issue: its stances there, and the changes that lead to it.

    ``when`` is the date that its documents agree on; ``current`` says that none is known to follow.
    """

    statement: Statement
    when: str
    stances: tuple[Stance, ...]
    changes: tuple[Change, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    current: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """What a speaker said on one issue, in time."""

    issue: Ref
    entries: tuple[HistoryEntry, ...]


@dataclass(frozen=True, slots=True)
class History:
    """What a speaker said on all issues, the issue first spoken of first."""

    speaker: Ref
    threads: tuple[Thread, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """The statements, each once, in time."""
        found = {e.statement.iri: e.statement for t in self.threads for e in t.entries}
        return tuple(sorted(found.values(), key=lambda s: (_when(s), s.iri)))


def history(
    reader: Reader,
    node: ox.NamedNode,
    *,
    issue: ox.NamedNode | Collection[ox.NamedNode] | None = None,
    since: date | None = None,
    until: date | None = None,
    document: ox.NamedNode | None = None,
    said: Iterable[ox.NamedNode] | None = None,
) -> History:
    """Return the history of a speaker: a person, or an institution with the holders of its posts.

    ``issue`` restricts it to one or some, ``since`` and ``until`` to statements that can have been
    made then, ``document`` to those that it reports. ``said`` are the statements of the speaker on
    these issues, where the caller knows them already.
    """
    issues = {issue} if isinstance(issue, ox.NamedNode) else issue
    statements = [
        _of(statement, document)
        for statement in read_statements(reader, said or _said(reader, node, issues))
        if _fits(statement, since, until, document)
    ]
    changes, current = _computed(reader, node, statements, issues)
    verdicts = _verdicts(reader, statements, [c for some in changes.values() for c in some])
    threads: dict[str, dict[str, list[Stance]]] = {}
    refs: dict[str, Ref] = {}
    for statement in statements:
        for stance in statement.stances:
            for ref in stance.claim.issues:
                if issues is None or ox.NamedNode(ref.iri) in issues:
                    refs[ref.iri] = ref
                    on_issue = threads.setdefault(ref.iri, {})
                    on_issue.setdefault(statement.iri, []).append(stance)
    leading: dict[tuple[str, str], list[Change]] = {}
    for iri, some in changes.items():
        for change in some:
            leading.setdefault((iri, change.after), []).append(change)
    known = {statement.iri: statement for statement in statements}
    made = [
        Thread(
            refs[iri],
            tuple(
                HistoryEntry(
                    statement,
                    _days(statement),
                    tuple(stances[statement.iri]),
                    tuple(leading.get((iri, statement.iri), ())),
                    tuple(verdicts.get(statement.iri, ())),
                    (iri, statement.iri) in current,
                )
                for statement in _in_order([known[one] for one in stances], changes.get(iri, ()))
            ),
        )
        for iri, stances in threads.items()
    ]
    speaker = _ref(reader, node)
    made.sort(key=lambda thread: (_when(thread.entries[0].statement), thread.issue.label))
    return History(speaker, tuple(made))


def _said(
    reader: Reader, node: ox.NamedNode, issues: Collection[ox.NamedNode] | None
) -> list[ox.NamedNode]:
    """Return the statements of a speaker and of the holders of its posts, or those on some issues.

    The issues are joined first: they have a handful of statements, a busy speaker has hundreds.
    """
    posts = subjects(reader, ORG.postIn, [node])
    if issues is None:
        said = subjects(reader, CKG.speaker, [node])
        return list(dict.fromkeys([*said, *subjects(reader, CKG.inCapacity, posts)]))
    stances = subjects(reader, CKG.onClaim, subjects(reader, CKG.addresses, issues))
    by = [(CKG.speaker, node), *((CKG.inCapacity, post) for post in posts)]
    return [
        statement
        for statement in subjects(reader, CKG.expresses, stances)
        if any(True for pair in by for _ in reader.match(statement, *pair))
    ]


def _ref(reader: Reader, node: ox.NamedNode) -> Ref:
    snapshot = Snapshot(reader)
    snapshot.fetch([node])
    return snapshot.ref(node)


def _of(statement: Statement, document: ox.NamedNode | None) -> Statement:
    """Return a statement as one document tells it, or as all do."""
    if document is None:
        return statement
    return replace(
        statement,
        reports=tuple(r for r in statement.reports if r.document.iri == document.value),
        stances=tuple(
            stance
            for stance in statement.stances
            if document.value in {ref.iri for ref in stance.according_to}
        ),
    )


def _fits(
    statement: Statement, since: date | None, until: date | None, document: ox.NamedNode | None
) -> bool:
    when = _when(statement)
    if (since and when.last < since) or (until and when.first > until):
        return False
    return document is None or document.value in {d.iri for d in statement.documents}


def _when(statement: Statement) -> Span:
    """Return the days that all dates of a statement share, or all days if they share none."""
    spans = [span(time.edtf) for time in statement.said] or [span("XXXX")]
    first, last = max(s.first for s in spans), min(s.last for s in spans)
    if first > last:
        first, last = min(s.first for s in spans), max(s.last for s in spans)
    return Span(first, last)


def _days(statement: Statement) -> str:
    """Return the date in words: the one that says all that is agreed on, else all of them."""
    when = _when(statement)
    known = [time.edtf for time in statement.said]
    exact = sorted((edtf for edtf in known if span(edtf) == when), key=lambda e: (-len(e), e))
    if exact:
        return exact[0].replace("T", " ")
    agreed = all(span(edtf).meets(when) for edtf in known)
    return str(when) if agreed and known else " or ".join(sorted(set(known))) or "date unknown"


def _computed(
    reader: Reader,
    node: ox.NamedNode,
    statements: Sequence[Statement],
    issues: Collection[ox.NamedNode] | None,
) -> tuple[dict[str, list[Change]], set[tuple[str, str]]]:
    """Return the changes by issue, and which statements are current, as pairs with the issue."""
    by_stance = {stance.iri: s.iri for s in statements for stance in s.stances}
    ways = [(SCHEMA.about, node)] if issues is None else [(CKG.addresses, one) for one in issues]
    nodes = [
        finding
        for finding in dict.fromkeys(
            quad.subject
            for way in ways
            for graph in _COMPUTED
            for quad in reader.match(None, *way, graph)
            if isinstance(quad.subject, ox.NamedNode)
        )
        if issues is None or any(True for _ in reader.match(finding, SCHEMA.about, node))
    ]
    snapshot = Snapshot(reader)
    snapshot.fetch(nodes)
    position = {statement.iri: at for at, statement in enumerate(statements)}
    changes: dict[str, list[Change]] = {}
    current: set[tuple[str, str]] = set()
    for found in sorted(nodes, key=str):
        kind = _local(snapshot.one(found, DCTERMS.type))
        answers = [i.value for i in snapshot.objects(found, CKG.addresses)]
        if kind == "currentPosition":
            sources = {s.value for s in snapshot.objects(found, PROV.wasDerivedFrom)}
            current |= {(issue, iri) for issue in answers for iri in sources & position.keys()}
            continue
        if CKG.Change in snapshot.objects(found, RDF.type):
            ends = [
                by_stance.get(getattr(snapshot.one(found, end), "value", ""), "")
                for end in (CKG.before, CKG.after)
            ]
        else:
            about = {a.value for a in snapshot.objects(found, SCHEMA.about)}
            ends = sorted(about & position.keys(), key=position.__getitem__)
        if len(ends) == 2 and all(ends):
            aspects = tuple(sorted(_local(a) for a in snapshot.objects(found, DCTERMS.subject)))
            why = snapshot.text(found, SCHEMA.text)
            for issue in answers:
                change = Change(
                    kind, aspects, why, ends[0], ends[1], snapshot.text(found, SKOS.note)
                )
                changes.setdefault(issue, []).append(change)
    return changes, current


def _local(node: object) -> str:
    return getattr(node, "value", "").rsplit("/", 1)[-1]


def _in_order(statements: Sequence[Statement], changes: Iterable[Change]) -> list[Statement]:
    """Return statements by date; within one, what a change starts from comes first."""
    waiting = sorted(statements, key=lambda s: (_when(s), s.iri))
    edges = [(c.before, c.after) for c in changes if c.kind != "orderUnknown"]
    if not edges:
        return waiting
    ordered: list[Statement] = []
    while waiting:
        left = {statement.iri for statement in waiting}
        blocked = {after for before, after in edges if before in left}
        following = next((s for s in waiting if s.iri not in blocked), waiting[0])
        waiting.remove(following)
        ordered.append(following)
    return ordered


def _verdicts(
    reader: Reader, statements: Sequence[Statement], changes: Sequence[Change]
) -> dict[str, list[Verdict]]:
    """Return what is said about the statements, by statement."""
    known = {statement.iri: statement for statement in statements}
    claims = subjects(reader, CKG.subject, [ox.NamedNode(iri) for iri in known])
    found: dict[str, list[Verdict]] = {}
    for judged in who_says(reader, claims):
        statement = known[judged.claim.subject.iri]
        relation = judged.claim.predicate.iri.rsplit("/", 1)[-1]
        judges = {d.iri for voice in judged.voices for d in voice.statement.documents}
        same = {voice.stance.attitude == "denies" for voice in judged.voices}
        agreement = ""
        if len(same) == 1:
            agreement = _agreement(relation, judged.claim, statement, changes, judges)
            if same == {True} and agreement:
                agreement = {"agrees": "disagrees", "disagrees": "agrees"}[agreement]
        found.setdefault(statement.iri, []).append(Verdict(relation, judged, agreement))
    return found


def _agreement(
    relation: str,
    claim: Claim,
    statement: Statement,
    changes: Sequence[Change],
    judges: Set[str],
) -> str:
    """Say whether a verdict agrees with what was computed, or with how others read the statement.

    Readings by the documents that carry the verdict do not count: they are the verdict.
    """
    if relation in AGREES:
        pair = (claim.object.iri, statement.iri)
        computed = {c.kind for c in changes if (c.before, c.after) == pair} - {"orderUnknown"}
        agreeing = AGREES[relation]
    else:
        computed = {
            s.attitude
            for s in statement.stances
            if s.claim.iri == claim.object.iri and not judges & {r.iri for r in s.according_to}
        }
        agreeing = READS.get(relation, frozenset())
    if not computed or not agreeing:
        return ""
    return "agrees" if computed & agreeing else "disagrees"
