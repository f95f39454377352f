"""How much there is of what: counts of triples, classes and properties, and what meets what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from conflictkg.terms import RDF

Kinds = tuple[ox.NamedNode, ...]


@dataclass(slots=True)
class Counts:
    """How many triples of what kind a graph, or all of them, have; nodes are kept as hashes."""

    triples: int = 0
    classes: Counter[ox.NamedNode] = field(default_factory=Counter)
    subjects: set[int] = field(default_factory=set)
    objects: set[int] = field(default_factory=set)
    properties: dict[ox.NamedNode, tuple[set[int], set[int], list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: (set(), set(), [0]))
    )

    def add(self, triple: ox.Triple) -> None:
        """Count a triple that was not counted before."""
        subject, object = hash(triple.subject), hash(triple.object)
        self.triples += 1
        self.subjects.add(subject)
        self.objects.add(object)
        subjects, objects, number = self.properties[triple.predicate]
        subjects.add(subject)
        objects.add(object)
        number[0] += 1
        if triple.predicate == RDF.type and isinstance(triple.object, ox.NamedNode):
            self.classes[triple.object] += 1


def counted(store: ox.Store, *, apart: ox.NamedNode) -> tuple[Counts, dict[ox.NamedNode, Counts]]:
    """Count the triples of the union of all graphs but one, and of each graph."""
    whole, each = Counts(), defaultdict[ox.NamedNode, Counts](Counts)
    seen: set[int] = set()
    for quad in store:
        triple = quad.triple
        if isinstance(quad.graph_name, ox.NamedNode):
            each[quad.graph_name].add(triple)
        if quad.graph_name != apart and (mark := hash(triple)) not in seen:
            seen.add(mark)
            whole.add(triple)
    return whole, dict(each)


@dataclass(slots=True)
class Ends:
    """The triples of a property, and how many lead to instances of a class or to a datatype."""

    triples: int = 0
    classes: Counter[ox.NamedNode] = field(default_factory=Counter)
    datatypes: Counter[ox.NamedNode] = field(default_factory=Counter)


@dataclass(slots=True)
class Links:
    """What the instances of each class are linked to, in the union of all graphs but one."""

    triples: int = 0
    instances: Counter[ox.NamedNode] = field(default_factory=Counter)
    properties: Counter[ox.NamedNode] = field(default_factory=Counter)
    of: dict[ox.NamedNode, dict[ox.NamedNode, Ends]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Ends))
    )


def linked(store: ox.Store, *, apart: ox.NamedNode) -> Links:
    """Count what links the classes; a triple in several graphs counts once."""
    kinds = _kinds(store, apart)
    links, patterns = Links(), Counter[tuple[Kinds, ox.NamedNode, Kinds | ox.NamedNode]]()
    for several in kinds.values():
        links.instances.update(several)
    for triple in _distinct(store, apart):
        subject, object = triple.subject, triple.object
        end = object.datatype if isinstance(object, ox.Literal) else kinds.get(hash(object), ())
        patterns[kinds.get(hash(subject), ()), triple.predicate, end] += 1
    for (classes, property, end), times in patterns.items():
        links.triples += times
        links.properties[property] += times
        for cls in classes:
            ends = links.of[cls][property]
            ends.triples += times
            if isinstance(end, ox.NamedNode):
                ends.datatypes[end] += times
            else:
                ends.classes.update(dict.fromkeys(end, times))
    return links


def _kinds(store: ox.Store, apart: ox.NamedNode) -> dict[int, Kinds]:
    """Return the classes of each node, by its hash; equal ones are one object."""
    found: dict[int, set[ox.NamedNode]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, RDF.type, None, None):
        if isinstance(quad.object, ox.NamedNode) and quad.graph_name != apart:
            found[hash(quad.subject)].add(quad.object)
    same: dict[Kinds, Kinds] = {}
    sorted_kinds = ((mark, tuple(sorted(classes, key=str))) for mark, classes in found.items())
    return {mark: same.setdefault(kinds, kinds) for mark, kinds in sorted_kinds}


def _distinct(store: ox.Store, apart: ox.NamedNode) -> Iterator[ox.Triple]:
    """Yield the triples of all graphs but one, each once."""
    seen: set[int] = set()
    for quad in store:
        triple = quad.triple
        if quad.graph_name != apart and (mark := hash(triple)) not in seen:
            seen.add(mark)
            yield triple
