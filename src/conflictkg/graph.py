"""ConflictGraph: the one object that Python users hold; thin, it hands everything down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from conflictkg import derive, history, queries, reading, views, walking
from conflictkg.errors import InputError, NameNotFound, QueryError, StoreError
from conflictkg.history import History
from conflictkg.model import Claim, Document, Entity, Issue, Ref, Statement, Voice
from conflictkg.provenance import Run
from conflictkg.resolve import Match, Names
from conflictkg.rows import Rows
from conflictkg.settings import settings
from conflictkg.store import LocalStore, Reader, Term, open_store, select
from conflictkg.terms import CKG, SKOS
from conflictkg.values import day, days
from conflictkg.walking import bonds, extracts, filters, moments

if TYPE_CHECKING:
    from conflictkg.anchoring import Anchor
    from conflictkg.network import Projection
    from conflictkg.validate import Finding

Thing = Entity | Document | Statement | Claim | Issue
Named = str | Thing | Ref | ox.NamedNode
"""A thing, or what names it."""
Day = date | str | None
"""A day, as such or as text (2025-03-18)."""


def open_graph(location: str | Path | None = None) -> ConflictGraph:
    """Open a graph for reading.

    ``location`` is the folder of a store, the ``http(s)://`` address of a SPARQL endpoint,
    ``memory:`` (the graph files in force, built in memory) or ``memory:FOLDER`` (those of a
    folder). None takes ``CONFLICTKG_STORE``, ``conflictkg.toml`` or ``.conflictkg``.
    Raises StoreError if there is no store there, InputError for a bad graph file.
    """
    where = settings(store=str(location) if location is not None else None).store
    if where.startswith("memory:"):
        from conflictkg.load import build_in_memory

        return ConflictGraph(build_in_memory(settings(graphs=where[7:] or None).graphs))
    return ConflictGraph(open_store(where))


class ConflictGraph:
    """A knowledge graph of reporting on armed conflict, open for reading.

    Things are named by CURIE, IRI or any spelling of their name, or given as objects of the model.
    """

    def __init__(self, store: Reader) -> None:
        self.store = store
        self.names = Names(store)

    def query(self, question: str, **parameters: str) -> Rows:
        """Return the rows of a named question, or of a SPARQL SELECT.

        ``parameters`` are those of the named question, names of things in any spelling; for
        SPARQL they are values of variables that it selects.
        Raises QueryError for a bad query, NameNotFound or AmbiguousName for a name.
        """
        if any(mark in question for mark in "{ \n"):
            bound = {name: queries.loose_term(value) for name, value in parameters.items()}
            results = queries.run(self.store, question, bound)
            if not isinstance(results, ox.QuerySolutions):
                raise QueryError("this query does not give rows", "use .store.query for it")
            return Rows.of(queries.answer(results))
        asked = queries.question(question)
        return Rows.of(queries.ask(self.store, asked, parameters, names=self.names))

    def questions(self) -> Iterator[queries.NamedQuestion]:
        """Yield the named questions."""
        return queries.questions()

    def search(self, text: str, *, kind: str = "") -> Iterator[Match]:
        """Yield what a text may stand for: names in any spelling first, then texts."""
        return self.names.search(text, (kind,) if kind else ())

    def find(self, thing: Named, *, kind: str = "") -> ox.NamedNode:
        """Return the node of a thing.

        Raises NameNotFound, AmbiguousName, or InputError for what is neither a name nor a thing.
        """
        if isinstance(thing, ox.NamedNode):
            thing = thing.value
        name = thing if isinstance(thing, str) else getattr(thing, "iri", None)
        if not isinstance(name, str):
            raise InputError(
                f"{thing!r} does not name a thing",
                "give a name, a CURIE, an IRI, or an object that the graph gave you",
            )
        return self.names.resolve(name, (kind,) if kind else ())

    def __getitem__(self, thing: Named) -> Thing:
        return self.view(thing).thing

    def view(self, thing: Named) -> views.View:
        """Return a thing with the claims that it is in, who says so, and what it says itself.

        Raises NameNotFound if the graph does not know it.
        """
        found = self.find(thing)
        seen = views.view(self.store, found)
        if seen is None:
            raise NameNotFound(f"the graph does not know {found}", "try: conflictkg search")
        return seen

    def who_says(self, claim: str | Claim | Ref) -> tuple[Voice, ...]:
        """Return who takes a stance to a claim, each with date, certainty and documents."""
        (contested,) = views.who_says(self.store, [self.find(claim)])
        return contested.voices

    def statements(
        self,
        *,
        by: Named | None = None,
        via: Named | None = None,
        about: Named | None = None,
        issue: Named | None = None,
        document: Named | None = None,
        stance: str = "",
        said: tuple[Day, Day] = (None, None),
    ) -> Iterator[Statement]:
        """Yield the statements that fit all of what is given, by date.

        ``via`` is who publishes or passes them on, ``about`` the subject, object or place of a
        claim, or named by it, ``stance`` the attitude to it (asserts, denies ...). ``said`` are the
        first and the last day: a statement fits if it can have been made between them.
        """
        return filters.statements(
            self.store,
            by=self._found(by, "agent"),
            via=self._found(via, "agent"),
            about=self._found(about),
            issue=self._found(issue, "issue"),
            document=self._found(document, "document"),
            stance=stance,
            said=_days(said),
        )

    def _found(self, thing: Named | None, kind: str = "") -> ox.NamedNode | None:
        return None if thing is None else self.find(thing, kind=kind)

    def neighbours(
        self, thing: Named, *, via: walking.Via = None, at: Day = None
    ) -> Iterator[Thing]:
        """Yield what a thing is tied to: by claims, stances, membership and the like.

        ``via`` are relations (controlledBy, denies, memberOf ...) or groups of them (claim, stance,
        about, structure, report); ``at`` keeps ties that can hold on a day. A claim counts by
        whoever takes a stance to it; ``paths`` tells who.
        """
        return walking.neighbours(self.store, self.find(thing), via=via, at=day(at))

    def walk(
        self,
        start: Named,
        *,
        via: walking.Via = None,
        max_length: int = 2,
        at: Day = None,
        max_ties: int = walking.MAX_TIES,
    ) -> Iterator[walking.Step]:
        """Yield what is within ``max_length`` hops, breadth first, each thing once.

        No way leads through a document, unless ``via`` asks for reports, nor through a thing that
        is tied to more than ``max_ties`` things.
        """
        return walking.walk(
            self.store,
            self.find(start),
            via=via,
            max_length=max_length,
            at=day(at),
            max_ties=max_ties,
        )

    def paths(
        self,
        start: Named,
        end: Named,
        *,
        max_length: int = 4,
        via: walking.Via = None,
        at: Day = None,
        max_ties: int = walking.MAX_TIES,
    ) -> Iterator[walking.Path]:
        """Yield the paths of at most ``max_length`` hops, explained, the shortest first.

        Each hop lists the statements behind it, and how many independent origins they have; what
        no way leads through is told at ``walk``.
        """
        ends = self.find(start), self.find(end)
        return walking.paths(
            self.store, *ends, max_length=max_length, via=via, at=day(at), max_ties=max_ties
        )

    def between(self, one: Named, other: Named) -> bonds.Bond:
        """Return all that ties two things: claims on both, what each says of the other, pages."""
        return bonds.between(self.store, self.find(one), self.find(other))

    def timeline(self, thing: Named) -> Iterator[moments.Moment]:
        """Yield what is dated about a thing, in time: statements, events, documents."""
        return moments.timeline(self.store, self.find(thing))

    def subgraph(
        self, *things: Named, hops: int = 1, max_ties: int = walking.MAX_TIES
    ) -> ConflictGraph:
        """Return a graph, in memory, of some things, those within some hops, and what is said."""
        tied = walking.Tied(self.store)
        nodes = [self.find(thing) for thing in things]
        return self._part(extracts.around(tied, nodes, hops, max_ties))

    def slice(
        self,
        *,
        at: Day = None,
        said: tuple[Day, Day] = (None, None),
    ) -> ConflictGraph:
        """Return a graph, in memory, of what can have been said between two days.

        With ``at`` it is what could be known on that day: said by it, in documents out by it.
        """
        return self._part(extracts.between_days(self.store, _days(said), day(at)))

    def _part(self, quads: Iterator[ox.Quad]) -> ConflictGraph:
        """Return a graph of some quads of this one, with what the rules compute from them."""
        run = Run.now("extract")
        store = LocalStore(ox.Store(), f"part of {self.store.location}")
        store.oxigraph.bulk_extend(quads)
        derive.derive(store, run)
        store.oxigraph.extend(run.quads())
        return ConflictGraph(store)

    def history(
        self,
        speaker: Named,
        *,
        issue: Named | None = None,
        said: tuple[Day, Day] = (None, None),
        document: Named | None = None,
    ) -> History:
        """Return what a speaker said, issue by issue in time, with the computed changes."""
        since, until = _days(said)
        return history.history(
            self.store,
            self.find(speaker, kind="agent"),
            issue=self._found(issue, "issue"),
            since=since,
            until=until,
            document=self._found(document, "document"),
        )

    def project(
        self,
        name: str,
        *,
        speaker: Named | None = None,
        place: Named | None = None,
        issue: Named | None = None,
        document: Named | None = None,
        publisher: Named | None = None,
        **options: Any,
    ) -> Projection:
        """Return a projection: a network with stated meaning, weights and time.

        ``name`` is one of ``conflictkg.network.projections()``, such as mentions or alignment;
        ``options`` are those of ``conflictkg.network.project``: since, until, min_weight,
        strongest, largest_component, clock, normalise, control, on_disk.
        Raises NameNotFound for an unknown projection or name, InputError for a bad option.
        """
        from conflictkg.network import project

        return project(
            self.store,
            name,
            speaker=self._found(speaker, "agent"),
            place=self._found(place, "place"),
            issue=self._found(issue, "issue"),
            document=self._found(document, "document"),
            publisher=self._found(publisher, "agent"),
            **options,
        )

    def claims(self, issue: Named | None = None) -> Iterator[Claim]:
        """Yield the claims, or those that address an issue."""
        wanted = self._found(issue, "issue")
        found = {quad.subject for quad in self.store.match(None, CKG.addresses, wanted)}
        nodes = sorted((n for n in found if isinstance(n, ox.NamedNode)), key=str)
        yield from reading.read_claims(reading.Snapshot(self.store), nodes).values()

    def issues(self) -> Iterator[Issue]:
        """Yield the issues, by their question."""
        snapshot = reading.Snapshot(self.store)
        nodes = list(self._of_class(CKG.Issue))
        snapshot.fetch(nodes)
        found = (Issue(n.value, snapshot.text(n, SKOS.prefLabel)) for n in nodes)
        yield from sorted(found, key=lambda issue: issue.label)

    def documents(self) -> Iterator[Document]:
        """Yield the documents, by IRI."""
        nodes = list(self._of_class(CKG.Document))
        yield from reading.read_documents(reading.Snapshot(self.store), nodes).values()

    def _of_class(self, cls: ox.NamedNode) -> Iterator[ox.NamedNode]:
        rows = select(self.store, f"SELECT DISTINCT ?thing {{ ?thing a {cls} }} ORDER BY ?thing")
        return (row["thing"] for row in rows)

    def info(self) -> views.Contents:
        """Return what the graph holds, from where and since when."""
        return views.contents(self.store)

    def validate(self, *, engine: str = "auto") -> Sequence[Finding]:
        """Return what the shapes find in the whole graph, the worst first."""
        from conflictkg.validate import validate

        return validate(self.store, engine=engine)

    def anchor(self, text: str, document: str | Document) -> Iterator[Anchor]:
        """Yield how each quote of a document stands to its text."""
        from conflictkg.anchoring import anchor

        return anchor(text, views.anchors(self.store, self.find(document, kind="document")))

    def dump(self, path: str | Path, *, graph: str | None = None) -> None:
        """Write the graph, or one named graph of it, to a file whose suffix tells the format."""
        from conflictkg.files import format_of, graph_named
        from conflictkg.load import dump, written_atomically

        target = Path(path)
        format = format_of(target)
        with written_atomically(target) as file:
            dump(self.store, file, format, graph=graph_named(graph) if graph else None)

    def quads(
        self,
        subject: ox.NamedNode | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,
        graph: ox.NamedNode | None = None,
    ) -> Iterator[ox.Quad]:
        """Yield the quads that have these parts; ``None`` stands for any."""
        return self.store.match(subject, predicate, object, graph)

    @property
    def rdflib(self) -> Any:
        """An rdflib Dataset over the same store, without a copy (needs the extra ``rdflib``).

        Pass queries as plain strings: a prepared query is evaluated by rdflib, not by Oxigraph.
        Raises StoreError for a SPARQL endpoint or if oxrdflib is not installed.
        """
        if not isinstance(self.store, LocalStore):
            raise StoreError(
                f"{self.store.location} is not a local store", "use rdflib's own SPARQLStore"
            )
        try:
            import oxrdflib
            import rdflib
        except ImportError as error:
            raise StoreError(
                "oxrdflib is not installed", "pip install 'conflictkg[rdflib]'"
            ) from error
        return rdflib.Dataset(
            store=oxrdflib.OxigraphStore(store=self.store.oxigraph), default_union=True
        )

    def __len__(self) -> int:
        return len(self.store)

    def __repr__(self) -> str:
        return f"<ConflictGraph {self.store.location}: {len(self):,} quads>"

    def _repr_html_(self) -> str:
        from html import escape

        held = self.info()
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{count:,}</td></tr>" for name, count in held.classes
        )
        return f"<p>{escape(repr(self))}</p><table>{rows}</table>"


def _days(said: tuple[Day, Day]) -> tuple[date | None, date | None]:
    """Return the first and the last day of a time; raises InputError for what is none."""
    if isinstance(said, str) or len(said) != 2:
        raise InputError(
            f"{said!r} is not a first and a last day", 'write said=("2025-03-18", None)'
        )
    return days(*said)
