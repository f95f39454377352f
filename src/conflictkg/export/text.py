"""Text as files can hold it: without characters that a format forbids or a program would obey."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from typing import Any

import numpy as np

from conflictkg.network.columns import Array, Coded, Ids, Listed, Numbers

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2, production 2) does not allow; lone surrogates among it."""

_SPACE = re.compile(r"\s+")
_ESCAPED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
    | {mark: f"&#{ord(mark)};" for mark in "\n\r\t"}
)
_BLOCK = 1024
"""How many texts are written at a time."""


def clean(text: str) -> str:
    """Return a text without control characters and lone surrogates.

    >>> clean("a\\x00b\\ud800c")
    'abc'
    """
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Return a text on one line: cleaned, each run of white space one blank.

    >>> one_line(" a\\n\\tb ")
    'a b'
    """
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text
    return _SPACE.sub(" ", clean(text)).strip()


def xml(text: str) -> str:
    """Return a text as the value of an XML attribute in double quotes.

    >>> xml('<a & "b">')
    '&lt;a &amp; &quot;b&quot;&gt;'
    """
    return clean(text).translate(_ESCAPED)


def iso(day: date | None) -> str | None:
    """Return a date as YYYY-MM-DD."""
    return None if day is None else day.isoformat()


def told(control: Sequence[tuple[date | None, date | None, str]]) -> str:
    """Return who is said to hold a place as one text, time by time.

    >>> told([(date(2025, 3, 18), date(2025, 3, 18), "contested (A)"), (None, None, "B (C)")])
    '2025-03-18: contested (A) | always: B (C)'
    """
    return " | ".join(f"{_when(first, last)}: {one_line(text)}" for first, last, text in control)


def _when(first: date | None, last: date | None) -> str:
    if first is None:
        return f"until {last}" if last else "always"
    if last is None:
        return f"since {first}"
    return f"{first}" if first == last else f"{first} to {last}"


def number(value: float) -> str:
    """Return a number as short as it can be read back exactly.

    >>> number(3.0), number(0.25)
    ('3', '0.25')
    """
    return str(int(value)) if value.is_integer() else repr(value)


def kept(make: Callable[..., str]) -> Callable[..., str]:
    """Return a function that makes texts, and that keeps many of those that it made."""
    return lru_cache(maxsize=1 << 16, typed=True)(make)


class Cells:
    """Columns of tables as texts; what recurs is made once, however many parts a table has.

    ``marks`` are what a text must contain, a blank before and behind it, to be made into another:
    printable texts without any of them are taken as they are. ``after`` stands behind each value;
    ``join`` makes one cell of those of several values.
    """

    def __init__(
        self,
        make: Callable[[Any], str],
        marks: Iterable[str] | None = None,
        *,
        after: str = "",
        join: Callable[[Iterable[str]], str] = " ".join,
    ) -> None:
        self._make = make
        self._after = after
        self._join = join
        self._marks = None if marks is None else tuple(marks)
        self._known: dict[int, tuple[Any, Array]] = {}

    def values(self, values: Sequence[Any]) -> Array:
        """Return values that recur as texts."""
        known = self._known.get(id(values))
        if known is None:
            parts = (values[at : at + _BLOCK] for at in range(0, len(values), _BLOCK))
            texts = packed(chain.from_iterable(map(self._texts, parts)))
            texts = texts + self._after if self._after else texts
            known = self._known[id(values)] = (values, texts)
        return known[1]

    def _texts(self, values: Sequence[Any]) -> Iterable[str]:
        plain = self._marks is not None and free_of(self._marks, values)
        return values if plain else map(self._make, values)

    def of(self, column: Sequence[Any]) -> Array:
        """Return the cells of a column as texts."""
        if isinstance(column, Coded):
            return self.values(column.values)[column.numbers]
        if isinstance(column, Listed):
            return by_row(column.starts, self.values(column.values)[column.codes], self._join)
        if isinstance(column, Ids):
            return packed(column)
        if isinstance(column, Numbers):
            return recurring([column], self._make)
        return packed(map(self._make, column))


def packed(texts: Iterable[str]) -> Array:
    """Return texts as an array."""
    return np.array(list(texts), object)


def free_of(marks: Iterable[str], values: Sequence[Any]) -> bool:
    """Say whether values are all texts, printable and, a blank around each, without some marks.

    >>> free_of([",", " ="], ["a=b", "c"]), free_of([",", " ="], ["c", "=b"])
    (True, False)
    """
    if not set(map(type, values)) <= {str}:
        return False
    whole = " ".join(["", *values, ""])
    return whole.isprintable() and not any(mark in whole for mark in marks)


def recurring(columns: Sequence[Sequence[Any]], make: Callable[..., str]) -> Array:
    """Return the text of each row of packed columns, made once for each combination of cells."""
    numbers = [column for column in columns if isinstance(column, Numbers)]
    assert len(numbers) == len(columns)
    first, codes = _numbered({id(column.numbers): column.numbers for column in numbers}.values())
    cells = (map(column.meaning, column.numbers[first].tolist()) for column in numbers)
    return packed(map(make, *cells))[codes]


def _numbered(columns: Iterable[Array]) -> tuple[Array, Array]:
    """Number the combinations of cells: the first row of each, and the number of each row."""
    whole: Array = np.zeros(1, np.int64)
    size = 1
    for column in columns:
        codes = (
            column - column.min() if len(column) and column.dtype.kind == "i" else _ranks(column)
        )
        count = int(codes.max(initial=0)) + 1
        if size * count >= 1 << 62:
            whole, codes = _ranks(whole), _ranks(codes)
            size, count = int(whole.max(initial=0)) + 1, int(codes.max(initial=0)) + 1
        whole, size = whole * count + codes, size * count
    if size > _SMALL:
        _, first, numbers = np.unique(whole, return_index=True, return_inverse=True)
        return first, numbers
    first = np.full(size, -1)
    first[whole[::-1]] = np.arange(len(whole))[::-1]
    found = first >= 0
    return first[found], (np.cumsum(found) - 1)[whole]


_SMALL = 1 << 16
"""So many combinations are numbered by a table rather than by sorting."""


def _ranks(values: Array) -> Array:
    """Return for each value its place among the distinct ones."""
    _, places = np.unique(values, return_inverse=True)
    return places


def by_row(starts: Array, texts: Array, join: Callable[[Iterable[str]], str]) -> Array:
    """Return texts joined row by row: row n has those from ``starts[n]`` up to the next."""
    lengths = np.diff(starts)
    one = lengths == 1
    if one.all():
        return texts
    rows = np.full(len(lengths), "", object)
    rows[one] = texts[starts[:-1][one]]
    for at in np.flatnonzero(lengths > 1).tolist():
        rows[at] = join(texts[starts[at] : starts[at + 1]])
    return rows


def lines(*columns: Array | str) -> Iterator[bytes]:
    """Yield rows of cells as UTF-8, some hundreds at a time; a bare text stands in every row."""
    count = max(len(column) for column in columns if not isinstance(column, str))
    for begin in range(0, count, _BLOCK):
        some = np.empty((min(_BLOCK, count - begin), len(columns)), object)
        for at, column in enumerate(columns):
            some[:, at] = column if isinstance(column, str) else column[begin : begin + _BLOCK]
        yield "".join(some.ravel().tolist()).encode()


def encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield texts as UTF-8, some hundreds at a time."""
    waiting = iter(pieces)
    while some := list(islice(waiting, _BLOCK)):
        yield "".join(some).encode()


def about(meta: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what a projection's meta says, as pairs of texts; what is not set is left out.

    The query comes last.
    """
    for key, value in meta.items():
        if key == "query" or value in (None, False, {}, "", "none"):
            continue
        if isinstance(value, dict):
            value = ", ".join(f"{name}: {count:,}" for name, count in value.items())
        yield key.replace("_", " "), str(value)
    yield "query", str(meta.get("query", ""))
