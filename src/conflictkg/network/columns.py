"""Tables as tuples of columns, and columns that take four bytes a cell rather than an object."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any, overload

from conflictkg.errors import ConflictkgError

NEVER = 0
"""The day number of a time without a beginning."""
FOREVER = date.max.toordinal()
"""The day number of a time without an end."""


class Column(Sequence[Any]):
    """A column whose cells are made when they are looked at, from packed data."""

    __slots__ = ("_cell", "_length")

    def __init__(self, length: int, cell: Callable[[int], Any]) -> None:
        self._length = length
        self._cell = cell

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return [self._cell(one) for one in range(*at.indices(self._length))]
        if not -self._length <= at < self._length:
            raise IndexError(at)
        return self._cell(at % self._length)

    def __iter__(self) -> Iterator[Any]:
        return map(self._cell, range(self._length))

    def __repr__(self) -> str:
        shown = ", ".join(repr(value) for value in self[:5])
        return f"<Column of {self._length:,}: {shown}{', ...' if self._length > 5 else ''}>"


class Coded(Column):
    """A column of values that recur, each cell a code: its place among the values."""

    __slots__ = ("codes", "values")

    def __init__(self, values: Sequence[Any], codes: Sequence[int]) -> None:
        super().__init__(len(codes), lambda at: values[codes[at]])
        self.values = values
        self.codes = codes

    def __iter__(self) -> Iterator[Any]:
        return map(self.values.__getitem__, self.codes)


class Plain(list[str]):
    """A column of texts that no format has to change: letters, digits and colons."""

    __slots__ = ()


class Days(Column):
    """A column of dates, or of None where a day is not known, packed as day numbers."""

    __slots__ = ("numbers",)

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(len(numbers), lambda at: day_of(numbers[at]))
        self.numbers = numbers

    def __iter__(self) -> Iterator[Any]:
        return map(day_of, self.numbers)


class Listed(Column):
    """A column of tuples of values that recur, such as the evidence of edges.

    The codes of row n are those from ``starts[n]`` up to ``starts[n + 1]``; each is given once, in
    the order of the values, and -1 stands for none.
    """

    __slots__ = ("codes", "starts", "values")

    def __init__(self, values: Sequence[Any], starts: Sequence[int], codes: Sequence[int]) -> None:
        super().__init__(len(starts) - 1, self._row)
        self.values = values
        self.starts = starts
        self.codes = codes

    def _row(self, at: int) -> tuple[Any, ...]:
        some = set(self.codes[self.starts[at] : self.starts[at + 1]])
        return tuple(self.values[code] for code in sorted(some) if code >= 0)

    def joined(self, values: Sequence[str], between: str = " ") -> Iterator[str]:
        """Yield each row as one text; ``values`` are the values as text."""
        if len(self.codes) == self._length and min(self.codes, default=0) >= 0:
            yield from map(values.__getitem__, self.codes)
            return
        for begin, end in pairwise(self.starts):
            if end - begin == 1:
                code = self.codes[begin]
                yield values[code] if code >= 0 else ""
            else:
                some = sorted(set(self.codes[begin:end]))
                yield between.join(values[code] for code in some if code >= 0)


@lru_cache(maxsize=65536)
def day_of(number: int) -> date | None:
    """Return the day of a day number (proleptic Gregorian ordinal); None for an open side."""
    return None if number in (NEVER, FOREVER) else date.fromordinal(number)


Spell = tuple[date | None, date | None]
"""The first and the last day of a time; None where that side is open."""


def merged(spells: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return intervals of day numbers sorted, those that overlap or adjoin joined.

    >>> merged([(5, 6), (1, 2), (3, 3), (9, 9)])
    ((1, 3), (5, 6), (9, 9))
    """
    if len(spells) == 1:
        return (spells[0],)
    found: list[tuple[int, int]] = []
    for first, last in sorted(spells):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def spells_of(intervals: Sequence[tuple[int, int]]) -> tuple[Spell, ...]:
    """Return merged intervals as dates; what is open on both sides is no spell."""
    return tuple(
        (day_of(first), day_of(last))
        for first, last in merged(intervals)
        if (first, last) != (NEVER, FOREVER)
    )


class Spells(Column):
    """A column of spells, made of intervals of day numbers: those of row n by ``intervals(n)``.

    The row of one interval, by ``starts``, has that from its ``first`` day to its ``last``.
    """

    __slots__ = ("first", "intervals", "last", "starts")

    def __init__(
        self,
        first: Sequence[int],
        last: Sequence[int],
        starts: Sequence[int],
        intervals: Callable[[int], Sequence[tuple[int, int]]],
    ) -> None:
        super().__init__(len(first), lambda at: spells_of(intervals(at)))
        self.first = first
        self.last = last
        self.starts = starts
        self.intervals = intervals

    def texts(self, known: Mapping[tuple[tuple[int, int], ...], str]) -> Iterator[str]:
        """Yield each row as text, by its merged intervals."""
        begins, ends = self.starts, islice(self.starts, 1, None)
        for at, (begin, end, days) in enumerate(
            zip(begins, ends, zip(self.first, self.last, strict=True), strict=False)
        ):
            yield known[(days,) if end - begin == 1 else merged(self.intervals(at))]


class Unions(Column):
    """A column of spells, each made of packed spans, sorted and disjoint: see ``span``."""

    __slots__ = ("spans",)

    def __init__(self, length: int, spans: Callable[[int], Sequence[int]]) -> None:
        super().__init__(length, lambda at: tuple(map(spell_of, spans(at))))
        self.spans = spans


_SHIFT = FOREVER + 1
"""What the first day of a time is multiplied with, so that one number holds both days."""


def span(first: int, last: int) -> int:
    """Return an interval of day numbers as one number, in whose order it sorts."""
    return first * _SHIFT + last


def spell_of(number: int) -> Spell:
    """Return a span as dates."""
    first, last = divmod(number, _SHIFT)
    return (day_of(first), day_of(last))


def united(spans: Iterable[int]) -> list[int]:
    """Return spans sorted, those that overlap or adjoin joined; see ``merged``."""
    found: list[int] = []
    begin, end = NEVER, NEVER - 2
    for number in sorted(spans):
        first, last = divmod(number, _SHIFT)
        if first > end + 1:
            if end >= begin:
                found.append(begin * _SHIFT + end)
            begin, end = first, last
        elif last > end:
            end = last
    if end >= begin:
        found.append(begin * _SHIFT + end)
    return found


class Table:
    """An immutable table: columns by name, all of one length; rows are made when they are read."""

    __slots__ = ("_data", "_length", "columns")

    def __init__(self, data: Mapping[str, Sequence[Any]]) -> None:
        self._data = dict(data)
        self.columns = tuple(self._data)
        self._length = len(next(iter(self._data.values()), ()))

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, column: str) -> Sequence[Any]:
        try:
            return self._data[column]
        except KeyError:
            raise ConflictkgError(
                f"there is no column “{column}”", f"the columns are: {', '.join(self.columns)}"
            ) from None

    def row(self, at: int) -> dict[str, Any]:
        """Return the row at a position, from 0."""
        return {name: column[at] for name, column in self._data.items()}

    def rows(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows as tuples of some columns, or of all in their order."""
        return zip(*(self[name] for name in columns or self.columns), strict=True)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for values in self.rows():
            yield dict(zip(self.columns, values, strict=True))

    def chunks(self) -> Iterator[Table]:
        """Yield the table in parts that fit in memory: here itself."""
        yield self

    def with_columns(self, **more: Sequence[Any]) -> Table:
        """Return the table with some columns replaced or added."""
        return Table({**self._data, **more})

    def to_pandas(self) -> Any:
        """Return a pandas DataFrame. Raises ConflictkgError if pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise ConflictkgError("pandas is not installed", _FRAMES) from error
        return pandas.DataFrame({name: list(column) for name, column in self._data.items()})

    def to_polars(self) -> Any:
        """Return a polars DataFrame. Raises ConflictkgError if polars is not installed."""
        try:
            import polars
        except ImportError as error:
            raise ConflictkgError("polars is not installed", _FRAMES) from error
        return polars.DataFrame({name: list(column) for name, column in self._data.items()})

    def __repr__(self) -> str:
        return f"<Table: {self._length:,} rows of {', '.join(self.columns)}>"


_FRAMES = "pip install 'conflictkg[frames]'"


def packed(values: Iterable[int] = ()) -> array[int]:
    """Return an array of four-byte integers."""
    return array("i", values)
