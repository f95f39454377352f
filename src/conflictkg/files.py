"""Graph files: RDF text in any format, read into named graphs without blank nodes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from conflictkg.brackets import complete, name_brackets
from conflictkg.errors import InputError
from conflictkg.terms import GRAPH, PREFIXES, expand, node

FOLDERS = {"documents": "document/", "issues": "issues/", "entities": "entities/"}
"""The folders of the graph files, and what their graph names begin with."""

SUFFIXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
}
"""File name suffix -> RDF format."""

MAX_BYTES = 256 * 2**20
"""The largest file that is read as a whole; N-Quads and N-Triples without blank nodes stream."""

_DEEP = re.compile(rb"(?:<<\(?\s*){16}|(?:\[[^\[\]\"<>]{0,200}){64}|(?:\(\s*){256}")


@dataclass(frozen=True, slots=True)
class GraphFile:
    """A file read: its named graphs, and what it says about the graphs themselves."""

    name: str
    sha256: str
    graphs: dict[ox.NamedNode, list[ox.Triple]] = field(default_factory=dict)
    about: list[ox.Triple] = field(default_factory=list)

    @property
    def quads(self) -> int:
        """How many quads its graphs hold."""
        return sum(map(len, self.graphs.values()))

    def about_graph(self, graph: ox.NamedNode) -> list[ox.Triple]:
        """Return what the file says about one of its graphs."""
        return [triple for triple in self.about if triple.subject == graph]


def format_of(path: Path, name: str | None = None) -> ox.RdfFormat:
    """Return the RDF format of a file by its suffix, or of a format name such as ``turtle``.

    Raises InputError if the suffix or name is not one of SUFFIXES.
    """
    if name:
        by_name = {f".{name.lower().lstrip('.')}": name}
        for suffix, known in SUFFIXES.items():
            if suffix in by_name or name.lower() in (known.name.lower(), known.media_type):
                return known
    elif path.suffix.lower() in SUFFIXES:
        return SUFFIXES[path.suffix.lower()]
    raise InputError(
        f"unknown RDF format “{name or path.suffix}”",
        "use one of " + " ".join(SUFFIXES),
        source=path,
    )


def own_graph(path: Path) -> ox.NamedNode | None:
    """Return the graph that a file's place gives it: docgraph:x for ``documents/x.trig``."""
    begin = FOLDERS.get(path.resolve().parent.name)
    return ox.NamedNode(GRAPH + begin + path.stem) if begin else None


def graph_files(folder: Path) -> list[Path]:
    """Return the graph files of a folder laid out as ``graphs/`` is, in loading order.

    Raises InputError if the folder has none.
    """
    found = [
        path
        for name in ("entities", "issues", "documents")
        for path in sorted((folder / name).glob("*"))
        if path.suffix.lower() in SUFFIXES
    ]
    if not found:
        raise InputError(
            "there are no graph files here",
            "a graph folder has documents/*.trig, issues/*.ttl and entities/*.ttl",
            source=folder,
        )
    return found


def read_file(
    path: Path, *, graph: ox.NamedNode | None = None, format: ox.RdfFormat | None = None
) -> GraphFile:
    """Read a graph file whole.

    Triples outside named graphs go to ``graph``, or to the graph of the file's place; those
    whose subject is a graph are kept apart as being about it. Brackets are completed and named.
    Raises InputError, with file and line or node, if anything is wrong with the file.
    """
    data = read_bytes(path)
    return parse(data, path, graph=graph or own_graph(path), format=format or format_of(path))


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; raises InputError if it cannot be read or is too large."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"{size:,} bytes are more than the {MAX_BYTES:,} that are read as a whole",
                "convert it to N-Quads without blank nodes, which stream",
                source=path,
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError("there is no such file", "check the name", source=path) from error
    except OSError as error:
        raise InputError(f"it cannot be read: {error}", source=path) from error


def parse(
    data: bytes,
    source: str | Path,
    *,
    graph: ox.NamedNode | None,
    format: ox.RdfFormat,
    base: str | None = None,
) -> GraphFile:
    """Read RDF text; ``source`` is what errors call it. See read_file.

    Relative IRIs are relative to ``base``; without one they are errors.
    """
    text = _text(data, source)
    if format == ox.RdfFormat.RDF_XML and re.search(r"<!\s*(DOCTYPE|ENTITY)", text):
        raise InputError(
            "the XML declares a document type or entities; these are not read",
            "write the IRIs out, or convert the file to Turtle",
            source=source,
            line=_line(text, "<!DOCTYPE"),
        )
    if _DEEP.search(data):
        raise InputError("nodes nest too deeply", "give the inner nodes IRIs", source=source)
    named: dict[ox.NamedNode | None, list[ox.Triple]] = {}
    about: list[ox.Triple] = []
    try:
        for quad in ox.parse(text.encode(), format=format, base_iri=base):
            holder = None if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
            if isinstance(holder, ox.BlankNode):
                raise InputError("a graph has no name", "give it an IRI", source=source)
            if holder is None and _is_graph(quad.subject):
                about.append(quad.triple)
            else:
                named.setdefault(holder, []).append(quad.triple)
    except SyntaxError as error:
        raise InputError(_said(error), _hint(error), source=source, line=error.lineno) from error
    except (ValueError, OSError) as error:
        raise InputError(f"it cannot be parsed: {error}", source=source) from error
    if None in named and graph is None:
        first = named[None][0].subject
        raise InputError(
            "it has triples outside any named graph",
            "say which graph they belong to with --graph, or put the file into "
            "documents/, issues/ or entities/",
            source=source,
            line=_line(text, first),
        )
    graphs: dict[ox.NamedNode, list[ox.Triple]] = {}
    for holder, triples in named.items():
        try:
            ready = [*name_brackets(complete(triples))]
        except InputError as error:
            raise InputError(error.message, error.hint, source=source) from error
        graphs.setdefault(holder or _sure(graph), []).extend(ready)
    return GraphFile(str(source), hashlib.sha256(data).hexdigest(), graphs, about)


def _sure(graph: ox.NamedNode | None) -> ox.NamedNode:
    assert graph is not None
    return graph


def _is_graph(node: object) -> bool:
    return isinstance(node, ox.NamedNode) and node.value.startswith(GRAPH)


def _text(data: bytes, source: str | Path) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("the file is UTF-16", "save it as UTF-8", source=source)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"byte {error.start} is not UTF-8",
            "save the file as UTF-8",
            source=source,
            line=data.count(b"\n", 0, error.start) + 1,
        ) from error


def _line(text: str, start: object) -> int | None:
    """Return the line on which a node, or a piece of text, first stands."""
    from conflictkg.terms import shrink

    needle = shrink(start.value) if isinstance(start, ox.NamedNode) else str(start)
    at = text.find(needle)
    return text.count("\n", 0, at) + 1 if at >= 0 else None


def _said(error: SyntaxError) -> str:
    return re.sub(r"^Parser error at line \d+[^:]*: ", "", error.msg or str(error))


def _hint(error: SyntaxError) -> str:
    message = error.msg or ""
    if "prefix" in message.lower():
        unknown = re.search(r"([A-Za-z][\w-]*):?\s+has not been declared", message)
        if unknown and unknown[1] in PREFIXES:
            return f"add: @prefix {unknown[1]}: <{PREFIXES[unknown[1]]}> ."
        return "declare it with @prefix; ontology/context.jsonld has the project's prefixes"
    return "mend the text there and try again"


def streamable_lines(path: Path) -> int | None:
    """Return the number of lines of an N-Quads or N-Triples file; None if it cannot be streamed.

    It cannot if it may have blank nodes or triple terms: if ``_:`` or ``<<`` stands in it.
    """
    tail, lines = b"", 0
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 20):
                seam = tail + block[:1]
                if any(mark in block or mark == seam for mark in (b"_:", b"<<")):
                    return None
                tail, lines = block[-1:], lines + block.count(b"\n")
    except OSError as error:
        raise InputError(f"it cannot be read: {error}", source=path) from error
    return lines


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def graph_named(text: str) -> ox.NamedNode:
    """Return the graph that a user names by CURIE, IRI or path (``documents/x``)."""
    folder, slash, stem = text.partition("/")
    if slash and folder in FOLDERS:
        return ox.NamedNode(GRAPH + FOLDERS[folder] + Path(stem).stem)
    return node(expand(text))


def read_text(path: Path) -> tuple[bytes, str]:
    """Return the bytes of a UTF-8 text file and its text, line ends untouched.

    Raises InputError if it cannot be read or is not UTF-8.
    """
    data = read_bytes(path)
    return data, _text(data, path)
