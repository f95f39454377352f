"""Answers that are kept for those who ask the same next, until the graph has a new version."""

from __future__ import annotations

import re
from collections import OrderedDict

from conflictkg.web.http import Response

Key = tuple[str, str, str, str, bool]
"""Address without query, query string, Accept, version, whether packed answers are taken."""

SPACE = 32 * 1024 * 1024
LARGEST = 128 * 1024
_CHANGING = re.compile(r"rand|now|uuid|bnode|service|%5cu|\\u|%25", re.IGNORECASE)
"""What stands in the text of queries whose answer is another one each time, or might."""


def lasting(query: str) -> bool:
    """Return whether a query string can have no function whose value changes by itself.

    Letters that are percent-encoded for no reason may hide one, so they count as one.
    """
    return not _CHANGING.search(query) and not re.search(r"%[46][1-9a-f]|%[57][0-9a]", query, re.I)


class Recent:
    """The answers last asked for, up to a number of bytes."""

    def __init__(self, space: int = SPACE) -> None:
        self.space = space
        self.size = 0
        self.hits = 0
        self._answers: OrderedDict[Key, Response] = OrderedDict()

    def get(self, key: Key) -> Response | None:
        """Return the answer to a request, if it is kept."""
        found = self._answers.get(key)
        if found is not None:
            self._answers.move_to_end(key)
            self.hits += 1
        return found

    def put(self, key: Key, answer: Response) -> None:
        """Keep an answer; the one that was not asked for longest makes room."""
        size = _size(key, answer)
        if answer.status != 200 or size > LARGEST or key in self._answers:
            return
        self._answers[key] = answer
        self.size += size
        while self.size > self.space:
            old, gone = self._answers.popitem(last=False)
            self.size -= _size(old, gone)

    def clear(self) -> None:
        """Forget all."""
        self._answers.clear()
        self.size = 0


def _size(key: Key, answer: Response) -> int:
    body = answer.body if isinstance(answer.body, bytes) else b""
    return len(body) + sum(map(len, key[:4])) + 1000
