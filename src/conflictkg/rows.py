"""Rows of an answer as Python values, for loops, for data frames and for notebooks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

import pyoxigraph as ox

from conflictkg.errors import ConflictkgError
from conflictkg.queries import Answer
from conflictkg.store import Term
from conflictkg.terms import XSD, shrink

Value = str | int | float | bool | Decimal | date | datetime | None

_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of an answer: IRIs and texts as str, numbers, truth values and dates as such."""

    columns: tuple[str, ...]
    values: tuple[tuple[Value, ...], ...]

    @classmethod
    def of(cls, answer: Answer) -> Rows:
        """Return all rows of an answer."""
        return cls(answer.columns, tuple(tuple(map(value_of, row)) for row in answer.rows))

    def __iter__(self) -> Iterator[dict[str, Value]]:
        for row in self.values:
            yield dict(zip(self.columns, row, strict=True))

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, at: int) -> dict[str, Value]:
        return dict(zip(self.columns, self.values[at], strict=True))

    def to_pandas(self) -> Any:
        """Return a pandas DataFrame. Raises ConflictkgError if pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise _missing("pandas") from error
        return pandas.DataFrame(list(self.values), columns=list(self.columns))

    def to_polars(self) -> Any:
        """Return a polars DataFrame. Raises ConflictkgError if polars is not installed."""
        try:
            import polars
        except ImportError as error:
            raise _missing("polars") from error
        return polars.DataFrame(
            list(self.values), schema=list(self.columns), orient="row", infer_schema_length=None
        )

    def __repr__(self) -> str:
        return f"<Rows: {len(self)} of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{escape(column)}</th>" for column in self.columns)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(_shown(value))}</td>" for value in row) + "</tr>"
            for row in self.values[:_SHOWN]
        )
        more = len(self) - _SHOWN
        rest = f"<p>and {more:,} more rows</p>" if more > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _missing(name: str) -> ConflictkgError:
    return ConflictkgError(f"{name} is not installed", "pip install 'conflictkg[frames]'")


def _shown(value: Value) -> str:
    return "" if value is None else shrink(value) if isinstance(value, str) else str(value)


def value_of(term: Term | None) -> Value:
    """Return a term as a Python value; a literal that is not what its datatype says stays text."""
    if not isinstance(term, ox.Literal):
        return None if term is None else str(getattr(term, "value", term))
    read = _READ.get(term.datatype)
    try:
        return read(term.value) if read else term.value
    except (ValueError, ArithmeticError):
        return term.value


_READ: dict[ox.NamedNode, Any] = {
    XSD.integer: int,
    XSD.decimal: Decimal,
    XSD.double: float,
    XSD.float: float,
    XSD.boolean: lambda text: text in ("true", "1"),
    XSD.date: date.fromisoformat,
    XSD.dateTime: datetime.fromisoformat,
}
