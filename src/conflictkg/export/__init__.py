"""Networks as files: one writer for each format, chosen by the suffix of the file.

A writer takes a projection and yields bytes, so that no file is ever whole in memory. The same
projection gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, NamedTuple

from conflictkg.errors import InputError
from conflictkg.export import geojson, gephi, gexf, graphml, jsons, picture
from conflictkg.load import written_atomically
from conflictkg.network import Projection

Writer = Callable[[Projection], Iterator[bytes]]
Progress = Callable[[Iterator[bytes], str], Iterator[bytes]]


class Format(NamedTuple):
    """A format: the media type of its file, the writer of it, and what it is for."""

    media_type: str
    writer: Writer
    what: str


FORMATS: dict[str, Format] = {
    ".gexf": Format("application/gexf+xml", gexf.write, "GEXF 1.3, for Gephi, with time"),
    ".graphml": Format("application/graphml+xml", graphml.write, "GraphML, for igraph and yEd"),
    ".csv": Format("application/zip", gephi.write, "Gephi's node and edge tables"),
    ".json": Format("application/json", jsons.node_link, "node-link JSON, as NetworkX has it"),
    ".cyjs": Format("application/json", jsons.cytoscape, "Cytoscape JSON"),
    ".geojson": Format("application/geo+json", geojson.write, "what has coordinates"),
    ".jsonl": Format("application/jsonl", jsons.lines, "a JSON object a line"),
    ".png": Format("image/png", picture.png, "a picture with a legend"),
    ".svg": Format("image/svg+xml", picture.svg, "the same as drawing"),
}
"""Suffix -> format. The ``.csv`` of a file name becomes two files, over HTTP a zip of both."""


def format_of(name: str | Path) -> str:
    """Return the suffix of a format from the name of a file, a suffix or a bare name.

    Raises InputError, with the formats that there are, for one that is none.
    """
    text = str(name).lower()
    suffix = text if text.startswith(".") else Path(text).suffix or f".{text}"
    if suffix not in FORMATS:
        listed = ", ".join(f"{one} ({format.what})" for one, format in FORMATS.items())
        raise InputError(f"“{name}” ends in no format of networks", f"the formats are: {listed}")
    return suffix


def chunks(projection: Projection, format: str) -> Iterator[bytes]:
    """Return the bytes of a projection in a format, piece by piece; raises InputError."""
    return FORMATS[format_of(format)].writer(projection)


def write(
    projection: Projection,
    path: str | Path,
    *,
    format: str | None = None,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write a projection to a file whose suffix tells the format; return what was written.

    ``X.csv`` gives ``X.nodes.csv`` and ``X.edges.csv``, both or neither. ``progress`` wraps the
    pieces as they are written. A failure leaves the file as it was, or none.
    Raises InputError for an unknown suffix, StoreError if the file cannot be written.
    """
    target = Path(path)
    suffix = format_of(format or target.name)
    if suffix != ".csv":
        _save(chunks(projection, suffix), target, progress)
        return (target,)
    stem = target.with_suffix("") if target.suffix.lower() == ".csv" else target
    names = [stem.with_name(f"{stem.name}.{table}.csv") for table in ("nodes", "edges")]
    with ExitStack() as both:
        files = [both.enter_context(written_atomically(name)) for name in names]
        for name, file, writer in zip(names, files, (gephi.nodes, gephi.edges), strict=True):
            _put(writer(projection), file, name, progress)
    return tuple(names)


def _save(pieces: Iterator[bytes], path: Path, progress: Progress | None) -> None:
    with written_atomically(path) as file:
        _put(pieces, file, path, progress)


def _put(pieces: Iterator[bytes], file: IO[bytes], path: Path, progress: Progress | None) -> None:
    for piece in progress(pieces, path.name) if progress else pieces:
        file.write(piece)


__all__ = ["FORMATS", "Format", "chunks", "format_of", "write"]
