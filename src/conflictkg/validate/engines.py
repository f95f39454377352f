"""SHACL engines behind one small function: the same data, the same results.

pySHACL is the reference; shifty (Rust) is the default as long as tests/test_validate.py finds its
reports equal to pySHACL's on every shape of the project.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from conflictkg.errors import ConflictkgError, InputError

if TYPE_CHECKING:
    import shifty

_SH = "http://www.w3.org/ns/shacl#"

ENGINES = ("auto", "fast", "pyshacl")


@dataclass(frozen=True, slots=True)
class Result:
    """One result of a validation report (SHACL, section 3.6).

    Nodes are IRIs (or ``_:`` labels), literals as in N-Triples; "" where there is none.
    """

    focus: str
    path: str
    value: str
    severity: str
    shape: str
    component: str
    messages: tuple[str, ...]


def run(data: bytes, shapes: bytes, engine: str = "auto") -> tuple[Result, ...]:
    """Validate a data graph against a shapes graph, both as N-Triples.

    ``fast`` is shifty; ``auto`` is shifty where it can be imported, else pySHACL with a warning.
    Raises InputError for an unknown engine or shapes that the engine refuses.
    """
    return tuple(_engine(engine)(data, shapes))


def _engine(name: str) -> Callable[[bytes, bytes], Iterator[Result]]:
    if name not in ENGINES:
        raise InputError(f"there is no engine “{name}”", "take one of: " + ", ".join(ENGINES))
    if name == "pyshacl":
        return _pyshacl
    try:
        import shifty  # noqa: F401
    except ImportError as error:
        if name == "fast":
            raise ConflictkgError(
                f"the fast engine, shifty, cannot be imported: {error}",
                "pip install pyshifty, or take --engine pyshacl",
            ) from error
        warnings.warn(
            "pyshifty cannot be imported: validating with pySHACL, which is slower",
            RuntimeWarning,
            stacklevel=4,
        )
        return _pyshacl
    return _shifty


def _shifty(data: bytes, shapes: bytes) -> Iterator[Result]:
    report = _prepared(shapes).validate_w3c(
        data=data, data_format="ntriples", graph_mode="data", sort_results=False
    )
    triples = ox.parse(report.report_turtle, format=ox.RdfFormat.TURTLE)
    return _results(quad.triple for quad in triples)


@cache
def _prepared(shapes: bytes) -> shifty._shifty.PreparedValidator:
    """Compile the shapes once for a program run."""
    import shifty

    try:
        return shifty._shifty.PreparedValidator(shapes=shapes, shapes_format="ntriples")
    except ValueError as error:
        raise InputError(f"the shapes cannot be used: {error}", "see --engine pyshacl") from error


def _pyshacl(data: bytes, shapes: bytes) -> Iterator[Result]:
    """Run the reference, on rdflib's own memory store (never over oxrdflib: wrong results)."""
    import pyshacl
    import rdflib

    graph = _parsing_once(rdflib.Graph)().parse(data=data, format="nt11")
    shapes_graph = rdflib.Graph().parse(data=shapes, format="nt11")
    _, report, text = pyshacl.validate(
        graph, shacl_graph=shapes_graph, inplace=True, do_owl_imports=False
    )
    if not isinstance(report, rdflib.Graph):
        raise InputError(f"the shapes cannot be used: {text}", "correct ontology/shapes.ttl")
    lines = report.serialize(format="nt", encoding="utf-8")
    return _results(quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))


@cache
def _parsing_once(graph: type[Any]) -> type[Any]:
    """Return a class of graphs that parse each query text once.

    pySHACL runs each SPARQL constraint for each focus node from its text; parsing took nine
    tenths of its time.
    """
    from rdflib.plugins.sparql import prepareQuery

    prepared = cache(prepareQuery)

    class ParsingOnce(graph):  # type: ignore[misc]
        def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:
            if isinstance(query_object, str):
                query_object = prepared(query_object)
            return super().query(query_object, *args, **kwargs)

    return ParsingOnce


def _results(report: Iterable[ox.Triple]) -> Iterator[Result]:
    """Yield the results of a report graph."""
    parts: dict[Any, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    order: list[Any] = []
    for triple in report:
        name = triple.predicate.value.removeprefix(_SH)
        parts[triple.subject][name].append(triple.object)
        if name == "result":
            order.append(triple.object)

    def only(node: Any, name: str) -> str:
        return next((_text(term) for term in parts[node][name]), "")

    for node in order:
        paths = [path for path in parts[node]["resultPath"] if isinstance(path, ox.NamedNode)]
        yield Result(
            focus=only(node, "focusNode"),
            path=paths[0].value if paths else "",
            value=only(node, "value"),
            severity=only(node, "resultSeverity").removeprefix(_SH),
            shape=only(node, "sourceShape"),
            component=only(node, "sourceConstraintComponent")
            .removeprefix(_SH)
            .removesuffix("ConstraintComponent"),
            messages=tuple(sorted(message.value for message in parts[node]["resultMessage"])),
        )


def _text(term: Any) -> str:
    return str(term.value) if isinstance(term, ox.NamedNode) else str(term)
