"""The errors a user can meet: what happened to what, what to do, and the exit code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class ConflictkgError(Exception):
    """Base of all errors raised on purpose.

    ``message`` says what happened to what, ``hint`` what to do about it, ``exit_code`` what the
    command line ends with (2: the question could not be answered).
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  hint: {self.hint}" if self.hint else self.message


class InputError(ConflictkgError):
    """A file or a text cannot be read as what it should be; names the file and the line."""

    def __init__(
        self, message: str, hint: str = "", *, source: str | Path = "", line: int | None = None
    ) -> None:
        where = str(source) + (f":{line}" if line else "")
        super().__init__(f"{where}: {message}" if where else message, hint)
        self.source = str(source)
        self.line = line


class StoreError(ConflictkgError):
    """A store cannot be opened, read or written."""


class QueryError(ConflictkgError):
    """A query cannot be parsed or run."""


class NameNotFound(ConflictkgError):
    """A name stands for nothing that is known; lists the nearest names."""


class AmbiguousName(ConflictkgError):
    """A name stands for several things; ``candidates`` are pairs of CURIE and label."""

    def __init__(self, name: str, candidates: Sequence[tuple[str, str]]) -> None:
        listed = "\n".join(f"    {curie}  {label}" for curie, label in candidates)
        super().__init__(f"“{name}” may be any of:\n{listed}", "use the identifier on the left")
        self.candidates = tuple(candidates)
