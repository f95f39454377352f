"""Facts as arrays of numbers, and the names that the numbers stand for.

A fact says that one piece of evidence, in one document, bears an edge of a kind from one node to
another; or, without a target, that it bears a node. Facts are handed on in portions of thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from conflictkg.network.columns import Array

SOURCE, TARGET, KIND, COUNTED, EVIDENCE, DOCUMENT, ATTITUDE, OPENS, CLOSES = range(9)
"""The rows of an array of facts, each fact a column; those of ``facts_of``."""

NO_FACTS = np.empty((9, 0), np.int32)


def facts_of(
    *,
    source: ArrayLike,
    target: ArrayLike,
    kind: ArrayLike,
    counted: ArrayLike,
    evidence: ArrayLike,
    document: ArrayLike,
    attitude: ArrayLike,
    opens: ArrayLike,
    closes: ArrayLike,
) -> Array:
    """Return a portion of facts as an array; what is given as one number holds for all of them.

    All are codes, but for ``attitude`` (a bit) and the days; of what there is not the code is -1.
    ``target`` is -1 where the fact is about a node alone. ``counted`` is what weight counts. In a
    window lie the facts that open no later than its end and close no earlier than its start.
    """
    rows = (source, target, kind, counted, evidence, document, attitude, opens, closes)
    return np.array(np.broadcast_arrays(*rows), np.int32)


class Codes(dict[str, int]):
    """Names as numbers, in the order in which they come: asked for one, it gives it a number.

    None is no name: its number is -1.
    """

    def __missing__(self, name: str | None) -> int:
        if name is None:
            return -1
        code = self[name] = len(self)
        return code

    def numbers(self, names: Iterable[str | None]) -> Array:
        """Return the numbers of many names.

        >>> Codes().numbers(["a", "b", None, "a"]).tolist()
        [0, 1, -1, 0]
        """
        number: Callable[[Any], int] = self.__getitem__
        return np.array(list(map(number, names)), np.int32)


@dataclass(slots=True)
class Vocabulary:
    """The names that the codes of facts stand for.

    ``origins`` has a code for each evidence, ``lanes`` the issue and the day of a node that is
    drawn by them.
    """

    nodes: Codes = field(default_factory=Codes)
    kinds: Codes = field(default_factory=Codes)
    evidence: Codes = field(default_factory=Codes)
    documents: Codes = field(default_factory=Codes)
    counted: Codes = field(default_factory=Codes)
    origin_names: Codes = field(default_factory=Codes)
    origins: list[int] = field(default_factory=list)
    lanes: dict[int, tuple[str, int]] = field(default_factory=dict)

    def proofs(self, evidence: Iterable[str | None], origin: Callable[[str], str]) -> Array:
        """Return the codes of evidence; ``origin`` tells the origin of what was not known yet."""
        codes = self.evidence.numbers(evidence)
        last = islice(reversed(self.evidence), len(self.evidence) - len(self.origins))
        new = reversed(self.origin_names.numbers(map(origin, last)).tolist())
        self.origins.extend(new)
        return codes
