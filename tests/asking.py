"""Pages asked of the site without a server, as a worker makes them."""

from __future__ import annotations

import json
import re
from html import unescape
from urllib.parse import urlencode

from conflictkg.graph import ConflictGraph
from conflictkg.web.http import Request, Response, Served
from conflictkg.web.site import answer


def asked(kg: ConflictGraph, path: str, **fields: str) -> Response:
    query = urlencode({name.rstrip("_"): value for name, value in fields.items()})
    return answer(Request("GET", path, query, base="http://127.0.0.1:7979"), Served(kg))


def text_of(response: Response) -> str:
    body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    return body.decode()


def data_of(response: Response, name: str) -> dict[str, object]:
    """Return the data that a page holds for its script."""
    found = re.search(rf'id="{name}">(.*?)</script>', text_of(response), re.DOTALL)
    assert found
    value: dict[str, object] = json.loads(found[1])
    return value


def section_of(page: str, name: str) -> str:
    """Return a section of a page as text."""
    found = page[page.index(f'<section id="{name}">') :]
    text = re.sub(r"<[^>]+>", " ", found[: found.index("</section>")])
    return " ".join(unescape(text).split())
