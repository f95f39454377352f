"""Templates: one environment, everything escaped, the vocabulary that all templates share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from conflictkg.terms import shrink
from conflictkg.web.http import Request, Response
from conflictkg.web.site import figures, links, markup, sides, speaking, words
from conflictkg.web.site.page import MEDIA_TYPES, Page
from conflictkg.words import counted, in_words

TEMPLATES = Path(__file__).parent.parent / "templates"

POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""The Content-Security-Policy of every page; nothing inline runs, nothing comes from elsewhere."""

HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Vary", "Accept"),
)

SECTIONS = (
    ("speakers", "/speakers", "Speakers"),
    ("issues", "/issues", "Issues"),
    ("places", "/places", "Places"),
    ("events", "/events", "Events"),
    ("documents", "/documents", "Documents"),
    ("map", "/map", "Map"),
    ("timeline", "/timeline", "Timeline"),
    ("network", "/network", "Network"),
    ("questions", "/questions", "Questions"),
    ("query", "/query", "Query"),
)
"""The parts of the site that the navigation lists: name, path, label."""


@cache
def environment() -> Environment:
    """Return the one environment; templates are compiled when first used and then kept."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        when=words.when,
        said=words.said,
        apart=words.apart,
        camel=words.camel,
        dated=words.dated,
        machine_date=words.machine_date,
        in_words=in_words,
        quoted=words.quoted,
        language=words.language,
        href=links.href,
        page_of=links.page_of,
        anchor=links.anchor,
        outside=links.outside,
        host=links.host,
        kind_of=links.kind_of,
        curie=shrink,
        side=sides.side_of,
        readings=speaking.readings,
    )
    made.globals.update(
        counted=counted,
        sides=tuple(sides.SIDES.values()),
        other_side=sides.OTHER,
        sections=SECTIONS,
        media_types=MEDIA_TYPES,
        percent=figures.percent,
        markup=markup,
    )
    return made


def compile_templates() -> None:
    """Compile all templates, so that workers that are forked afterwards need not."""
    made = environment()
    for name in made.list_templates(extensions=("html",)):
        made.get_template(name)


def address(path: str, query: str = "", **changed: object) -> str:
    """Return an address with some parameters of a query string changed; "" or None drops one."""
    kept = [(k, v) for k, v in parse_qsl(query, keep_blank_values=False) if k not in changed]
    kept += [(name, str(value)) for name, value in changed.items() if value not in ("", None)]
    return f"{path}?{urlencode(kept)}" if kept else path


def render(page: Page, request: Request, more: Mapping[str, Any] | None = None) -> Response:
    """Return a page as HTML."""

    def here(**changed: object) -> str:
        return address(page.path or request.path, request.query, **changed)

    def as_format(suffix: str) -> str:
        root = page.path or request.path
        return address(("/index" if root == "/" else root) + f".{suffix}", request.query)

    text = (
        environment()
        .get_template(page.template)
        .render(
            page=page, request=request, here=here, as_format=as_format, **page.content, **more or {}
        )
    )
    if prefix := urlsplit(request.base).path:
        text = below(prefix, text)
    return Response(page.status, "text/html; charset=utf-8", text.encode(), HEADERS)


_LINK = re.compile(r'(\s(?:href|src|action)=")(/(?!/))')
_DATA = re.compile(r'<script [^>]*type="application/json".*?</script>', re.DOTALL)
_PATH = re.compile(r'(?<!\\)"(/(?!/)[^"\s]*")')


def below(prefix: str, text: str) -> str:
    """Return a page whose links to this site lead below a path, as a proxy has it.

    Attributes are told from text by their quotes, which text has escaped; in data for scripts a
    text that is a path and nothing else is a link.

    >>> below("/kg", '<a href="/map">href="/map" //</a>'.replace('"/map" //', "&#34;/map&#34;"))
    '<a href="/kg/map">href=&#34;/map&#34;</a>'
    """
    linked = _LINK.sub(lambda found: f"{found[1]}{prefix}{found[2]}", text)
    return _DATA.sub(lambda data: _PATH.sub(lambda path: f'"{prefix}{path[1]}', data[0]), linked)
