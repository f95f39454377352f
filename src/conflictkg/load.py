"""Graph files into a store and out of it again: build, load, dump and the canonical form.

Every writing verb is all or nothing: it works on a new generation of the store, which becomes
current only when all of it is done (see generations.py).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from conflictkg import derive
from conflictkg.errors import InputError, StoreError
from conflictkg.files import (
    GraphFile,
    graph_files,
    own_graph,
    parse,
    read_bytes,
    read_file,
    sha256_of,
    streamable_lines,
)
from conflictkg.files import format_of as format_of
from conflictkg.generations import writing
from conflictkg.provenance import Run, content_hash, graph_provenance
from conflictkg.store import LocalStore, Overlay, Reader
from conflictkg.terms import (
    DCTERMS,
    GRAPH,
    ONTOLOGY_GRAPH,
    PREFIXES,
    PROV,
    PROVENANCE_GRAPH,
    bundled,
    node,
)
from conflictkg.turtle import comments_of, write_turtle

Progress = Callable[[Iterable[Path], str], Iterable[Path]]
"""Wraps the files while they are worked on, to show how far it is; gets a word for what is done."""

ONTOLOGY_FILES = ("conflictkg.ttl", "schemes.ttl", "alignments.ttl")
_STREAMED = (ox.RdfFormat.N_QUADS, ox.RdfFormat.N_TRIPLES)


def _silent(files: Iterable[Path], word: str) -> Iterable[Path]:
    return files


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a build or load did: files read, graphs replaced or added, quads.

    ``quads`` are those now in the store after a build, those read from the files by a load
    (counting a store means reading it).
    """

    files: int
    graphs: int
    quads: int


def build(folder: Path, store: Path, *, progress: Progress = _silent) -> Loaded:
    """Build a store from a folder of graph files, in place of whatever the store held.

    Derived graphs are computed as well. Raises InputError for a bad file and StoreError for a
    store that cannot be written; the store is then as it was before.
    """
    paths = graph_files(folder)
    with writing(store, fresh=True) as target:
        return _fill(target, paths, Run.now("build"), folder, progress)


def build_in_memory(folder: Path, *, progress: Progress = _silent) -> LocalStore:
    """Build a store in memory from a folder of graph files."""
    target = LocalStore(ox.Store(), "memory:")
    _fill(target, graph_files(folder), Run.now("build"), folder, progress)
    return target


def file_in_memory(path: Path, folder: Path) -> LocalStore:
    """Build a store in memory from one graph file, with the issues and entities of a folder.

    The file takes the place of the one of its name. Raises InputError for a bad file.
    """
    target = LocalStore(ox.Store(), str(path))
    run = Run.now("build")
    file = read_file(path)
    for other in graph_files(folder):
        if other.parent.name != "documents":
            context = read_file(other)
            if not context.graphs.keys() & file.graphs.keys():
                target.oxigraph.extend(_quads(context, other.name, run))
    target.oxigraph.extend(_quads(file, path.name, run))
    target.oxigraph.extend(_ontology_quads(run))
    derive.derive(target, run)
    return target


def _fill(
    target: LocalStore, paths: Sequence[Path], run: Run, folder: Path, progress: Progress
) -> Loaded:
    graphs: set[ox.NamedNode] = set()

    def read_all() -> Iterator[ox.Quad]:
        for path in progress(paths, "reading"):
            file = _in_its_place(read_file(path), path)
            graphs.update(file.graphs)
            yield from _quads(file, path.relative_to(folder).as_posix(), run)
        yield from _ontology_quads(run)

    target.oxigraph.bulk_extend(read_all())
    derive.derive(target, run)
    target.oxigraph.extend(run.quads())
    return Loaded(len(paths), len(graphs), len(target))


def _in_its_place(file: GraphFile, path: Path) -> GraphFile:
    """Return the file if it holds just the graph that its name and place give it."""
    mine = own_graph(path)
    for graph in file.graphs:
        if graph != mine:
            raise InputError(
                f"it holds the graph <{graph.value}>, but by its name and place it is "
                f"the file of <{mine.value if mine else ''}>",
                "rename the file or the graph",
                source=path,
            )
    return file


def _quads(file: GraphFile, name: str, run: Run) -> Iterator[ox.Quad]:
    """Yield the quads of a file that was read: its graphs and the provenance of each."""
    for graph, triples in file.graphs.items():
        for triple in triples:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
        if graph.value.startswith(GRAPH) and graph != PROVENANCE_GRAPH:
            yield from graph_provenance(
                graph,
                run,
                file=name,
                file_sha256=file.sha256,
                content_sha256=content_hash(triples),
                about=file.about_graph(graph),
            )


def _ontology_quads(run: Run) -> Iterator[ox.Quad]:
    """Yield the ontology and its schemes as a graph, so that labels can be queried."""
    for name in ONTOLOGY_FILES:
        path = bundled("ontology") / name
        yield from (
            ox.Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH)
            for t in (quad.triple for quad in ox.parse(path=str(path)))
            if not isinstance(t.subject, ox.BlankNode) and not isinstance(t.object, ox.BlankNode)
        )
    license = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")
    about = [
        ox.Triple(ONTOLOGY_GRAPH, DCTERMS.license, license),
        ox.Triple(ONTOLOGY_GRAPH, PROV.wasAttributedTo, node("organization:conflictkg")),
    ]
    yield from graph_provenance(
        ONTOLOGY_GRAPH,
        run,
        file="ontology/conflictkg.ttl",
        file_sha256=sha256_of(bundled("ontology/conflictkg.ttl")),
        about=about,
    )


def load(
    paths: Sequence[Path],
    store: Path,
    *,
    graph: ox.NamedNode | None = None,
    format: ox.RdfFormat | None = None,
    rules: bool = True,
    progress: Progress = _silent,
) -> Loaded:
    """Load files into a store; each graph that a file names replaces the one of that name.

    N-Quads and N-Triples without blank nodes stream from disk, whatever their size; other formats
    are read whole. Derived graphs are brought up to date, unless ``rules`` is false. Raises
    InputError or StoreError; the store is then as it was before.
    """
    run = Run.now("load")
    with writing(store) as target:
        fresh = next(target.match(), None) is None
        touched: set[ox.NamedNode] = set()
        graphs: set[ox.NamedNode] = set()
        quads = 0
        for path in progress(paths, "loading"):
            kind = format or format_of(path)
            if kind in _STREAMED and (lines := streamable_lines(path)) is not None:
                graphs |= _stream(target, path, kind, graph, run, touched)
                quads += lines
            else:
                file = read_file(path, graph=graph, format=kind)
                _replace(target, file, path.name, run, touched)
                graphs |= set(file.graphs)
                quads += file.quads
        target.oxigraph.extend(run.quads())
        if rules:
            derive.derive(target, run, touched=None if fresh else touched)
        return Loaded(len(paths), len(graphs), quads)


def laid_over(base: Reader, paths: Sequence[Path]) -> tuple[Overlay, set[ox.NamedNode]]:
    """Return a store with some files laid over it, and the graphs that they name.

    Nothing is written: it is for looking at files before they are loaded.
    """
    above = LocalStore(ox.Store(), "memory:")
    run = Run.now("validate")
    graphs: set[ox.NamedNode] = set()
    for path in paths:
        file = read_file(path)
        above.oxigraph.extend(_quads(file, path.name, run))
        graphs |= set(file.graphs) - {PROVENANCE_GRAPH}
    above.oxigraph.extend(run.quads())
    return Overlay(base, above), graphs


def load_bytes(
    data: bytes, store: Path, *, format: ox.RdfFormat, graph: ox.NamedNode | None = None
) -> Loaded:
    """Load RDF text, as from a pipe, into a store. See load."""
    run = Run.now("load")
    file = parse(data, "standard input", graph=graph, format=format)
    with writing(store) as target:
        touched: set[ox.NamedNode] = set()
        _replace(target, file, "standard input", run, touched)
        target.oxigraph.extend(run.quads())
        derive.derive(target, run, touched=touched)
        return Loaded(1, len(file.graphs), file.quads)


def _stream(
    target: LocalStore,
    path: Path,
    format: ox.RdfFormat,
    graph: ox.NamedNode | None,
    run: Run,
    touched: set[ox.NamedNode],
) -> set[ox.NamedNode]:
    """Bulk-load a file straight from disk; return the graphs that it names.

    The nodes that the graphs describe are added to ``touched``, unless the store was empty.
    """
    if format == ox.RdfFormat.N_TRIPLES and (graph := graph or own_graph(path)) is None:
        raise InputError("N-Triples have no graph names", "say which with --graph", source=path)
    before = set(target.graphs())
    named: set[ox.NamedNode] = set()
    try:
        if before and format == ox.RdfFormat.N_QUADS:
            named = {
                quad.graph_name
                for quad in ox.parse(path=str(path), format=format)
                if isinstance(quad.graph_name, ox.NamedNode)
            }
        for name in (named | ({graph} if graph else set())) & before:
            if name != PROVENANCE_GRAPH:
                touched |= _described(target, name)
                _forget(target, name)
        target.oxigraph.bulk_load(path=str(path), format=format, to_graph=graph)
    except SyntaxError as error:
        raise InputError(
            error.msg or str(error), "mend that line", source=path, line=error.lineno
        ) from error
    except (ValueError, RuntimeError) as error:
        raise InputError(f"it cannot be loaded: {error}", source=path) from error
    except FileNotFoundError as error:
        raise InputError("the file is gone", "check the name", source=path) from error
    if any(True for _ in target.oxigraph.quads_for_pattern(None, None, None, ox.DefaultGraph())):
        raise InputError("it has triples outside any named graph", "give them a graph", source=path)
    graphs = set(target.graphs()) - before | named | ({graph} if graph else set())
    if before:
        for name in graphs - {PROVENANCE_GRAPH}:
            touched |= _described(target, name)
    sha256 = sha256_of(path)
    for name in graphs - {PROVENANCE_GRAPH}:
        if next(target.match(name, PROV.wasGeneratedBy, None, PROVENANCE_GRAPH), None) is None:
            target.oxigraph.extend(graph_provenance(name, run, file=path.name, file_sha256=sha256))
    return graphs


def _replace(
    target: LocalStore, file: GraphFile, name: str, run: Run, touched: set[ox.NamedNode]
) -> None:
    """Put the graphs of a file in place of those of their names; note whose descriptions differ."""
    for graph, triples in file.graphs.items():
        before = {quad.triple for quad in target.match(None, None, None, graph)}
        touched |= _named({triple.subject for triple in before ^ set(triples)})
        _forget(target, graph)
    target.oxigraph.bulk_extend(_quads(file, name, run))


def _described(target: LocalStore, graph: ox.NamedNode) -> set[ox.NamedNode]:
    return _named(quad.subject for quad in target.match(None, None, None, graph))


def _named(nodes: Iterable[object]) -> set[ox.NamedNode]:
    return {node for node in nodes if isinstance(node, ox.NamedNode)}


def _forget(target: LocalStore, graph: ox.NamedNode) -> None:
    """Remove a graph and what the provenance graph says of it."""
    target.oxigraph.remove_graph(graph)
    for quad in list(target.match(graph, None, None, PROVENANCE_GRAPH)):
        target.oxigraph.remove(quad)


def dump(
    store: Reader,
    output: IO[bytes],
    format: ox.RdfFormat,
    *,
    graph: ox.NamedNode | None = None,
) -> None:
    """Write a store, or one graph of it, to a binary stream in an RDF format.

    Turtle and TriG of one graph come in the canonical form. Formats without graph names (Turtle,
    N-Triples, RDF/XML) merge the graphs; provenance and names are then lost.
    """
    if graph is not None and format in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG):
        triples = [quad.triple for quad in store.match(None, None, None, graph)]
        about = [quad.triple for quad in store.match(graph, None, None, PROVENANCE_GRAPH)]
        text = (
            write_turtle(triples, graph=graph, about_graph=about)
            if format == ox.RdfFormat.TRIG
            else write_turtle(triples)
        )
        output.write(text.encode())
        return
    quads = store.match(None, None, None, graph)
    if format.supports_datasets:
        ox.serialize(quads, output, format=format, prefixes=dict(PREFIXES))
    else:
        triples_of = (quad.triple for quad in quads)
        ox.serialize(triples_of, output, format=format, prefixes=dict(PREFIXES))


def canonical(path: Path) -> str:
    """Return the canonical text of a Turtle or TriG graph file, its comments kept.

    Raises InputError if the file is another format, holds several graphs or cannot be parsed.
    """
    kind = format_of(path)
    if kind not in (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG):
        raise InputError("only Turtle and TriG have a canonical form", source=path)
    home = own_graph(path) or ox.NamedNode(GRAPH + "document/" + path.stem)
    data = read_bytes(path)
    file = parse(data, path, graph=home, format=kind)
    comments = comments_of(data.decode("utf-8-sig"), str(path))
    if len(file.graphs) > 1:
        raise InputError(
            f"it holds {len(file.graphs)} named graphs", "write one graph a file", source=path
        )
    graph, triples = next(iter(file.graphs.items()), (home, []))
    if kind == ox.RdfFormat.TRIG:
        return write_turtle(triples, graph=graph, about_graph=file.about, comments=comments)
    return write_turtle([*file.about, *triples], comments=comments)


@contextmanager
def written_atomically(path: Path) -> Iterator[IO[bytes]]:
    """Open a file that takes the place of ``path`` when the block ends well.

    A failure leaves the old file, or none. Raises StoreError if it cannot be written.
    """
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        why = error.strerror or error  # not the name of a file that nobody knows of
        raise StoreError(f"{path} cannot be written: {why}", "check the folder") from error
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(path.stat().st_mode if path.exists() else 0o644)
        Path(name).replace(path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise StoreError(
                f"{path} could not be written: {error.strerror or error}",
                "it is as it was before",
            ) from error
        raise
