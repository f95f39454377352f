"""The named questions: what each answers and takes, a form, and the answer as a table."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox

from conflictkg import queries
from conflictkg.errors import ConflictkgError
from conflictkg.resolve import LONGEST, shortened
from conflictkg.rows import value_of
from conflictkg.store import with_values
from conflictkg.web.description import of_question
from conflictkg.web.http import Refused, Request, Served
from conflictkg.web.site import query_forms
from conflictkg.web.site.page import Page, Table
from conflictkg.web.site.paging import pages_of
from conflictkg.web.site.query_views import read_columns

SIZE = 100
"""How many rows a page shows; downloads have all."""


def page(request: Request, served: Served) -> Page:
    """Return the list of the named questions."""
    every = list(served.kg.questions())

    def data() -> Any:
        return [
            {
                "name": one.name,
                "summary": one.summary,
                "description": one.description,
                "parameters": one.parameters,
                "example": dict(one.example),
            }
            for one in every
        ]

    return Page(
        "questions.html",
        "Named questions",
        {"every": [(one, _asked(one, dict(one.example))) for one in every]},
        path="/questions",
        section="questions",
        summary="Questions that the graph answers, each with a form and its SPARQL.",
        data=data,
        table=lambda: Table(("name", "summary"), ((one.name, one.summary) for one in every)),
        quads=lambda: chain.from_iterable(of_question(one, request.base) for one in every),
    )


def _asked(asked: queries.NamedQuestion, values: dict[str, str]) -> str:
    return f"/questions/{asked.name}" + (f"?{urlencode(values)}" if values else "")


def one(request: Request, served: Served) -> Page:
    """Return a named question: its form and, when asked, the answer.

    A question is asked when a parameter is given, or when it needs none and ``ask`` is given.
    """
    name = request.path.removeprefix("/questions/")
    if len(name) > LONGEST:
        raise Refused(404, f"there is no question “{shortened(name)}”", "/questions lists them")
    asked = queries.question(name)
    taken = {parameter.name for parameter in asked.parameters}
    given = {
        key: value.strip()
        for key, value in request.parameters()
        if value.strip() and key not in ("page", "ask")
    }
    unknown = [key for key in given if key not in taken]
    if unknown:
        raise Refused(
            400,
            f"{name} does not take “{unknown[0]}”",
            f"it takes {', '.join(sorted(taken)) or 'nothing'}",
        )
    optional = all(not parameter.required for parameter in asked.parameters)
    wanted = bool(given) or bool(request.first("ask")) or not taken
    problem: ConflictkgError | None = None
    rows: list[tuple[Any, ...]] = []
    columns: tuple[str, ...] = ()
    view: tuple[str, ...] = ()
    truncated = False
    if wanted:
        try:
            answer = queries.ask(served.kg.store, asked, given, names=served.kg.names)
            columns, view = answer.columns, answer.view
            most = served.options.max_rows
            for row in answer.rows:
                if most and len(rows) == most:
                    truncated = True
                    break
                rows.append(row)
        except ConflictkgError as error:
            problem = error
    held = read_columns(columns, rows)
    pages = pages_of(request, len(rows), SIZE, "rows")
    shown = [
        [(column, _cell(term)) for column, term in zip(columns, row, strict=True) if column in view]
        for row in rows[pages.start : pages.end]
    ]

    def table() -> Table:
        _raise(problem)
        return Table(columns, ([value_of(term) for term in row] for row in rows))

    def data() -> Any:
        _raise(problem)
        return {
            "question": name,
            "parameters": given,
            "columns": columns,
            "truncated": truncated,
            "rows": [{c: value_of(t) for c, t in zip(columns, row, strict=True)} for row in rows],
        }

    def quads() -> Iterator[ox.Quad | ox.Triple]:
        _raise(problem)
        yield from of_question(asked, request.base)
        found = (term for row in rows for term in row if isinstance(term, ox.NamedNode))
        yield from served.kg.store.describe(dict.fromkeys(found))

    return Page(
        "question.html",
        asked.summary.rstrip("."),
        {
            "asked": asked,
            "given": given,
            "wanted": wanted,
            "optional": optional,
            "problem": problem,
            "view": [column for column in columns if column in view],
            "shown": shown,
            "pages": pages,
            "truncated": truncated,
            "example": _asked(asked, dict(asked.example)),
            "query_page": "/query?" + urlencode({"query": _as_query(asked, given, served)}),
        },
        path=f"/questions/{name}",
        kind="question",
        section="questions",
        summary=asked.summary,
        data=data,
        table=table,
        quads=quads,
        features=query_forms.features(served, rows, held),
        network=query_forms.network(served, rows, held, columns, asked.sparql),
        cut=len(rows) if truncated else None,
        status=200 if problem is None else 400,
    )


def _as_query(asked: queries.NamedQuestion, given: dict[str, str], served: Served) -> str:
    """Return the SPARQL of a question, with the values that were given where they fit."""
    try:
        bound = queries.bind(asked, given, served.kg.names)
    except ConflictkgError:
        return asked.sparql
    return with_values(asked.sparql, bound)


def _raise(problem: ConflictkgError | None) -> None:
    if problem is not None:
        raise problem


def _cell(term: Any) -> dict[str, Any]:
    """Return a term as a cell shows it: text, language, and the node that it leads to."""
    if term is None:
        return {"text": "", "iri": "", "language": "", "number": False}
    if isinstance(term, ox.Literal):
        number = isinstance(value_of(term), (int, float))
        return {
            "text": term.value,
            "iri": "",
            "language": term.language or "",
            "number": number,
        }
    value = str(getattr(term, "value", term))
    return {"text": "", "iri": value, "language": "", "number": False}
