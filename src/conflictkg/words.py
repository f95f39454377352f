"""Numbers and names of concepts as people read them."""

from __future__ import annotations

import re

_INNER_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun, in the plural where it is not one.

    >>> counted(1, "document"), counted(1200, "document"), counted(2, "person", "people")
    ('1 document', '1,200 documents', '2 people')
    """
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def in_words(name: str) -> str:
    """Return the local name of a concept as words.

    >>> in_words("shiftsFocus"), in_words("claims-by-issue")
    ('shifts focus', 'claims by issue')
    """
    return _INNER_CAPITAL.sub(" ", name).replace("-", " ").lower()
