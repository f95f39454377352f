"""What a write changed, and whether it may stand: names for brackets, provenance, rules, shapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from conflictkg.brackets import complete, name_brackets
from conflictkg.derive import derive
from conflictkg.errors import InputError
from conflictkg.provenance import Run, content_hash, graph_provenance
from conflictkg.store import LocalStore
from conflictkg.terms import GRAPH, ONTOLOGY_GRAPH, PROV, PROVENANCE_GRAPH, SCHEMA, shrink
from conflictkg.validate import Severity, validate
from conflictkg.web.envelope import is_repeated, received
from conflictkg.web.http import Refused, Request, Served

_COMPUTED = (GRAPH + "derived/", PROVENANCE_GRAPH.value, ONTOLOGY_GRAPH.value)
_RENEWED = (PROV.wasGeneratedBy, PROV.generatedAtTime, SCHEMA.sha256)


class Watch:
    """The content of some graphs (None: of all) as it was when the watch began.

    Patterns of the engine are read from the state in which they were asked for, so nothing is
    copied until ``changed`` looks.
    """

    def __init__(self, store: ox.Store, graphs: Iterable[ox.NamedNode] | None) -> None:
        self._store = store
        self._everywhere = graphs is None
        self._watched = set(_names(store) if graphs is None else graphs)
        self.existing = {name for name in self._watched if store.contains_named_graph(name)}
        self._before = {
            name: store.quads_for_pattern(None, None, None, name) for name in self.existing
        }

    def changed(self) -> Iterator[tuple[ox.NamedNode, set[ox.Triple], set[ox.Triple]]]:
        """Yield the graphs whose content is another now, with both contents.

        Raises Refused (422) if there are triples outside any named graph, or a graph without IRI.
        """
        store = self._store
        if next(store.quads_for_pattern(None, None, None, ox.DefaultGraph()), None) is not None:
            raise Refused(422, "there are triples outside any named graph", "give them a graph")
        watched = set(self._watched)
        if self._everywhere:
            watched.update(_names(store))
        for name in sorted(watched, key=str):
            before = {quad.triple for quad in self._before.get(name, ())}
            after = {quad.triple for quad in store.quads_for_pattern(None, None, None, name)}
            if before != after or (name in self.existing) != store.contains_named_graph(name):
                yield name, before, after


def _names(store: ox.Store) -> Iterator[ox.NamedNode]:
    for name in store.named_graphs():
        if not isinstance(name, ox.NamedNode):
            raise Refused(422, "a graph has no name", "give it an IRI")
        yield name


def settle(
    served: Served,
    watch: Watch,
    verb: str,
    request: Request,
    *,
    about: Iterable[ox.Triple] = (),
) -> None:
    """Make whole what a write left, as the loader does, and refuse what does not conform.

    Brackets get their names and bounds, the graphs their provenance, the derived graphs what now
    follows. ``about`` is what the request itself says of its graph. Raises Refused: 403 for a
    change of a computed graph, 422 with the findings as details; what was accepted once is not
    checked again.
    """
    store = served.kg.store
    assert isinstance(store, LocalStore)
    moment = received(request)
    run = Run(verb, moment, moment)
    told = list(about)
    changed: list[ox.NamedNode] = []
    touched: set[ox.NamedNode] = set()
    gone: set[ox.NamedNode] = set()
    for name, before, after in list(watch.changed()):
        if name.value.startswith(_COMPUTED):
            raise Refused(
                403,
                f"{shrink(name.value)} is computed from the other graphs",
                "change those; it follows",
            )
        whole = _completed(store.oxigraph, name, after)
        differing = {t.subject for t in before ^ whole}
        touched |= {node for node in differing if isinstance(node, ox.NamedNode)}
        gone |= _subjects(before) - _subjects(whole)
        _describe(store, name, run, whole, told)
        if store.oxigraph.contains_named_graph(name):
            changed.append(name)
    if not (changed or touched or gone):
        return
    store.oxigraph.extend(run.quads())
    derive(store, run, touched=touched)
    affected = {*changed, *_graphs_that_mention(store, gone)}
    if affected and not is_repeated(request):
        _refuse_findings(store, affected)


def _completed(store: ox.Store, name: ox.NamedNode, content: set[ox.Triple]) -> set[ox.Triple]:
    """Complete and name the brackets of a graph in the store; return its content then."""
    try:
        whole = set(name_brackets(complete(content)))
    except InputError as error:
        raise Refused(422, f"{shrink(name.value)}: {error.message}", error.hint) from error
    for t in content - whole:
        store.remove(ox.Quad(t.subject, t.predicate, t.object, name))
    store.extend(ox.Quad(t.subject, t.predicate, t.object, name) for t in whole - content)
    return whole


def _describe(
    store: LocalStore,
    name: ox.NamedNode,
    run: Run,
    content: set[ox.Triple],
    about: list[ox.Triple],
) -> None:
    """Write the provenance of a graph that a write made, changed or removed."""
    old = list(store.match(name, None, None, PROVENANCE_GRAPH))
    for quad in old:
        store.oxigraph.remove(quad)
    if not store.oxigraph.contains_named_graph(name):
        return
    said = [triple for triple in about if triple.subject == name]
    kept = said or [quad.triple for quad in old if quad.predicate not in _RENEWED]
    described = graph_provenance(name, run, content_sha256=content_hash(content), about=kept)
    store.oxigraph.extend(described)


def _subjects(content: Iterable[ox.Triple]) -> set[ox.NamedNode]:
    return {t.subject for t in content if isinstance(t.subject, ox.NamedNode)}


def _graphs_that_mention(store: LocalStore, nodes: Iterable[ox.NamedNode]) -> set[ox.NamedNode]:
    """Return the graphs, computed ones aside, that mention nodes which are no longer described."""
    return {
        quad.graph_name
        for node in nodes
        if next(store.match(node), None) is None
        for quad in store.match(None, None, node)
        if isinstance(quad.graph_name, ox.NamedNode)
        and not quad.graph_name.value.startswith(_COMPUTED)
    }


def _refuse_findings(store: LocalStore, graphs: set[ox.NamedNode]) -> None:
    found = [f for f in validate(store, only=graphs) if f.severity == Severity.VIOLATION]
    if not found:
        return
    details = [
        {
            "severity": finding.severity.value,
            "focus": finding.focus,
            "path": finding.path,
            "value": finding.value,
            "message": finding.message,
            "hint": finding.hint,
            "graph": finding.graph,
        }
        for finding in found
    ]
    count = f"{len(found)} violations" if len(found) > 1 else "a violation"
    raise Refused(
        422, f"the shapes find {count}; nothing was changed", str(found[0]), details=details
    )
