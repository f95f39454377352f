"""Where the coordinates of a place come from: source, identifier and licence."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from conflictkg.model import Ref
from conflictkg.store import Reader, select

_ORIGIN = """SELECT ?place ?source ?identifier ?license ?note {
  ?place geo:hasGeometry ?shape . ?shape dcterms:source ?source
  OPTIONAL { ?shape dcterms:identifier ?identifier }
  OPTIONAL { ?shape dcterms:license ?license }
  OPTIONAL { ?shape skos:note ?note }
} ORDER BY ?source ?identifier ?license ?note LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Origin:
    """The source of coordinates, what it has them under, its licence, and what the point is."""

    source: Ref
    identifier: str = ""
    license: str = ""
    note: str = ""


def origin_of(reader: Reader, place: ox.NamedNode) -> Origin | None:
    """Return where the coordinates of a place come from, or None if it has none of its own."""
    for row in select(reader, _ORIGIN, {"place": place}):
        cells = (row[name] for name in ("source", "identifier", "license", "note"))
        source, *others = (cell.value if cell else "" for cell in cells)
        return Origin(Ref(source), *others)
    return None
