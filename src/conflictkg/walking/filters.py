"""Which statements fit: by speaker, relayer, subject, issue, attitude, document and day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches

import pyoxigraph as ox

from conflictkg.errors import NameNotFound
from conflictkg.model import Statement
from conflictkg.reading import read_statements
from conflictkg.store import Reader, select
from conflictkg.terms import PREFIXES

ATTITUDES = ("asserts", "denies", "confirms", "doubts", "predicts", "leavesOpen")

_RELAYED = """{{ SELECT DISTINCT ?s {{
  {{ ?page dcterms:publisher {0} . ?report ckg:inDocument ?page ; ckg:reports ?s }} UNION
  {{ ?hop prov:wasAttributedTo {0} . ?report ckg:via+ ?hop ; ckg:reports ?s }} }} }}"""
"""In a sub-select: joined to the rest as it stands it takes two hundred times as long."""


def statements(
    reader: Reader,
    *,
    by: ox.NamedNode | None = None,
    via: ox.NamedNode | None = None,
    about: ox.NamedNode | None = None,
    issue: ox.NamedNode | None = None,
    document: ox.NamedNode | None = None,
    stance: str = "",
    said: tuple[date | None, date | None] = (None, None),
) -> Iterator[Statement]:
    """Yield the statements that fit all of what is given, by date.

    ``about``, ``issue`` and ``stance`` are of one reading: with all three, a statement fits if it
    takes that stance to a claim that is about the thing and addresses the issue.
    Raises NameNotFound for a stance that there is not.
    """
    wanted = stance.removeprefix("attitude:")
    if wanted and wanted not in ATTITUDES:
        near = get_close_matches(wanted, ATTITUDES, 1)
        hint = f"did you mean {near[0]}?" if near else f"stances are {', '.join(ATTITUDES)}"
        raise NameNotFound(f"there is no stance “{stance}”", hint)
    patterns = ["?s a ckg:Statement"]
    if wanted or about or issue:
        patterns.insert(0, "?s ckg:expresses ?reading")
    if wanted:
        patterns.insert(0, f"?reading ckg:attitude <{PREFIXES['attitude']}{wanted}>")
    for node, pattern in (
        (via, _RELAYED),
        (document, "?r ckg:inDocument {} ; ckg:reports ?s"),
        (issue, "?claim ckg:addresses {} . ?reading ckg:onClaim ?claim"),
        (
            about,
            "?claim ckg:subject|ckg:object|schema:location|schema:mentions {} . "
            "?reading ckg:onClaim ?claim",
        ),
        (by, "?s ckg:speaker {}"),
    ):
        if node is not None:
            patterns.insert(0, pattern.format(node))
    rows = select(reader, f"SELECT DISTINCT ?s {{ {' . '.join(patterns)} }}")
    first, last = said
    for statement in read_statements(reader, [row["s"] for row in rows]):
        if first and (statement.latest or date.max) < first:
            continue
        if last and (statement.earliest or date.min) > last:
            continue
        yield statement
