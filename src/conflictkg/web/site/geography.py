"""Where places lie on a map: by their own coordinates, or, marked as such, near those of others.

Web Mercator as in OGC Simple Features EPSG:3857, with the world UNITS wide.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from conflictkg.store import Reader, select
from conflictkg.web.site.page import Feature

UNITS = 1_000_000
REGION = (19.0, 43.0, 52.0, 60.0)
"""West, south, east and north, in degrees, of where the base map is drawn finely."""

COUNTRIES = (
    ("Ukraine", 34.3, 50.35),
    ("Russia", 37.5, 51.1),
    ("Ukraine", 31.2, 48.6),
    ("Russia", 41.5, 54.0),
    ("Belarus", 27.9, 53.6),
)
"""Where the names of countries stand: name, longitude, latitude; some twice, for close views."""

_POINT = re.compile(r"POINT\s*\(\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*\)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a place is drawn: degrees, and how that is known ("" for its own coordinates)."""

    longitude: float
    latitude: float
    basis: str = ""

    @property
    def mercator(self) -> tuple[float, float]:
        """The position in Web Mercator, from the upper left, in UNITS."""
        return mercator(self.longitude, self.latitude)

    def feature(self, label: str, **properties: Any) -> Feature:
        """Return what is here as a feature of GeoJSON, which says how its position is known."""
        return {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [self.longitude, self.latitude]},
            "properties": {
                "label": label,
                "approximate": bool(self.basis),
                "position": self.basis or "own coordinates",
                **properties,
            },
        }


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Return a position in Web Mercator; the poles are cut off at 85.05 degrees.

    >>> [round(part) for part in mercator(0, 0)]
    [500000, 500000]
    """
    angle = math.radians(max(-85.05, min(85.05, latitude)))
    y = 0.5 - math.log(math.tan(math.pi / 4 + angle / 2)) / (2 * math.pi)
    return (longitude / 360 + 0.5) * UNITS, y * UNITS


def point(wkt: str) -> tuple[float, float] | None:
    """Return longitude and latitude of a WKT point, or None if it is none on the globe.

    >>> point("POINT(35.2 50.9)")
    (35.2, 50.9)
    """
    found = _POINT.search(wkt)
    if not found:
        return None
    longitude, latitude = float(found[1]), float(found[2])
    return (longitude, latitude) if abs(longitude) <= 180 and abs(latitude) <= 90 else None


_POINTS = "SELECT DISTINCT ?place ?wkt { ?place geo:hasGeometry ?shape . ?shape geo:asWKT ?wkt }"
_WITHIN = """SELECT DISTINCT ?part ?whole ?name ?type {
  ?part schema:containedInPlace ?whole
  OPTIONAL { ?whole skos:prefLabel ?name FILTER(LANG(?name) = "en") }
  OPTIONAL { ?whole dcterms:type ?type } }"""
_COUNTRY = "/place-type/country"


def positions(reader: Reader, places: Iterable[str]) -> dict[str, Position]:
    """Return where some places (IRIs) are drawn; those that cannot be placed are left out.

    A place without coordinates stands in the middle of the places in it that have some, or else
    where the nearest place that it lies in stands; countries are too large for either.
    """
    own: dict[str, tuple[float, float]] = {}
    for row in select(reader, _POINTS):
        at = point(row["wkt"].value)
        if at:
            own[row["place"].value] = at
    parents: dict[str, set[str]] = {}
    children: dict[str, set[str]] = {}
    names: dict[str, str] = {}
    countries: set[str] = set()
    for row in select(reader, _WITHIN):
        part, whole = row["part"].value, row["whole"].value
        parents.setdefault(part, set()).add(whole)
        children.setdefault(whole, set()).add(part)
        if row["name"]:
            names[whole] = row["name"].value
        if row["type"] and row["type"].value.endswith(_COUNTRY):
            countries.add(whole)

    def inside(place: str) -> Position | None:
        seen, waiting = {place}, [place]
        while waiting:
            for part in children.get(waiting.pop(), ()):
                if part not in seen:
                    seen.add(part)
                    waiting.append(part)
        points = [own[part] for part in sorted(seen) if part in own]
        if not points or place in countries:
            return None
        basis = "no coordinates of its own: drawn where the one place in it that has some lies"
        if len(points) > 1:
            basis = f"no coordinates of its own: drawn amid the {len(points)} in it that have some"
        return Position(*_middle(points), basis)

    def found(place: str) -> Position | None:
        if place in own:
            return Position(*own[place])
        position = inside(place)
        level, seen = {place}, {place}
        while position is None and level:
            level = {whole for part in level for whole in parents.get(part, ())} - seen - countries
            seen |= level
            for whole in sorted(level):
                above = Position(*own[whole]) if whole in own else inside(whole)
                if above:
                    basis = f"no coordinates: somewhere in {names.get(whole, 'a larger area')}"
                    return Position(above.longitude, above.latitude, basis)
        return position

    placed = ((place, found(place)) for place in dict.fromkeys(places))
    return {place: position for place, position in placed if position}


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    longitudes, latitudes = zip(*points, strict=True)
    return (
        round((min(longitudes) + max(longitudes)) / 2, 4),
        round((min(latitudes) + max(latitudes)) / 2, 4),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the world that a map shows: its corner and its sides, in Mercator units."""

    x: float
    y: float
    width: float
    height: float

    @property
    def region(self) -> bool:
        """Whether all of it is drawn finely."""
        left, top = mercator(REGION[0], REGION[3])
        right, bottom = mercator(REGION[2], REGION[1])
        return (
            left <= self.x
            and self.x + self.width <= right
            and top <= self.y
            and self.y + self.height <= bottom
        )


def frame(shown: Iterable[Position], *, ratio: float = 1.6) -> Frame:
    """Return a frame, ``ratio`` times as wide as high, around positions.

    Where some lie in REGION, those outside are left out of the frame: one far place would make
    all others a single dot. At least 150 km or so are shown, 3,000 where the base is coarse.
    """
    found = list(shown)
    west, south, east, north = REGION
    near = [one for one in found if west < one.longitude < east and south < one.latitude < north]
    points = [one.mercator for one in near or found] or [mercator(35.5, 50.7)]
    xs, ys = zip(*points, strict=True)
    least = 4000.0 if near or not found else 80_000.0
    width = max(max(xs) - min(xs), least) * 1.25
    height = max(max(ys) - min(ys), least / ratio) * 1.3
    width, height = max(width, height * ratio), max(height, width / ratio)
    return Frame((min(xs) + max(xs) - width) / 2, (min(ys) + max(ys) - height) / 2, width, height)


def base(shown: Frame, width: float) -> dict[str, Any]:
    """Return how the base map is drawn under a frame that is ``width`` units wide.

    ``detail`` is which lines of ``static/data/base.svg``, ``transform`` how they are moved and
    scaled, ``countries`` the names that lie in the frame, each as x, y and name.
    """
    scale = width / shown.width
    return {
        "detail": "region" if shown.region else "world",
        "transform": f"scale({scale:.6g}) translate({-shown.x:.1f} {-shown.y:.1f})",
        "countries": [
            (round((x - shown.x) * scale, 1), round((y - shown.y) * scale, 1), name)
            for name, longitude, latitude in COUNTRIES
            for x, y in [mercator(longitude, latitude)]
            if shown.x < x < shown.x + shown.width and shown.y < y < shown.y + shown.height
        ],
    }
