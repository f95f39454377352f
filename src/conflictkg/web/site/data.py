"""A page as data: the forms that its suffixes and the Accept field name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, is_dataclass
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox

from conflictkg.terms import PREFIXES
from conflictkg.web.http import Request, Response
from conflictkg.web.serialising import TRUNCATED
from conflictkg.web.site.page import MEDIA_TYPES, Page, Table
from conflictkg.web.site.rendering import address

_CHUNK = 64 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def serialised(page: Page, form: str, request: Request) -> Response:
    """Return a page in one of its forms.

    A page that was cut says so, see ``serialising``; a part of a list leads to the other parts, by
    the Link field (RFC 8288) and, in JSON, by ``next``: what is paged -> the address.
    """
    media_type = MEDIA_TYPES[form]
    body: bytes | Iterator[bytes]
    links: list[str] = []
    if form in PARTIAL:
        for rel in ("prev", "next"):
            found = _neighbours(page, form, request, rel)
            links += [f'<{to}>; rel="{rel}"; title="{noun}"' for noun, to in found.items()]
    if form == "json" and page.data is not None:
        told = page.data()
        if page.parts:
            told = {**told, "next": _neighbours(page, form, request, "next")}
        body = as_json(told)
    elif form in ("csv", "tsv") and page.table is not None:
        body, media_type = as_table(page.table(), form, page.cut), f"{media_type}; charset=utf-8"
    elif form == "ttl" and page.quads is not None:
        triples = {quad.triple if isinstance(quad, ox.Quad) else quad for quad in page.quads()}
        buffer = io.BytesIO()
        some = sorted(triples, key=str)
        ox.serialize(some, buffer, format=ox.RdfFormat.TURTLE, prefixes=dict(PREFIXES))
        body = buffer.getvalue()
    elif form == "geojson" and page.features is not None:
        body = as_json({"type": "FeatureCollection", "features": list(page.features())})
    elif form in page.networks and page.network is not None:
        body = page.network(form)
    else:
        raise AssertionError(f"{page.path} has no {form}")
    cut = ((TRUNCATED, str(page.cut)),) if page.cut is not None else ()
    linked = (("Link", ", ".join(links)),) if links else ()
    return Response(200, media_type, body, (("Vary", "Accept"), *cut, *linked))


PARTIAL = ("json", "ttl")
"""The forms that hold a part where a page has parts; tables hold all, since they are streamed."""


def _neighbours(page: Page, form: str, request: Request, rel: str) -> dict[str, str]:
    """Return the addresses of the parts before or after, by what is paged."""
    found = {}
    root = urlsplit(request.base).path
    for pages in page.parts:
        number = pages.after if rel == "next" else pages.before
        if number:
            shown = number if number > 1 else ""
            to = address(f"{root}{page.path}.{form}", request.query, **{pages.name: shown})
            found[pages.noun] = to
    return found


def as_json(value: Any) -> bytes:
    """Return a value as JSON; dataclasses become objects, all else that JSON lacks text."""
    return (json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)


def as_table(table: Table, form: str, cut: int | None = None) -> Iterator[bytes]:
    """Yield a table as CSV (RFC 4180) or TSV, some tens of kilobytes at a time.

    ``cut``: after how many rows it was cut, which a last row says; None if it is whole.
    Texts that a spreadsheet would run as a formula get an apostrophe in front (CSV injection).
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter="," if form == "csv" else "\t", lineterminator="\r\n")
    writer.writerow(table.columns)
    for row in table.rows:
        writer.writerow([_harmless(value) for value in row])
        if buffer.tell() > _CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    if cut is not None:
        blanks = [""] * (len(table.columns) - 1)
        writer.writerow([f"# truncated after {cut} rows", *blanks])
    yield buffer.getvalue().encode()


def _harmless(value: Any) -> Any:
    text = "" if value is None else value
    return f"'{text}" if isinstance(text, str) and text.startswith(_FORMULA) else text
