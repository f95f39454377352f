"""Events of the map that stand in the graph as undisputed, with place, time and sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from conflictkg.model import Ref
from conflictkg.reading import Snapshot
from conflictkg.store import Reader, select
from conflictkg.terms import kind
from conflictkg.web.site.selection import Selection

MOST = 300
"""How many events are read at most."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that stands in the graph as undisputed, with its place, its time and its sources.

    ``first`` and ``last`` bound its time; None where that side is open or not known.
    """

    event: Ref
    place: Ref
    when: str
    sources: int
    first: date | None = None
    last: date | None = None

    def lies_on(self, day: date) -> bool:
        """Return whether it can be of a day; what has no time is of none."""
        if not (self.first or self.last):
            return False
        return (self.first or date.min) <= day <= (self.last or date.max)


def read_events(reader: Reader, selection: Selection) -> Iterator[Happening]:
    """Yield the undisputed events of a selection that have a place, by time.

    Nobody speaks them, and they answer no issue: a selection by speaker or issue has none, that of
    an event itself.
    """
    about = selection.about.iri
    of_event = kind(about) == "event"
    if selection.speaker or selection.issue or selection.problems or (about and not of_event):
        return
    within = f"?place schema:containedInPlace* <{selection.place.iri}> ." if selection.place else ""
    itself = f"VALUES ?event {{ <{about}> }}" if of_event else ""
    source = f"VALUES ?given {{ <{selection.source.iri}> }}" if selection.source else ""
    reported = "?source dcterms:publisher? ?given ." if selection.source else ""
    query = f"""SELECT ?event ?place (MIN(?edtf) AS ?when) (MIN(?d) AS ?first) (MAX(?e) AS ?last)
                       (COUNT(DISTINCT ?source) AS ?sources) {{
      {itself} {source} ?event a ckg:Event ; sem:hasPlace ?place . {within}
      ?event dcterms:source ?source . {reported}
      OPTIONAL {{ ?event sem:hasTime ?time . ?time ckg:edtf ?edtf
                 OPTIONAL {{ ?time ckg:earliest ?d }} OPTIONAL {{ ?time ckg:latest ?e }} }}
    }} GROUP BY ?event ?place ORDER BY ?first ?event LIMIT {MOST}"""
    solutions = list(select(reader, query))
    snapshot = Snapshot(reader)
    for column in ("event", "place"):
        snapshot.fetch(row[column] for row in solutions)
    for row in solutions:
        first, last = (
            date.fromisoformat(row[name].value[:10]) if row[name] else None
            for name in ("first", "last")
        )
        if selection.since and (last or date.max) < selection.since:
            continue
        if selection.until and (first or date.max) > selection.until:
            continue
        yield Happening(
            snapshot.ref(row["event"]),
            snapshot.ref(row["place"]),
            row["when"].value if row["when"] else "",
            int(row["sources"].value),
            first,
            last,
        )
