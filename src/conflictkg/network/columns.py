"""Columns packed in arrays, whose cells are made when they are looked at, and tables of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import pairwise
from math import isnan
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from conflictkg.errors import ConflictkgError

NEVER = 0
"""The day number of a time without a beginning."""
FOREVER = date.max.toordinal()
"""The day number of a time without an end."""

CHUNK = 50_000
"""How many rows of a table are made at a time."""

Array = NDArray[Any]
Spell = tuple[date | None, date | None]
"""The first and the last day of a time; None where that side is open."""


class Column(Sequence[Any]):
    """A column of a table, its cells made of packed data when they are looked at."""

    __slots__ = ()

    def part(self, begin: int, end: int) -> Column:
        """Return the rows from one up to another as a column."""
        raise NotImplementedError

    @overload
    def __getitem__(self, at: int) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Any]: ...
    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return next(iter(self.part(at % len(self), at % len(self) + 1)))

    def __repr__(self) -> str:
        shown = ", ".join(repr(value) for value in self[:5])
        return f"<Column of {len(self):,}: {shown}{', ...' if len(self) > 5 else ''}>"


class Numbers(Column):
    """A column of numbers, or of what numbers stand for, by ``meaning``."""

    __slots__ = ("numbers",)

    def __init__(self, numbers: Array) -> None:
        self.numbers = numbers

    def meaning(self, number: Any) -> Any:
        """Return what a number stands for: here itself."""
        return number

    def part(self, begin: int, end: int) -> Numbers:
        """Return the rows from one up to another as a column."""
        return type(self)(self.numbers[begin:end])

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Any]:
        return map(self.meaning, self.numbers.tolist())


class Coded(Numbers):
    """A column of values that recur, each number the place of one among the values."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[Any], codes: Array) -> None:
        super().__init__(codes)
        self.values = values

    def meaning(self, number: int) -> Any:
        """Return the value at a place."""
        return self.values[number]

    def part(self, begin: int, end: int) -> Coded:
        """Return the rows from one up to another as a column."""
        return Coded(self.values, self.numbers[begin:end])


class Days(Numbers):
    """A column of dates, as day numbers, or of None where a day is not known."""

    __slots__ = ()

    def meaning(self, number: int) -> date | None:
        """Return the day of a number."""
        return day_of(number)


class Measures(Numbers):
    """A column of numbers, or of None where one is not known, as NaN."""

    __slots__ = ()

    def meaning(self, number: float) -> float | None:
        """Return a number as such."""
        return None if isnan(number) else number


class Ids(Numbers):
    """A column of ids of edges, made of numbers of 64 bits."""

    __slots__ = ()

    def meaning(self, number: int) -> str:
        """Return the id of a number."""
        return f"edge:{number:016x}"

    def __iter__(self) -> Iterator[str]:
        digits = self.numbers.astype(">u8").tobytes().hex(" ", 8)
        return iter(f" {digits}".replace(" ", " edge:").split() if digits else [])


def coded(values: Sequence[str]) -> Coded:
    """Return a column of texts that recur; one that is empty is None."""
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    numbers = np.fromiter(map(places.__getitem__, values), np.int32, len(values))
    return Coded([value or None for value in places], numbers)


class Listed(Column):
    """A column of tuples of values that recur, such as the evidence of edges.

    Those of row n are ``values`` at the codes from ``starts[n]`` up to ``starts[n + 1]``.
    """

    __slots__ = ("codes", "starts", "values")

    def __init__(self, values: Sequence[Any], starts: Array, codes: Array) -> None:
        self.values = values
        self.starts = starts
        self.codes = codes

    def part(self, begin: int, end: int) -> Listed:
        """Return the rows from one up to another as a column."""
        starts = self.starts[begin : end + 1]
        return Listed(self.values, starts - starts[0], self.codes[starts[0] : starts[-1]])

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        flat = list(map(self.values.__getitem__, self.codes.tolist()))
        return (tuple(flat[begin:end]) for begin, end in pairwise(self.starts.tolist()))


class Spells(Column):
    """A column of spells, sorted and disjoint: row n has those from ``starts[n]`` on."""

    __slots__ = ("first", "last", "starts")

    def __init__(self, starts: Array, first: Array, last: Array) -> None:
        self.starts = starts
        self.first = first
        self.last = last

    def part(self, begin: int, end: int) -> Spells:
        """Return the rows from one up to another as a column."""
        starts = self.starts[begin : end + 1]
        some = slice(starts[0], starts[-1])
        return Spells(starts - starts[0], self.first[some], self.last[some])

    def take(self, rows: Array) -> Spells:
        """Return some of the rows, by number, as a column."""
        lengths = np.diff(self.starts)[rows]
        at = ranges(self.starts[rows], lengths)
        return Spells(starts_of(lengths), self.first[at], self.last[at])

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __iter__(self) -> Iterator[tuple[Spell, ...]]:
        days = (map(day_of, side.tolist()) for side in (self.first, self.last))
        flat = tuple(zip(*days, strict=True))
        return (flat[begin:end] for begin, end in pairwise(self.starts.tolist()))


@lru_cache(maxsize=65536)
def day_of(number: int) -> date | None:
    """Return the day of a day number (proleptic Gregorian ordinal); None for an open side."""
    return None if number in (NEVER, FOREVER) else date.fromordinal(number)


def starts_of(lengths: Array) -> Array:
    """Return where lists of some lengths begin that follow each other, and where the last ends."""
    return np.concatenate(([0], np.cumsum(lengths, dtype=np.int64)))


def ranges(starts: Array, lengths: Array) -> Array:
    """Return the numbers of ranges of some lengths one after the other.

    >>> ranges(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    ends = np.cumsum(lengths)
    before: Array = np.repeat(starts - ends + lengths, lengths)
    return np.arange(len(before)) + before


def united(owners: Array, first: Array, last: Array) -> tuple[Array, Array, Array]:
    """Return the times of each owner sorted, those that overlap or adjoin joined.

    Times are days ``first`` to ``last``; the result has the same three columns, owner by owner.

    >>> times = np.array([[1, 1, 1, 0], [5, 3, 1, 5], [6, 3, 2, 5]])
    >>> [column.tolist() for column in united(*times)]
    [[0, 1, 1], [5, 1, 5], [5, 3, 6]]
    """
    order = np.lexsort((first, owners))
    owners, first, last = owners[order], first[order], last[order]
    shift = owners.astype(np.int64) << _BITS
    reach = np.maximum.accumulate(shift + last) - shift
    new = np.ones(len(order), bool)
    new[1:] = (owners[1:] != owners[:-1]) | (first[1:] > reach[:-1] + 1)
    begins = np.flatnonzero(new)
    ends = np.append(begins[1:], len(order))[: len(begins)] - 1
    return owners[begins], first[begins], reach[ends].astype(np.int32)


_BITS = FOREVER.bit_length()
"""How many bits a day number takes."""


class Table:
    """An immutable table: columns by name, all of one length; rows are made when they are read.

    A column may be given as a function that makes it when it is first looked at; not the first.
    """

    __slots__ = ("_data", "_length", "columns")

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = dict(data)
        self.columns = tuple(self._data)
        self._length = len(next(iter(self._data.values()), ()))

    def __len__(self) -> int:
        return self._length

    def __getitem__(self, column: str) -> Column:
        found = self._data.get(column)
        if found is None:
            raise ConflictkgError(
                f"there is no column “{column}”", f"the columns are: {', '.join(self.columns)}"
            )
        if callable(found):
            found = self._data[column] = found()
        return found  # type: ignore[no-any-return]

    def row(self, at: int) -> dict[str, Any]:
        """Return the row at a position, from 0."""
        return {name: self[name][at] for name in self.columns}

    def rows(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows as tuples of some columns, or of all in their order."""
        return zip(*(self[name] for name in columns or self.columns), strict=True)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for values in self.rows():
            yield dict(zip(self.columns, values, strict=True))

    def chunks(self) -> Iterator[Table]:
        """Yield the table in parts of some thousand rows."""
        for begin in range(0, self._length, CHUNK):
            yield Table(self._part(begin, min(begin + CHUNK, self._length)))

    def _part(self, begin: int, end: int) -> dict[str, Any]:
        """Return the columns of some rows; those not made yet are made when they are looked at."""

        def part(name: str) -> Column:
            return self[name].part(begin, end)

        return {
            name: partial(part, name) if callable(column) else part(name)
            for name, column in self._data.items()
        }

    def with_columns(self, **more: Column) -> Table:
        """Return the table with some columns replaced or added."""
        return Table({**self._data, **more})

    def to_pandas(self) -> Any:
        """Return a pandas DataFrame. Raises ConflictkgError if pandas is not installed."""
        try:
            import pandas
        except ImportError as error:
            raise ConflictkgError("pandas is not installed", _FRAMES) from error
        return pandas.DataFrame({name: list(self[name]) for name in self.columns})

    def to_polars(self) -> Any:
        """Return a polars DataFrame. Raises ConflictkgError if polars is not installed."""
        try:
            import polars
        except ImportError as error:
            raise ConflictkgError("polars is not installed", _FRAMES) from error
        return polars.DataFrame({name: list(self[name]) for name in self.columns})

    def __repr__(self) -> str:
        return f"<Table: {self._length:,} rows of {', '.join(self.columns)}>"


_FRAMES = "pip install 'conflictkg[frames]'"
