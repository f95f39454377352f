"""What a page is before it becomes bytes: content for people, the same content as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from conflictkg.web.site.paging import Pages

Feature = Mapping[str, Any]
"""A feature of GeoJSON (RFC 7946, section 3.2)."""

MEDIA_TYPES = {
    "html": "text/html",
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "geojson": "application/geo+json",
    "gexf": "application/gexf+xml",
    "graphml": "application/graphml+xml",
}
"""Suffix -> media type, in the order of the site's preference."""

NETWORKS = ("gexf", "graphml")
"""The forms of a network, by suffix."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts and numbers with names of columns; rows can be read once."""

    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its template and what the template shows, and the same as data.

    ``path`` is where it is, without suffix; ``data`` what its JSON says; ``table`` makes the rows
    of its CSV; ``quads`` the quads of its Turtle; ``features`` those of its GeoJSON; ``network``
    the chunks of its network in one of the forms ``networks``. None means that it has no such
    form. ``cut`` is after how many rows its data were cut, None if they are whole. ``parts`` are
    the lists of which page, JSON and Turtle hold a part. ``section`` is the part of the site that
    the navigation marks; ``kind`` goes before the title.
    """

    template: str
    title: str
    content: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""
    kind: str = ""
    section: str = ""
    summary: str = ""
    data: Callable[[], Any] | None = None
    table: Callable[[], Table] | None = None
    quads: Callable[[], Iterable[ox.Quad | ox.Triple]] | None = None
    features: Callable[[], Iterable[Feature]] | None = None
    network: Callable[[str], Iterator[bytes]] | None = None
    networks: Sequence[str] = NETWORKS
    cut: int | None = None
    parts: tuple[Pages, ...] = ()
    status: int = 200

    @property
    def formats(self) -> tuple[str, ...]:
        """The suffixes that the page has besides HTML."""
        made: dict[str, object] = {
            "json": self.data,
            "csv": self.table,
            "tsv": self.table,
            "ttl": self.quads,
            "geojson": self.features,
        }
        made.update(dict.fromkeys(self.networks if self.network else (), self.network))
        return tuple(suffix for suffix in MEDIA_TYPES if made.get(suffix) is not None)


@dataclass(frozen=True, slots=True)
class Moved:
    """Another address for what was asked; ``status`` 303 (see other) or 308 (moved for good)."""

    path: str
    status: int = 303


Result = Page | Moved
