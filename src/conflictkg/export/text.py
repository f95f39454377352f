"""Text as files can hold it: without characters that a format forbids or a program would obey."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from conflictkg.network.columns import Coded, Days, Listed, Plain, day_of

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (section 2.2, production 2) does not allow; lone surrogates among it."""

_SPACE = re.compile(r"\s+")
_ESCAPED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
    | {mark: f"&#{ord(mark)};" for mark in "\n\r\t"}
)
_BLOCK = 1 << 16


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


class Texts(dict[Any, str]):
    """Texts by the value that they stand for, each made when it is first needed."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        self._make = make

    def __missing__(self, value: Any) -> str:
        text = self[value] = self._make(value)
        return text


class Cells:
    """Columns of tables as texts; what recurs is made once, however many parts a table has."""

    def __init__(self, make: Callable[[Any], str]) -> None:
        self._make = make
        self._known: dict[int, tuple[Any, Sequence[str]]] = {}
        self._days = Texts(lambda number: make(day_of(number)))
        self._numbers = Texts(make)

    def values(self, values: Sequence[Any]) -> Sequence[str]:
        """Return values that recur as texts."""
        known = self._known.get(id(values))
        if known is None:
            known = self._known[id(values)] = (values, list(map(self._make, values)))
        return known[1]

    def of(self, column: Sequence[Any]) -> Iterable[str]:
        """Return the cells of a column as texts."""
        if isinstance(column, Coded):
            return map(self.values(column.values).__getitem__, column.codes)
        if isinstance(column, Days):
            return map(self._days.__getitem__, column.numbers)
        if isinstance(column, Listed):
            return column.joined(self.values(column.values))
        if isinstance(column, Plain):
            return column
        return map(self._numbers.__getitem__ if isinstance(column, array) else self._make, column)


def encoded(pieces: Iterable[str]) -> Iterator[bytes]:
    """Yield texts as UTF-8, joined into blocks of some size."""
    waiting: list[str] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= _BLOCK:
            yield "".join(waiting).encode()
            waiting, length = [], 0
    if waiting:
        yield "".join(waiting).encode()


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
