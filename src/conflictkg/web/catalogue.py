"""What editors ask an endpoint for, as a graph that is queried like all others.

Prefixes are declared with ``sh:declare`` (SHACL, section 5.2.1), the named questions are
executables (SHACL-AF, section 4), the statistics are class and property partitions of VoID (section
4.5), with ``void-ext`` for datatypes. The graph belongs to the server: it is made when one starts,
counts nothing of itself, and is never written to a store.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from itertools import islice

import pyoxigraph as ox

from conflictkg import queries
from conflictkg.provenance import SOFTWARE
from conflictkg.terms import DCTERMS, GRAPH, PREFIXES, PROV, RDF, RDFS, XSD, Namespace, shrink
from conflictkg.web.statistics import Links, linked

CATALOGUE = ox.NamedNode(GRAPH + "derived/description")
"""The graph."""
LARGE = 3_000_000
"""Quads beyond which there are no statistics: counting takes some ten microseconds each."""
AT_ONCE = 100_000
"""Quads up to which they are counted before a server answers, and not while it does."""
MOST = 100_000
"""Triples beyond which the partitions are left out: classes and properties that are data."""
LICENSE = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")

SH, VOID = Namespace("sh"), Namespace("void")
_VOID_EXT = "http://ldf.fi/void-ext#"
_DATA = ox.NamedNode(CATALOGUE.value + "#data")


@cache
def questions() -> tuple[queries.NamedQuestion, ...]:
    """Return the named questions."""
    return tuple(queries.questions())


def prefixes(holder: ox.NamedNode) -> Iterator[ox.Triple]:
    """Yield the prefixes that need not be declared in a query."""
    yield ox.Triple(holder, RDF.type, ox.NamedNode(PREFIXES["owl"] + "Ontology"))
    for prefix, namespace in PREFIXES.items():
        one = ox.NamedNode(f"{holder.value}~{prefix}")
        yield ox.Triple(holder, SH.declare, one)
        yield ox.Triple(one, RDF.type, SH.PrefixDeclaration)
        yield ox.Triple(one, SH.prefix, ox.Literal(prefix))
        yield ox.Triple(one, SH.namespace, ox.Literal(namespace, datatype=XSD.anyURI))


def question(
    node: ox.NamedNode, holder: ox.NamedNode, asked: queries.NamedQuestion
) -> Iterator[ox.Triple]:
    """Yield a named question as a query that can be run: its parameters are free variables."""
    taken = ", ".join(f"?{one.name} ({' or '.join(one.kinds)})" for one in asked.parameters)
    yield ox.Triple(node, RDF.type, SH.SPARQLExecutable)
    yield ox.Triple(node, RDF.type, SH.SPARQLSelectExecutable)
    yield ox.Triple(node, RDFS.label, ox.Literal(asked.name))
    yield ox.Triple(node, RDFS.comment, ox.Literal(asked.summary, language="en"))
    if taken:
        said = ox.Literal(f"To restrict it, bind {taken}.", language="en")
        yield ox.Triple(node, DCTERMS.description, said)
    yield ox.Triple(node, SH.prefixes, holder)
    yield ox.Triple(node, SH.select, ox.Literal(asked.sparql))


def renew(store: ox.Store, statistics: Iterable[ox.Quad]) -> None:
    """Put the graph into a store, in place of one that is there, with some statistics."""
    store.remove_graph(CATALOGUE)
    store.extend(ox.Quad(t.subject, t.predicate, t.object, CATALOGUE) for t in _settled())
    store.extend(statistics)


def survey(store: ox.Store, moment: datetime) -> Iterator[ox.Quad]:
    """Yield the statistics of a store as it is at a moment."""
    links = linked(store, apart=CATALOGUE)
    parts = list(islice(_partitions(links), MOST + 1))
    for triple in (*_totals(links, moment), *(parts if len(parts) <= MOST else ())):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, CATALOGUE)


def _settled() -> Iterator[ox.Triple]:
    """Yield what does not depend on the data."""
    holder = _named("prefixes")
    comment = "The prefixes, named questions and statistics of this endpoint, for editors."
    yield ox.Triple(CATALOGUE, RDF.type, VOID.DatasetDescription)
    yield ox.Triple(CATALOGUE, RDFS.comment, ox.Literal(comment, language="en"))
    yield ox.Triple(CATALOGUE, PROV.wasAttributedTo, SOFTWARE)
    yield ox.Triple(CATALOGUE, DCTERMS.license, LICENSE)
    yield from prefixes(holder)
    for asked in questions():
        yield from question(_named("question", asked.name), holder, asked)


def _totals(links: Links, moment: datetime) -> Iterator[ox.Triple]:
    """Yield the figures of the whole, with the moment as of which all figures hold."""
    as_of = ox.Literal(moment.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=XSD.dateTime)
    counted = f"Counted as of {as_of.value}; what was written since is not in it."
    yield ox.Triple(CATALOGUE, PROV.generatedAtTime, as_of)
    yield ox.Triple(_DATA, RDF.type, VOID.Dataset)
    yield ox.Triple(_DATA, RDFS.comment, ox.Literal(counted, language="en"))
    yield ox.Triple(_DATA, PROV.generatedAtTime, as_of)
    yield ox.Triple(_DATA, VOID.triples, ox.Literal(links.triples))
    yield ox.Triple(_DATA, VOID.classes, ox.Literal(len(links.instances)))
    yield ox.Triple(_DATA, VOID.properties, ox.Literal(len(links.properties)))


def _partitions(links: Links) -> Iterator[ox.Triple]:
    """Yield the figures of each property, and of each class with its properties and their ends."""
    for property, times in links.properties.items():
        part = _named("property", property)
        yield from _part(_DATA, VOID.propertyPartition, part, VOID.property, property)
        yield ox.Triple(part, VOID.triples, ox.Literal(times))
    for cls, instances in links.instances.items():
        part = _named("class", cls)
        yield from _part(_DATA, VOID.classPartition, part, VOID["class"], cls)
        yield ox.Triple(part, VOID.entities, ox.Literal(instances))
        for property, ends in links.of[cls].items():
            inner = _named("class", cls, property)
            yield from _part(part, VOID.propertyPartition, inner, VOID.property, property)
            yield ox.Triple(inner, VOID.triples, ox.Literal(ends.triples))
            for at, name, counts in (
                (VOID.classPartition, VOID["class"], ends.classes),
                (_ext("datatypePartition"), _ext("datatype"), ends.datatypes),
            ):
                for end, times in counts.items():
                    last = _named("class", cls, property, end)
                    yield from _part(inner, at, last, name, end)
                    yield ox.Triple(last, VOID.triples, ox.Literal(times))


def _part(
    whole: ox.NamedNode,
    has: ox.NamedNode,
    part: ox.NamedNode,
    of: ox.NamedNode,
    what: ox.NamedNode,
) -> Iterator[ox.Triple]:
    yield ox.Triple(whole, has, part)
    yield ox.Triple(part, of, what)


def _named(*parts: str | ox.NamedNode) -> ox.NamedNode:
    """Return the IRI of a part of the graph, from what it is about: no node of it is blank."""
    return ox.NamedNode(f"{CATALOGUE.value}#{'~'.join(map(_mark, parts))}")


def _mark(part: str | ox.NamedNode) -> str:
    if isinstance(part, str):
        return part
    short = shrink(part.value)
    if short == part.value:
        return hashlib.sha256(short.encode()).hexdigest()[:16]
    return short.replace(":", ".", 1)


def _ext(name: str) -> ox.NamedNode:
    return ox.NamedNode(_VOID_EXT + name)
