"""Findings: what validation has to say about a node, and what to do about it."""

from __future__ import annotations

import enum
import functools
import re
from dataclasses import dataclass

from conflictkg.terms import PREFIXES, shrink

SHAPE = "https://w3id.org/conflictkg/shape/"
"""Namespace of the shapes, and of the checks that SHACL cannot say (names of graphs)."""

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:\^\^<[^<>]*>|@[A-Za-z0-9-]+)?')
_BRACKETED = re.compile(r"<([^<>\s]+)>")
_BARE = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)]")
_LOCAL = re.compile(r"[\w.-]+")


@functools.total_ordering
class Severity(enum.Enum):
    """How bad a finding is; the worst sorts first (SHACL, section 2.1.4)."""

    VIOLATION = "Violation"
    WARNING = "Warning"
    INFO = "Info"

    def __lt__(self, other: Severity) -> bool:
        order = list(Severity)
        return order.index(self) < order.index(other)

    def reaches(self, threshold: Severity) -> bool:
        """Return whether this is at least as bad as the threshold.

        >>> Severity.VIOLATION.reaches(Severity.WARNING)
        True
        """
        return self <= threshold


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that validation found.

    ``focus`` and ``shape`` are IRIs, ``path`` a CURIE path, ``value`` an IRI or a literal as in
    N-Triples, ``graph`` the IRI of a graph that describes the focus; each is "" where there is
    none. ``constraint`` is the SHACL component that failed (MinCount, Class, SPARQL ...).
    """

    severity: Severity
    focus: str
    shape: str
    path: str
    value: str
    message: str
    hint: str
    constraint: str
    graph: str = ""

    def __str__(self) -> str:
        """Return the finding as one sentence and what to do.

        >>> print(Finding(Severity.WARNING, "https://w3id.org/conflictkg/id/place/popovka",
        ...     SHAPE + "Label.english", "skos:prefLabel", "", "There is no English name.",
        ...     "add one", "QualifiedMinCount"))
        Warning: place:popovka skos:prefLabel: There is no English name. To mend it: add one
        """
        where = " ".join(part for part in (curie(self.focus), self.path) if part)
        mend = f" To mend it: {self.hint}" if self.hint else ""
        return f"{self.severity.value}: {where}: {self.message}{mend}"


def curie(iri: str) -> str:
    """Return the CURIE of an IRI, also of a shape and of a part of a thing, else the IRI.

    >>> curie(SHAPE + "Report.inDocument")
    'shape:Report.inDocument'
    """
    if iri.startswith(SHAPE) and "shape" not in PREFIXES:
        return "shape:" + iri[len(SHAPE) :]
    return shrink(iri)


def readable(text: str) -> str:
    """Return a text with its IRIs as CURIEs and its literals as their words.

    Engines put terms into messages in different ways; this makes them one.

    >>> readable('<https://w3id.org/conflictkg/id/place/graivoron> has '
    ...     '"29"^^<http://www.w3.org/2001/XMLSchema#integer> or "a few"@en.')
    'place:graivoron has 29 or a few.'
    """
    text = _LITERAL.sub(lambda found: found[1].replace('\\"', '"'), text)
    text = _BRACKETED.sub(lambda found: curie(found[1]), text)
    return _BARE.sub(lambda found: curie(found[0]), text)
