"""Parts of a graph that stand on their own: what belongs to some statements, and nothing else.

A statement is taken whole: its speaker and post, its stances, their claims with all that these
name, its reports with their documents and relays. A document comes with its publisher and what it
copies, a place with those around it, an event with those above it, anything with the pages that it
is taken from. Graphs keep their names, so that what is taken still tells where it stands; their
provenance comes along, and the ontology. That a statement inside answers one outside is left out,
and so is what rules compute: they are to be run on the part.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date

import pyoxigraph as ox

from conflictkg.derive.spans import Span, without_clock
from conflictkg.errors import InputError
from conflictkg.reading import subjects
from conflictkg.store import Reader, select
from conflictkg.terms import CKG, GRAPH, ID, ONTOLOGY_GRAPH, ORG, PROV, PROVENANCE_GRAPH, kind
from conflictkg.values import edtf_bounds, whole
from conflictkg.walking.relations import BATCH, Tied
from conflictkg.walking.routes import walk

Node = ox.NamedNode

_IN_DOCUMENTS = GRAPH + "document/"
_DERIVED = GRAPH + "derived/"
_MAKERS = frozenset({"run", "file", "software"})
_MEMBERS = frozenset({"person", "organization", "unit"})


def around(tied: Tied, starts: Iterable[Node], hops: int, max_ties: int) -> Iterator[ox.Quad]:
    """Yield what belongs to some things and to those within some hops of them.

    Statements belong if they take a stance to a claim among these things, if a claim that belongs
    is about them, or if a document that is given reports them.
    Raises InputError where there is nothing to start from, and for numbers that are none.
    """
    reader, wanted = tied.reader, list(starts)
    if not wanted:
        raise InputError("a part of a graph is around something", "name one thing or more")
    limits = whole(hops, "hops"), whole(max_ties, "max_ties")
    walked = [one for one in wanted if kind(one.value) != "statement"]
    things = {found.node for one in walked for found in walk(tied, one, *limits)}
    claims = [node for node in things if kind(node.value) == "claim"]
    documents = [node for node in wanted if kind(node.value) == "document"]
    statements = {
        *(node for node in wanted if kind(node.value) == "statement"),
        *subjects(reader, CKG.expresses, subjects(reader, CKG.onClaim, claims)),
        *_objects(reader, "ckg:reports", subjects(reader, CKG.inDocument, documents)),
    }
    yield from _extract(reader, statements, things, widening=True)


def between_days(
    reader: Reader, said: tuple[date | None, date | None], at: date | None
) -> Iterator[ox.Quad]:
    """Yield what can have been said between two days, inclusive.

    With ``at``, only what can have been said by that day, in documents that can have been out by
    it. A time that is not known can be any day.
    """
    first, last = said
    window = Span(first or date.min, min(last or date.max, at or date.max))
    if at is None:
        yield from _extract(reader, set(_dated(reader, CKG.Statement, "ckg:said", window)), ())
        return
    out = set(_dated(reader, CKG.Document, "ckg:published", Span(date.min, at)))
    pages = {_slug(document) for document in out}
    told = _objects(reader, "ckg:reports", subjects(reader, CKG.inDocument, out))
    statements = set(_dated(reader, CKG.Statement, "ckg:said", window, pages))
    yield from _extract(reader, statements & set(told), out, pages)


def _extract(
    reader: Reader,
    statements: Collection[Node],
    things: Collection[Node],
    pages: set[str] | None = None,
    *,
    widening: bool = False,
) -> Iterator[ox.Quad]:
    """Yield the quads of some statements and things, and of all that belongs to them.

    Where ``pages`` are given, of the graphs of documents only theirs count. With ``widening``,
    statements that a claim is about are taken as well.
    """
    graphs = {ONTOLOGY_GRAPH}
    taken = set(statements)
    seen: set[Node] = set()
    waiting = {*taken, *subjects(reader, CKG.reports, taken)}
    waiting.update(node for node in things if not _is_statement(node))
    while waiting:
        seen |= waiting
        level, waiting = sorted(waiting, key=str), set()
        judged: set[Node] = set()
        for quad in reader.describe(level):
            graph, object = quad.graph_name, quad.object
            if not isinstance(graph, ox.NamedNode) or not _counts(graph, pages):
                continue
            if isinstance(object, ox.NamedNode) and object.value.startswith(ID):
                if _is_statement(object) and object not in taken:
                    if not widening or kind(str(quad.subject)[1:-1]) != "claim":
                        continue
                    judged.add(object)
                waiting.add(object)
            graphs.add(graph)
            yield quad
        taken |= judged
        waiting |= set(subjects(reader, CKG.reports, judged))
        waiting -= seen
        if not waiting:
            waiting = {*_memberships(reader, seen), *_curators(reader, graphs)} - seen
    yield from reader.match(None, None, None, ONTOLOGY_GRAPH)
    yield from _provenance(reader, graphs)


def _counts(graph: Node, pages: set[str] | None) -> bool:
    """Say whether a graph counts: not what is computed, nor a page that is left out."""
    if graph == PROVENANCE_GRAPH or graph.value.startswith(_DERIVED):
        return False
    return pages is None or not graph.value.startswith(_IN_DOCUMENTS) or _slug(graph) in pages


def _is_statement(node: Node) -> bool:
    """Say whether a node is a statement, rather than a part of one such as a stance."""
    return kind(node.value) == "statement" and "." not in _slug(node)


def _slug(node: Node) -> str:
    return node.value.rsplit("/", 1)[-1]


def _memberships(reader: Reader, seen: set[Node]) -> Iterator[Node]:
    """Yield the memberships both of whose sides are among what belongs."""
    members = [node for node in seen if kind(node.value) in _MEMBERS]
    for membership in subjects(reader, ORG.member, sorted(members, key=str)):
        sides = {quad.object for quad in reader.match(membership, ORG.organization)}
        if sides & seen:
            yield membership


def _curators(reader: Reader, graphs: Iterable[Node]) -> Iterator[Node]:
    """Yield who made some graphs, software apart."""
    for graph in graphs:
        for quad in reader.match(graph, PROV.wasAttributedTo):
            if isinstance(quad.object, ox.NamedNode) and kind(quad.object.value) in _MEMBERS:
                yield quad.object


def _objects(reader: Reader, path: str, nodes: Iterable[Node]) -> list[Node]:
    """Return the nodes that a path leads to from some nodes, each once."""
    wanted = list(nodes)
    found: dict[Node, None] = {}
    for at in range(0, len(wanted), BATCH):
        some = " ".join(map(str, wanted[at : at + BATCH]))
        for row in select(reader, f"SELECT DISTINCT ?o {{ VALUES ?s {{ {some} }} ?s {path} ?o }}"):
            found[row["o"]] = None
    return list(found)


def _dated(
    reader: Reader, of_class: Node, time: str, window: Span, pages: set[str] | None = None
) -> Iterator[Node]:
    """Yield the things of a class whose times, as far as they are known, meet a window of days.

    Of times in graphs of documents, those of ``pages`` count, if given.
    """
    query = (
        f"SELECT DISTINCT ?thing ?edtf ?graph {{ ?thing a {of_class} "
        f"OPTIONAL {{ GRAPH ?graph {{ ?thing {time} ?t }} ?t ckg:edtf ?edtf }} }}"
    )
    times: dict[Node, set[str]] = {}
    for thing, edtf, graph in select(reader, query):
        known = times.setdefault(thing, set())
        if edtf is not None and _counts(graph, pages):
            known.add(without_clock(edtf.value))
    for thing, known in times.items():
        bounds = [edtf_bounds(edtf) for edtf in known]
        first = min((first for first, _ in bounds if first), default=date.min)
        last = max((last for _, last in bounds if last), default=date.max)
        if Span(first, last).meets(window):
            yield thing


def _provenance(reader: Reader, graphs: set[Node]) -> Iterator[ox.Quad]:
    """Yield where some graphs come from: their files, runs and software."""
    seen: set[Node] = set()
    files: set[object] = set()
    waiting = set(graphs)
    while waiting:
        seen |= waiting
        level, waiting = sorted(waiting, key=str), set()
        for quad in reader.describe(level):
            if quad.graph_name != PROVENANCE_GRAPH:
                continue
            if quad.predicate == PROV.wasDerivedFrom:
                files.add(quad.object)
            if quad.predicate == PROV.used and quad.object not in files:
                continue
            yield quad
            if isinstance(quad.object, ox.NamedNode) and kind(quad.object.value) in _MAKERS:
                waiting.add(quad.object)
        waiting -= seen
