"""What was said, by whom, of which place and day, in which documents: the rows of map and timeline.

A row is a stance: a statement's attitude to a claim. No row stands without its documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from conflictkg.model import Claim, Ref
from conflictkg.reading import Snapshot, read_claims, subjects
from conflictkg.store import Reader, select
from conflictkg.terms import CKG, DCTERMS, SCHEMA, kind
from conflictkg.web.site.selection import Selection
from conflictkg.web.site.words import when
from conflictkg.words import counted

MOST = 2000
"""How many rows are read at most; a page that shows fewer than there are says so."""

CONTROL = ("controlledBy", "captured")
"""The predicates of claims that say who holds or took a place."""


@dataclass(frozen=True, slots=True)
class Account:
    """A statement's attitude to a claim, with everything needed to show and to place it.

    ``when`` are the days given for it, as EDTF; ``earliest`` and ``latest`` bound them.
    ``sources`` are the documents that report it, each with its publisher as label.
    """

    statement: Ref
    speaker: Ref
    attitude: str
    certainty: str
    claim: Claim
    when: tuple[str, ...]
    earliest: date | None
    latest: date | None
    sources: tuple[Ref, ...]

    @property
    def places(self) -> tuple[Ref, ...]:
        """The places that the claim is about."""
        return self.claim.places

    @property
    def predicate(self) -> str:
        """The local name of the claim's predicate, or ""."""
        return self.claim.predicate.iri.rsplit("/", 1)[-1]

    @property
    def holder(self) -> Ref:
        """Who is said to hold or to have taken a place; an empty Ref for other claims."""
        if self.predicate == "controlledBy":
            return self.claim.object
        return self.claim.subject if self.predicate == "captured" else Ref("")

    @property
    def of_day(self) -> str:
        """The day or span that the claim is about, as EDTF, or ""."""
        time = self.claim.holds_throughout or self.claim.holds_sometime_in
        return time.edtf if time else ""


@dataclass(frozen=True, slots=True)
class Accounts:
    """The rows of a selection; ``complete`` is false if there are more than were read."""

    rows: tuple[Account, ...]
    complete: bool = True


VALID = """?claim ckg:holdsThroughout|ckg:holdsSometimeIn ?valid .
  OPTIONAL { ?valid ckg:earliest ?from } OPTIONAL { ?valid ckg:latest ?to }
  FILTER(BOUND(?from) || BOUND(?to))"""
"""The pattern of the time that a claim is about; an open side is not bound."""

NAMES = "ckg:subject|ckg:object|schema:location|schema:mentions"
"""The path from a claim to what it names."""

TAKEN = "GRAPH ?graph { ?stance ckg:onClaim ?claim . ?statement ckg:expresses ?stance }"
"""The pattern of a statement's stance to a claim."""

HEARD = """?statement ckg:speaker ?speaker .
    ?report ckg:reports ?statement ; ckg:inDocument ?document ."""
"""The pattern of who made a statement, and of the documents that report it."""

_ROWS = """SELECT DISTINCT ?statement ?speaker ?claim ?attitude ?certainty ?document
                           ?when ?earliest ?latest {{
  {{ SELECT DISTINCT ?graph ?stance ?statement ?claim {{ {anchors}
    {taken} }} {first} }}
  {documents}
  GRAPH ?graph {{
    ?stance ckg:attitude ?attitude ; ckg:certainty ?certainty .
    {heard}
    OPTIONAL {{
      ?statement ckg:said ?time . ?time ckg:edtf ?when .
      OPTIONAL {{ ?time ckg:earliest ?earliest }}
      OPTIONAL {{ ?time ckg:latest ?latest }}
    }}
  }}
  {days}
}} LIMIT {limit}"""
"""The anchors stand in a sub-select: beside the other patterns they would be joined last.

Where nothing outside of it restricts the rows, the sub-select can end at the limit as well.
"""


_ABOUT = {"claim": "VALUES ?claim {{ <{}> }}", "statement": "VALUES ?statement {{ <{}> }}"}
"""Kind of thing that a page is about -> the pattern of its claims; others are named by them."""


def anchors(selection: Selection, *, placed: bool) -> str:
    """Return the patterns that find the claims and statements of a selection."""
    patterns = []
    if selection.day:
        day = f'"{selection.day}"^^xsd:date'
        patterns.append(
            f"{{ SELECT DISTINCT ?claim {{ {VALID} "
            f"FILTER(COALESCE(?from, {day}) <= {day} && COALESCE(?to, {day}) >= {day}) }} }}"
        )
    if selection.about:
        about = _ABOUT.get(kind(selection.about.iri), f"?claim {NAMES} <{{}}> .")
        patterns.append(about.format(selection.about.iri))
    if selection.issue:
        patterns.append(f"?claim ckg:addresses <{selection.issue.iri}> .")
    if selection.place or placed:
        spot = "?spot a ckg:Place ."
        if selection.place:
            spot = f"?spot schema:containedInPlace* <{selection.place.iri}> ."
        patterns.append(f"{spot} ?claim ckg:subject|ckg:object|schema:location ?spot .")
    if selection.speaker:
        patterns.append(f"?statement ckg:speaker <{selection.speaker.iri}> .")
    if selection.source:
        patterns.append(
            f"{_documents(selection)} ?told ckg:inDocument ?document ; ckg:reports ?statement ."
        )
    return " ".join(patterns)


def _documents(selection: Selection) -> str:
    """Return the pattern that finds the documents of a selection, or ""."""
    if kind(selection.source.iri) == "document":
        return f"VALUES ?document {{ <{selection.source.iri}> }}"
    if selection.source:
        return f"?document dcterms:publisher <{selection.source.iri}> ."
    return ""


def within(selection: Selection) -> str:
    """Return the filters that keep what was said in the days of a selection, or ""."""
    filters = []
    if selection.since:
        since = f'"{selection.since}"^^xsd:date'
        filters.append(f"FILTER(COALESCE(?latest, ?earliest) >= {since})")
    if selection.until:
        until = f'"{selection.until}"^^xsd:date'
        filters.append(f"FILTER(COALESCE(?earliest, ?latest) <= {until})")
    return " ".join(filters)


def read_accounts(
    reader: Reader, selection: Selection, *, placed: bool = False, most: int = MOST
) -> Accounts:
    """Return the rows of a selection, by day; those without a day come last.

    ``placed``: only claims about a place. At most ``most`` solutions are read.
    """
    if selection.problems:
        return Accounts(())
    days = within(selection)
    query = _ROWS.format(
        anchors=anchors(selection, placed=placed),
        taken=TAKEN,
        heard=HEARD,
        documents=_documents(selection),
        first="" if days or selection.source else f"LIMIT {most + 1}",
        days=days,
        limit=most + 1,
    )
    solutions = list(select(reader, query))
    read = _grouped(reader, solutions[:most])
    return Accounts(tuple(read), len(solutions) <= most)


def _grouped(reader: Reader, solutions: Sequence[ox.QuerySolution]) -> list[Account]:
    groups: dict[tuple[ox.NamedNode, ...], list[ox.QuerySolution]] = {}
    for row in solutions:
        key = (row["statement"], row["claim"], row["attitude"])
        groups.setdefault(key, []).append(row)
    snapshot = Snapshot(reader)
    columns = ("statement", "speaker", "document", "attitude", "certainty")
    for column in columns:
        snapshot.fetch(row[column] for row in solutions)
    snapshot.follow([row["document"] for row in solutions], DCTERMS.publisher)
    claims = list(dict.fromkeys(claim for _, claim, _ in groups))
    read = read_claims(snapshot, claims)
    accounts = []
    for (statement, claim, attitude), rows in groups.items():
        earliest = [row["earliest"].value for row in rows if row["earliest"]]
        latest = [row["latest"].value for row in rows if row["latest"]]
        accounts.append(
            Account(
                statement=Ref(statement.value, snapshot.text(statement, SCHEMA.text)),
                speaker=snapshot.ref(rows[0]["speaker"]),
                attitude=attitude.value.rsplit("/", 1)[-1],
                certainty=rows[0]["certainty"].value.rsplit("/", 1)[-1],
                claim=read[claim],
                when=tuple(sorted({row["when"].value for row in rows if row["when"]})),
                earliest=date.fromisoformat(min(earliest)[:10]) if earliest else None,
                latest=date.fromisoformat(max(latest)[:10]) if latest else None,
                sources=_sources(snapshot, (row["document"] for row in rows)),
            )
        )
    return sorted(accounts, key=_order)


def _order(account: Account) -> tuple[date, str, str, str]:
    day = day_of(account) or date.max
    return day, account.statement.iri, account.claim.iri, account.attitude


def day_of(account: Account) -> date | None:
    """Return the first day on which it can have been said, or the last where that is unknown."""
    return account.earliest or account.latest


def _sources(snapshot: Snapshot, documents: Iterable[ox.NamedNode]) -> tuple[Ref, ...]:
    found = []
    for document in sorted(set(documents), key=str):
        publisher = snapshot.ref(snapshot.one(document, DCTERMS.publisher))
        found.append(Ref(document.value, publisher.label or snapshot.ref(document).label))
    return tuple(found)


def quads_of(reader: Reader, rows: Sequence[Account]) -> Iterator[ox.Quad]:
    """Yield what describes the statements of rows, their stances and reports, and the claims."""
    statements = [ox.NamedNode(iri) for iri in dict.fromkeys(row.statement.iri for row in rows)]
    claims = dict.fromkeys(row.claim.iri for row in rows)
    yield from reader.describe(statements)
    yield from reader.describe(_expressed(reader, statements))
    yield from reader.describe(subjects(reader, CKG.reports, statements))
    yield from reader.describe(map(ox.NamedNode, claims))


def _expressed(reader: Reader, statements: Iterable[ox.NamedNode]) -> list[ox.NamedNode]:
    """Return the stances of statements, each once."""
    found = (quad.object for one in statements for quad in reader.match(one, CKG.expresses))
    return list(dict.fromkeys(node for node in found if isinstance(node, ox.NamedNode)))


def counts(rows: Sequence[Account]) -> Mapping[str, int]:
    """Return how many claims, places, speakers and documents the rows have."""
    return {
        "claim": len({row.claim.iri for row in rows}),
        "place": len({place.iri for row in rows for place in row.places}),
        "speaker": len({row.speaker.iri for row in rows}),
        "statement": len({row.statement.iri for row in rows}),
        "document": len({source.iri for row in rows for source in row.sources}),
    }


def span(rows: Sequence[Account], selection: Selection) -> str:
    """Return the days of the rows in words, as far as they are selected: “18–24 March 2025”."""
    days = sorted(day for row in rows if (day := day_of(row)))
    if not days:
        return ""
    first = max(days[0], selection.since or days[0])
    last = max(first, min(days[-1], selection.until or days[-1]))
    return when(f"{first}/{last}" if first != last else str(first))


def told(rows: Sequence[Account], selection: Selection) -> str:
    """Return in words what rows of a selection there are.

    “47 claims about 12 places, by 20 speakers, in 31 documents, 18–24 March 2025”.
    """
    if selection.problems:
        return "A field was not understood"
    if not rows:
        return "Nothing that was said fits"
    number = counts(rows)
    about = f" about {counted(number['place'], 'place')}" if number["place"] else ""
    of_day = f" of {when(str(selection.day))}" if selection.day else ""
    parts = [
        counted(number["claim"], "claim") + of_day + about,
        f"by {counted(number['speaker'], 'speaker')}",
        f"in {counted(number['document'], 'document')}",
    ]
    days = span(rows, selection)
    said = "said " if selection.day else ""
    return ", ".join([*parts, said + days] if days else parts)
