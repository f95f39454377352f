"""What one graph has that another has not, in words: statements, claims, names, and what follows.

What is compared is what the nodes say, wherever they stand; who made a graph, when and in which
file is left aside. What rules compute is compared by the reasons that they give.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from conflictkg.brackets import is_bracket
from conflictkg.store import Reader
from conflictkg.terms import CKG, DCTERMS, GRAPH, ORG, RDF, RDFS, SCHEMA, SKOS, shrink

KINDS: tuple[tuple[str, ox.NamedNode], ...] = (
    ("document", CKG.Document),
    ("statement", CKG.Statement),
    ("report", CKG.Report),
    ("issue", CKG.Issue),
    ("claim", CKG.Claim),
    ("person", CKG.Person),
    ("organization", CKG.Organization),
    ("unit", CKG.Unit),
    ("unnamed source", CKG.UnnamedSource),
    ("post", ORG.Post),
    ("membership", ORG.Membership),
    ("place", CKG.Place),
    ("event", CKG.Event),
    ("note", CKG.Finding),
)
"""What is told apart, in the order in which it is told."""

COMPUTED: tuple[tuple[str, str], ...] = (
    ("change", "change"),
    ("contradiction", "contradiction"),
    ("corroboration", "corroboration"),
    ("overtaken", "what was overtaken"),
    ("positions", "current position"),
    ("consistency", "inconsistency"),
)
"""Rules whose results are compared, and what a result is called."""

_DERIVED = GRAPH + "derived/"
_LABELS = (SKOS.prefLabel, DCTERMS.title, SCHEMA.text, RDFS.label)
_COMPUTABLE = {RDF.type, CKG.earliest, CKG.latest}


@dataclass(frozen=True, slots=True)
class Difference:
    """A thing that was added, removed or altered (``how``), and in what (``details``)."""

    kind: str
    how: str
    iri: str
    label: str
    details: tuple[str, ...] = ()

    @property
    def curie(self) -> str:
        """The IRI in short form."""
        return shrink(self.iri)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What it takes to get from one graph to the other."""

    before: str
    after: str
    differences: tuple[Difference, ...]

    def counts(self) -> tuple[tuple[str, str, int], ...]:
        """Return how many of each kind were added, removed and altered."""
        found = Counter((d.kind, d.how) for d in self.differences)
        return tuple((kind, how, count) for (kind, how), count in found.items())


def compare(before: Reader, after: Reader) -> Comparison:
    """Return what was added, removed and altered between two graphs with their derived graphs."""
    one, other = _Side(before), _Side(after)
    found: list[Difference] = []
    for kind, cls in KINDS:
        mine, theirs = set(one.nodes(cls)), set(other.nodes(cls))
        found += _set_apart(kind, one, mine - theirs, "removed")
        found += _set_apart(kind, other, theirs - mine, "added")
        for node in sorted(mine & theirs, key=str):
            details = tuple(_details(one.words(node), other.words(node)))
            if details:
                found.append(Difference(kind, "altered", node.value, other.label(node), details))
    for rule, kind in COMPUTED:
        reasons, others = one.reasons(rule), other.reasons(rule)
        for node in sorted(reasons.keys() - others.keys(), key=str):
            found.append(Difference(kind, "removed", node.value, reasons[node]))
        for node in sorted(others.keys() - reasons.keys(), key=str):
            found.append(Difference(kind, "added", node.value, others[node]))
        for node in sorted(reasons.keys() & others.keys(), key=str):
            if reasons[node] != others[node]:
                detail = f"was: {reasons[node]}"
                found.append(Difference(kind, "altered", node.value, others[node], (detail,)))
    return Comparison(before.location, after.location, tuple(found))


def _set_apart(
    kind: str, side: _Side, nodes: Iterable[ox.NamedNode], how: str
) -> Iterator[Difference]:
    for node in sorted(nodes, key=str):
        details = [
            f"{name}: {value}" for name, values in side.words(node).items() for value in values
        ]
        label = side.label(node)
        told = tuple(detail for detail in details if not detail.endswith(f": {label}"))
        yield Difference(kind, how, node.value, label, told)


def _details(before: dict[str, list[str]], after: dict[str, list[str]]) -> Iterator[str]:
    """Yield in words how the properties of a node differ."""
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, []), after.get(name, [])
        gone = [value for value in old if value not in new]
        come = [value for value in new if value not in old]
        if len(gone) == len(come) == 1:
            yield f"{name}: {gone[0]} → {come[0]}"
        else:
            yield from (f"{name}, removed: {value}" for value in gone)
            yield from (f"{name}, added: {value}" for value in come)


class _Side:
    """One of the two graphs, read as words."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def nodes(self, cls: ox.NamedNode) -> Iterator[ox.NamedNode]:
        """Yield the nodes of a class, those that rules made left out."""
        for quad in self.reader.match(None, RDF.type, cls):
            if isinstance(quad.subject, ox.NamedNode) and not _is_derived(quad):
                yield quad.subject

    def words(self, node: ox.NamedNode) -> dict[str, list[str]]:
        """Return the properties of a node: names, and values in words, each sorted."""
        found: dict[str, set[str]] = {}
        for quad in self.reader.match(node):
            if quad.predicate not in _COMPUTABLE and not _is_derived(quad):
                name = quad.predicate.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
                found.setdefault(name, set()).add(self.value(quad.object))
        return {name: sorted(values) for name, values in sorted(found.items())}

    def value(self, term: object) -> str:
        """Return a value in words: a text, the name of a thing, or the content of a bracket."""
        if isinstance(term, ox.NamedNode):
            if is_bracket(term):
                inner = self.words(term)
                short = [value for values in inner.values() for value in values]
                return "; ".join(short) if len(inner) == 1 else _pairs(inner)
            return self.label(term)
        if isinstance(term, ox.Literal):
            tag = f" ({term.language})" if term.language not in (None, "en") else ""
            return f"{term.value}{tag}"
        return str(term)

    def label(self, node: ox.NamedNode) -> str:
        """Return a name to show: a label, English where there is one, or the short IRI."""
        for predicate in _LABELS:
            texts = [
                quad.object
                for quad in self.reader.match(node, predicate)
                if isinstance(quad.object, ox.Literal)
            ]
            if texts:
                english = [text for text in texts if text.language == "en"]
                return min(text.value for text in english or texts)
        return shrink(node.value)

    def reasons(self, rule: str) -> dict[ox.NamedNode, str]:
        """Return what a rule computed: the nodes with their reasons."""
        graph = ox.NamedNode(_DERIVED + rule)
        return {
            quad.subject: quad.object.value
            for quad in self.reader.match(None, SCHEMA.text, None, graph)
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal)
        }


def _pairs(inner: dict[str, Sequence[str]] | dict[str, list[str]]) -> str:
    return "; ".join(f"{name} {', '.join(values)}" for name, values in inner.items())


def _is_derived(quad: ox.Quad) -> bool:
    graph = quad.graph_name
    return isinstance(graph, ox.NamedNode) and (
        graph.value.startswith(_DERIVED) or graph.value == GRAPH + "provenance"
    )
