"""What a selection gives as a file: its places as GeoJSON, its network for Gephi and others.

A page says what it is about as a selection. What has no place, or no edge, has no such form: that
is found out by the first that there is, so that a page costs the same as without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from conflictkg.export import chunks
from conflictkg.network import project
from conflictkg.store import Reader, select
from conflictkg.web.http import Served
from conflictkg.web.site.accounts import HEARD, NAMES, TAKEN, anchors, read_accounts
from conflictkg.web.site.happenings import read_events
from conflictkg.web.site.marks import features_of
from conflictkg.web.site.page import Feature
from conflictkg.web.site.places import every_position
from conflictkg.web.site.selection import Selection

Features = Callable[[], Iterator[Feature]]
Network = Callable[[str], Iterator[bytes]]

_KINDS = "ckg:Person ckg:Organization ckg:Unit ckg:Place ckg:Event"
_EDGES = {
    "claims": f"{TAKEN} ?stance ckg:attitude ?side FILTER(?side != attitude:leavesOpen)",
    "mentions": f"""{TAKEN} ?statement ckg:expresses/ckg:onClaim ?beside .
        ?claim {NAMES} ?one . ?beside {NAMES} ?other FILTER(?one != ?other)
        ?one a ?kind . VALUES ?kind {{ {_KINDS} }} ?other a ?like . VALUES ?like {{ {_KINDS} }}""",
    "attribution": "?report ckg:reports ?statement ; ckg:inDocument ?document",
}
"""Projection -> the pattern of what makes an edge of a selection."""


def features(served: Served, selection: Selection) -> Features | None:
    """Return what makes the places of a selection, as the map has them; None if it has none."""
    reader = served.kg.store
    if not placed(served, _places(reader, selection)):
        return None

    def made() -> Iterator[Feature]:
        most = served.options.max_rows or 10**9
        rows = read_accounts(reader, selection, placed=True, most=most).rows
        return features_of(reader, rows, tuple(read_events(reader, selection)))

    return made


def placed(served: Served, places: Iterable[str]) -> bool:
    """Return whether any of some places (IRIs) can be drawn; no more are looked at than needed."""
    return not every_position(served).keys().isdisjoint(places)


def _places(reader: Reader, selection: Selection) -> Iterator[str]:
    """Yield the places of a selection: those that claims are about, then those of events."""
    pattern = f"{anchors(selection, placed=True)} {TAKEN} GRAPH ?graph {{ {HEARD} }}"
    rows = select(reader, f"SELECT DISTINCT ?spot {{ {pattern} }}")
    yield from (row["spot"].value for row in rows)
    yield from (event.place.iri for event in read_events(reader, selection))


def network(served: Served, selection: Selection, name: str) -> Network | None:
    """Return what writes a projection of a selection in a format; None if it has no edge.

    The network of a claim, a statement or another thing is that of the part of the graph around.
    """
    about = anchors(selection, placed=False)
    if selection.place:
        about = f"?spot schema:containedInPlace* <{selection.place.iri}> . ?claim {NAMES} ?spot ."
    pattern = f"{about} {_EDGES[name]}"
    if not any(select(served.kg.store, f"SELECT ?statement {{ {pattern} }} LIMIT 1")):
        return None

    def made(form: str) -> Iterator[bytes]:
        part = served.kg.subgraph(selection.about) if selection.about else served.kg
        return written(part.store, selection, name)(form)

    return made


def written(reader: Reader, selection: Selection, name: str) -> Network:
    """Return what writes a projection, kept to the filters of a selection, in a format."""
    return lambda form: chunks(project(reader, name, **selection.filters()), form)
