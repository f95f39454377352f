"""Validation: SHACL on a document or the whole store -> findings with a sentence and a fix.

The shapes are ``ontology/shapes.ttl``. What SHACL cannot see, because it looks at one graph without
names, is checked here as well and reported in the same form: whether each named graph says where it
comes from, whether shortcuts stand outside derived graphs, whether terms exist.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import pyoxigraph as ox

from conflictkg.store import Reader, open_store
from conflictkg.terms import PROVENANCE_GRAPH, shrink
from conflictkg.validate import context, engines, graphs, ontology, shapes
from conflictkg.validate.engines import ENGINES, Result
from conflictkg.validate.findings import SHAPE, Finding, Severity, curie, readable

__all__ = ["ENGINES", "Finding", "Severity", "validate", "worst"]

_DANGLING = SHAPE + "Described"


def validate(
    data: Reader | Iterable[ox.Quad],
    *,
    only: Collection[ox.NamedNode] = (),
    engine: str = "auto",
    shapes_file: Path | None = None,
) -> tuple[Finding, ...]:
    """Validate quads or a store against the shapes; the worst findings come first.

    ``only`` names graphs: then just these are validated, with as much of the rest as their shapes
    look at, so that the cost is that of the graphs and not of the store. ``engine`` is one of
    ENGINES. Raises InputError for an unknown engine or a shapes file that cannot be read.
    """
    reader = _in_memory(data) if isinstance(data, Iterable) else data
    catalogue = shapes.read(shapes_file)
    vocabulary = graphs.Vocabulary()
    if only:
        scope = context.gather(reader, only)
        triples: Iterable[ox.Triple] = scope.triples
        for quad in context.own_quads(reader, only):
            vocabulary.note(quad)
    else:
        scope = None
        whole = (vocabulary.noted(quad).triple for quad in reader.match())
        triples = chain(whole, ontology.triples())
    text = io.BytesIO()
    ox.serialize(triples, text, format=ox.RdfFormat.N_TRIPLES)
    results = engines.run(text.getvalue(), catalogue.text, engine)
    if scope is not None:
        results = tuple(result for result in results if scope.concerns(result))
    found = _findings(results, catalogue, reader)
    checked = graphs.check(reader, only, vocabulary)
    return tuple(sorted({_placed(finding, reader, only) for finding in chain(found, checked)}))


def worst(findings: Iterable[Finding]) -> Severity | None:
    """Return the worst severity of the findings, or None where there is none."""
    return min((finding.severity for finding in findings), default=None)


def _in_memory(quads: Iterable[ox.Quad]) -> Reader:
    store = open_store("memory:")
    store.oxigraph.extend(quads)  # type: ignore[union-attr]
    return store


def _findings(
    results: Collection[Result], catalogue: shapes.Catalogue, reader: Reader
) -> Iterator[Finding]:
    """Yield a finding for each result, except what only follows from a dangling reference."""
    dangling = {result.focus for result in results if result.shape == _DANGLING}
    for result in results:
        is_consequence = result.component in ("Class", "Node", "Or") and result.shape != _DANGLING
        if is_consequence and result.value in dangling:
            continue
        shape = catalogue.shapes[result.shape]
        path = shrink(result.path) if result.path else shape.path
        if result.component == "SPARQL":
            message, hint = shapes.split(readable(result.messages[0]))
            value = result.value or result.focus
        else:
            value = result.value
            message, hint = _filled(shape.message, result.focus, value), shape.hint
        if result.shape == _DANGLING:
            value, path = "", ""
            message += _referrers(reader, result.focus)
        yield Finding(
            Severity(result.severity),
            result.focus,
            result.shape,
            path,
            "" if value == result.focus else value,
            message,
            hint,
            result.component,
        )


def _filled(template: str, focus: str, value: str) -> str:
    """Return a message with its places filled in: the focus node and the value."""
    shown = curie(value) if not value.startswith('"') else readable(value)
    return template.replace("{$this}", curie(focus)).replace("{?value}", shown)


def _referrers(reader: Reader, focus: str) -> str:
    """Return a sentence on who refers to a node that is not there."""
    uses = islice(reader.match(None, None, ox.NamedNode(focus), None), 3)
    listed = [
        f"{curie(quad.subject.value)} ({shrink(quad.predicate.value)})"
        for quad in uses
        if isinstance(quad.subject, ox.NamedNode)
    ]
    return f" It is used by {', '.join(sorted(listed))}." if listed else ""


def _placed(finding: Finding, reader: Reader, only: Collection[ox.NamedNode]) -> Finding:
    """Return the finding with a graph that describes its focus, or that refers to it."""
    if finding.graph or not finding.focus or finding.focus.startswith("_:"):
        return finding
    node = ox.NamedNode(finding.focus)
    described = {quad.graph_name for quad in islice(reader.match(node, None, None, None), 200)}
    if not described:
        described = {quad.graph_name for quad in islice(reader.match(None, None, node, None), 200)}
    named = {graph.value for graph in described if isinstance(graph, ox.NamedNode)}
    mine = named & {graph.value for graph in only}
    best = min(mine or named - {PROVENANCE_GRAPH.value} or named, default="")
    return replace(finding, graph=best)
