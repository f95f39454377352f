"""The small things that every page is made of, as HTML: links, stances, counts, dates, sources.

A page has hundreds of them and few that differ, so each is made once and kept: a macro of the
templates would be called anew for each. Whatever comes from the graph is escaped by ``Markup``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from markupsafe import Markup

from conflictkg.model import Document, Ref
from conflictkg.values import ImpreciseTime
from conflictkg.web.site.links import host, href, outside
from conflictkg.web.site.sides import Side, side_of
from conflictkg.web.site.words import apart, dated, language, machine_date, when
from conflictkg.words import counted, in_words

KEPT = 4096
"""How many of each are kept at most."""


@lru_cache(KEPT)
def thing(ref: Ref, style: str = "") -> Markup:
    """Return a thing by its name, as a link where it leads somewhere; ``style`` is a class."""
    to = href(ref.iri)
    if to.startswith("/"):
        styled = Markup(' class="{}"').format(style) if style else ""
        return Markup('<a href="{}"{}>{}</a>').format(to, styled, dated(ref))
    if to:
        away = '<a href="{}" rel="nofollow noopener" class="outside {}">{}</a>'
        return Markup(away).format(to, style, dated(ref))
    styled = Markup(' class="{}"').format(style) if style else ""
    return Markup("<span{}>{}</span>").format(styled, ref)


@lru_cache(KEPT)
def mark(side: Side) -> Markup:
    """Return the shape of a side in its colour."""
    return Markup(
        '<svg class="mark side-{0}" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        '<use href="#mark-{0}"/></svg>'
    ).format(side.name)


@lru_cache(KEPT)
def stance(attitude: str, certainty: str = "") -> Markup:
    """Return a stance: shape, colour and word of its side, and how sure where that is told."""
    side = side_of(attitude)
    sure: str | Markup = ""
    if certainty and certainty not in ("certain", "notStated"):
        sure = Markup('<span class="sure">, {}</span>').format(in_words(certainty))
    made = Markup('<span class="stance side-{}">{}{}{}</span>')
    return made.format(side.name, mark(side), side.label, sure)


@lru_cache(KEPT)
def count(number: int, noun: str = "document", plural: str = "") -> Markup:
    """Return a number of things as pages show how many sources there are."""
    made = Markup('<span class="count{}">{}</span>')
    return made.format("" if number else " none", counted(number, noun, plural))


@lru_cache(KEPT)
def date(edtf: str) -> Markup:
    """Return an EDTF date in words, for machines too where it is a plain one."""
    machine = machine_date(edtf)
    if machine:
        return Markup('<time datetime="{}">{}</time>').format(machine, when(edtf))
    return Markup('<span class="when">{}</span>').format(when(edtf))


def dates(times: Iterable[ImpreciseTime]) -> Markup:
    """Return the dates that documents give to one statement, each once."""
    found = [date(time.edtf) for time in apart(times)]
    return Markup(" or ").join(found) or Markup('<span class="when">date unknown</span>')


@lru_cache(KEPT)
def source(document: Document) -> Markup:
    """Return one line for a document: outlet, date, language, and the page itself."""
    tongue = document.language
    hreflang = Markup(' hreflang="{}"').format(tongue) if tongue else ""
    made = Markup('<cite><a href="{}"{}>{}</a></cite>').format(
        href(document.iri), hreflang, document.publisher.label or "Document"
    )
    if document.published:
        made += Markup(", {}").format(date(document.published.edtf))
    if tongue and tongue != "en":
        made += Markup(' <span class="tongue">{}</span>').format(language(tongue))
    away = outside(document.url)
    if away:
        made += Markup(
            ' <a class="outside" href="{}" rel="nofollow noopener external"{}>{}'
            '<span class="unseen"> (the page itself, “{}”)</span></a>'
        ).format(away, hreflang, host(away), document.title)
    return made
