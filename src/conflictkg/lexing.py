"""The tokens of SPARQL, by SPARQL 1.1 Query, section 19.8; without a grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
"""PN_CHARS_BASE of the grammar, for use in a class of characters."""
_WORD = _LETTER + "_0-9\u00b7\u0300-\u036f\u203f\u2040"
"""The characters of variables; with ``-`` PN_CHARS."""
_TOKEN = re.compile(
    rf"""(?P<space>[ \t\r\n]+)
    |(?P<comment>\#[^\r\n]*)
    |(?P<text>\'\'\'(?:[^\\]|\\.)*?\'\'\'|\"\"\"(?:[^\\]|\\.)*?\"\"\"
        |'(?:[^'\\\r\n]|\\[^\r\n])*'|"(?:[^"\\\r\n]|\\[^\r\n])*")
    |(?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    |(?P<variable>[?$][{_WORD}]+)
    |(?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    |(?P<label>_:[{_WORD}.-]*)
    |(?P<prefixed>(?:[{_LETTER}][{_WORD}.-]*)?:
        (?:[{_WORD}.:-]|%[0-9A-Fa-f]{{2}}|\\[_~.!$&'()*+,;=/?\#@%-])*)
    |(?P<name>[A-Za-z][A-Za-z0-9_]*)
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    |(?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
OPENING, CLOSING = frozenset("({["), frozenset(")}]")


@dataclass(frozen=True, slots=True)
class Token:
    """A token of SPARQL: its kind, its text, and where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int


def token_at(text: str, at: int) -> Token | None:
    """Return the first token at or after a place that is neither space nor comment."""
    while match := _TOKEN.match(text, at):
        if match.lastgroup not in ("space", "comment"):
            return Token(match.lastgroup or "", match[0], match.start(), match.end())
        at = match.end()
    return None


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text, the longest first, as section 19.8 reads it.

    >>> [token.text for token in tokens("ASK { ?s <p> 'a }' } # done")]
    ['ASK', '{', '?s', '<p>', "'a }'", '}']
    """
    at = 0
    while token := token_at(text, at):
        yield token
        at = token.end


def position(text: str, at: int) -> tuple[int, int]:
    """Return line and column, both from 1, of a place in a text.

    >>> position("SELECT *\\n{ ?s }", 11)
    (2, 3)
    """
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def has_dataset(text: str) -> bool:
    """Say whether a query names its dataset itself: a FROM outside all brackets.

    >>> has_dataset("ASK FROM<g> {}"), has_dataset("ASK { ?from ?p 'FROM' }")
    (True, False)
    """
    if "from" not in text.lower():
        return False
    depth, before = 0, ""
    for token in tokens(text):
        word = token.text.lower()
        if token.kind == "mark":
            depth += (word in OPENING) - (word in CLOSING)
        elif depth == 0:
            is_declared = token.kind == "prefixed" and before == "prefix"
            is_word = token.kind == "name" and word.endswith("from")
            if is_word or (token.kind == "prefixed" and "from" in word.partition(":")[0]):
                return not is_declared
        before = word
    return False
