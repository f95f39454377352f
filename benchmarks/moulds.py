"""The real graph as moulds: its quads as text with slots, from which copies are cast.

A slot stands for what differs between copies: the suffix of an identifier, a date, a speaker, the
tail of a text. Everything else (how many statements a document has, which predicates a claim,
how long a quote is, what is nested in what) is the real graph's own.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from conflictkg.files import GraphFile, graph_files, read_file
from conflictkg.provenance import Run, content_hash, graph_provenance
from conflictkg.terms import CKG, DCTERMS, GRAPH, OA, RDF, RDFS, SCHEMA, SKOS

RUN = Run("generate", datetime(2026, 1, 1, tzinfo=UTC))
"""The run that generated graphs name; its time is fixed, so that the output is."""

_OURS = re.compile(
    r"https://w3id\.org/conflictkg/(?:id/(?!run/|software/|rule/)[a-z]+|graph/[a-z]+)/"
)
_OF_DOCUMENTS = re.compile(r"/(?:id/(?:document|report|statement|source|finding)|graph/document)/")
_BRACKET = re.compile(r"(?:\.[A-Za-z]+-[0-9a-f]{8})+$")
_HASH = re.compile(r"[0-9a-f]{64}")
_TEXTS = {
    *(SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.note, RDFS.label),
    *(SCHEMA.text, DCTERMS.title, OA.exact, OA.prefix, OA.suffix),
}
_DAY = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?([~?%]|(?<=-\d\d-\d\d)T[-\d:+.Z]+)?")

Owner = str
"""What a part of the documents is about: the IRI of a statement or finding, or for the rest of a
document (its description, its provenance, its unnamed sources) that of its graph."""


@dataclass(slots=True)
class Part:
    """Lines that come together, and the parts without which they would refer to nothing."""

    lines: list[str] = field(default_factory=list)
    needs: set[Owner] = field(default_factory=set)


@dataclass(slots=True)
class Moulds:
    """The moulds of the real graph, and what was measured of it.

    ``world`` are the lines of entities, issues and claims; ``parts`` those of the documents.
    ``speakers`` are the named speakers with their posts ("" for none) by falling number of
    statements; ``slots`` say for each speaker slot whether it has a post.
    """

    world: list[str] = field(default_factory=list)
    parts: dict[Owner, Part] = field(default_factory=dict)
    needed: set[Owner] = field(default_factory=set)
    times: list[str] = field(default_factory=list)
    speakers: list[tuple[str, str]] = field(default_factory=list)
    slots: list[bool] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    exponent: float = 1.0


def measured(folder: Path) -> Moulds:
    """Read the graph files of a folder and return their moulds."""
    files = [(path, read_file(path)) for path in graph_files(folder)]
    return _Cast(files).moulds


class _Cast:
    """Makes the moulds; keeps what slots have been given out."""

    def __init__(self, files: list[tuple[Path, GraphFile]]) -> None:
        self.moulds = Moulds()
        self.edtf: dict[object, str] = {}
        self.slot_of: dict[object, int] = {}
        every = [(g, t) for _, file in files for g, triples in file.graphs.items() for t in triples]
        triples = [triple for _, triple in every]
        self._notice(triples)
        for path, file in files:
            for graph, content in file.graphs.items():
                quads = [ox.Quad(t.subject, t.predicate, t.object, graph) for t in content]
                about = graph_provenance(
                    graph,
                    RUN,
                    file=f"{path.parent.name}/{path.stem}",
                    file_sha256=file.sha256,
                    content_sha256=content_hash(content),
                    about=file.about_graph(graph),
                )
                of_document = graph.value.startswith(GRAPH + "document/")
                if of_document:
                    self.moulds.documents.append(graph.value)
                self._add([*quads, *about], graph.value if of_document else "")

    def _notice(self, triples: list[ox.Triple]) -> None:
        """Note times, publishers and speakers before any line is made."""
        said = {t.subject: t.object for t in triples if t.predicate == CKG.speaker}
        posts = {t.subject: t.object for t in triples if t.predicate == CKG.inCapacity}
        self.edtf = {
            t.subject: t.object.value
            for t in triples
            if t.predicate == CKG.edtf
            and isinstance(t.object, ox.Literal)
            and shifted(t.object.value, 0)
        }
        self.moulds.times = sorted(set(self.edtf.values()))
        found = {_iri(t.object) for t in triples if t.predicate == DCTERMS.publisher}
        self.moulds.publishers = sorted(found)
        self.reported = {
            _iri(t.subject): _iri(t.object) for t in triples if t.predicate == CKG.reports
        }
        speaks: Counter[tuple[str, str]] = Counter()
        for statement, speaker in sorted(said.items(), key=str):
            if "/source/" in _iri(speaker) or _iri(speaker) in found:
                continue
            post = posts.get(statement)
            speaks[_iri(speaker), _iri(post) if post else ""] += 1
            self.slot_of[statement] = len(self.moulds.slots)
            self.moulds.slots.append(post is not None)
        self.moulds.speakers = [pair for pair, _ in speaks.most_common()]
        self.moulds.exponent = exponent(Counter(map(_iri, said.values())))

    def _add(self, quads: Iterable[ox.Quad], home: Owner) -> None:
        """Add the lines of a graph; ``home`` is its name if it is that of a document, else ""."""
        for quad in quads:
            line = self._line(quad, bool(home))
            mentioned = self._owner(quad.object)
            if not home:
                self.moulds.world.append(line)
                self.moulds.needed |= {mentioned} - {""}
                continue
            subject = quad.subject
            assert isinstance(subject, ox.NamedNode)
            about = "/id/statement/" in subject.value or "/id/finding/" in subject.value
            about = about or "/id/report/" in subject.value
            owner = (self._owner(subject) if about else "") or home
            part = self.moulds.parts.setdefault(owner, Part())
            part.lines.append(line)
            part.needs |= {mentioned, home} - {owner, ""}

    def _owner(self, node: object) -> Owner:
        """Return the part that describes a node, "" for what no document describes."""
        if not isinstance(node, ox.NamedNode):
            return ""
        iri = _BRACKET.sub("", node.value)
        iri = self.reported.get(iri, iri)
        if "/id/statement/" in iri or "/id/finding/" in iri:
            return iri
        told = _OF_DOCUMENTS.search(iri)
        return f"{GRAPH}document/{iri[told.end() :].partition('.')[0]}" if told else ""

    def _line(self, quad: ox.Quad, of_document: bool) -> str:
        subject, predicate, object = quad.subject, quad.predicate, quad.object
        slot = self.slot_of.get(subject) if of_document else None
        if slot is not None and predicate in (CKG.speaker, CKG.inCapacity):
            value = f"<%({'s' if predicate == CKG.speaker else 'c'}{slot})s>"
        elif isinstance(object, ox.Literal):
            value = self._literal(subject, predicate, object)
        else:
            value = self._iri(object, of_document)
            if predicate == SCHEMA.url:
                value = value[:-1] + "?copy=%(d)s>"
        graph = self._iri(quad.graph_name, of_document)
        return f"{self._iri(subject, of_document)} {predicate} {value} {graph} .\n"

    def _iri(self, node: object, of_document: bool) -> str:
        assert isinstance(node, ox.NamedNode)
        iri = node.value.replace("%", "%%")
        ours = _OURS.match(iri)
        if not ours:
            return f"<{iri}>"
        slot = "d" if _OF_DOCUMENTS.search(ours[0]) or ours[0].endswith("/file/") else "w"
        if of_document and node.value in self.moulds.publishers:
            slot = f"p{self.moulds.publishers.index(node.value)}"
        stem, dot, rest = iri[ours.end() :].partition(".")
        return f"<{ours[0]}{stem}-%({slot})s{dot}{rest}>"

    def _literal(self, subject: object, predicate: ox.NamedNode, literal: ox.Literal) -> str:
        edtf = self.edtf.get(subject)
        if edtf is not None:
            number = self.moulds.times.index(edtf)
            slot = {CKG.edtf: "e", CKG.earliest: "a", CKG.latest: "b"}.get(predicate)
            if slot:
                return f'"%({slot}{number})s"^^{literal.datatype}'
        text = str(literal).replace("%", "%%")
        if predicate in _TEXTS:
            end = text.rindex('"')
            return f"{text[:end]}·%(d)s{text[end:]}"
        if predicate == SCHEMA.sha256 and _HASH.fullmatch(literal.value):
            return f'"{literal.value[:-12]}%(x)s"'
        return text


def _iri(node: object) -> str:
    """Return the IRI of a node that cannot be anything else."""
    assert isinstance(node, ox.NamedNode)
    return node.value


@lru_cache(maxsize=65536)
def shifted(edtf: str, months: int) -> tuple[str, str, str] | None:
    """Return an EDTF value, its first and its last day, all some months later.

    None for forms that are not days, months or years, or intervals of these. An open bound is "".
    """
    ends = edtf.split("/")
    moved = [_moved(end, months) for end in ends]
    if len(ends) > 2 or None in moved:
        return None
    known = [end for end in moved if end is not None]
    return "/".join(end[0] for end in known), known[0][1], known[-1][2]


def _moved(end: str, months: int) -> tuple[str, str, str] | None:
    """Return one end of an interval as EDTF, first and last day, moved by months."""
    if end in ("", ".."):
        return end, "", ""
    match = _DAY.fullmatch(end)
    if not match:
        return None
    year, month, day, mark = int(match[1]), match[2], match[3], match[4] or ""
    if month is None:
        year += months // 12
        return f"{year:04}{mark}", f"{year:04}-01-01", f"{year:04}-12-31"
    if not 1 <= int(month) <= 12:
        return None
    year, number = divmod(year * 12 + int(month) - 1 + months, 12)
    last = _days(year, number + 1)
    prefix = f"{year:04}-{number + 1:02}"
    if day is None:
        return prefix + mark, f"{prefix}-01", f"{prefix}-{last:02}"
    whole = f"{prefix}-{min(int(day), last):02}"
    return whole + mark, whole, whole


def _days(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def exponent(counts: Counter[str]) -> float:
    """Return the exponent of Zipf's law that fits counts by rank best (least squares on logs).

    It is kept between 1.0 and 1.3: a small graph bears no more.
    """
    points = [
        (math.log(rank), math.log(count))
        for rank, (_, count) in enumerate(counts.most_common(), start=1)
    ]
    if len(points) < 3:
        return 1.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / sum(
        (x - mean_x) ** 2 for x, _ in points
    )
    return min(1.3, max(1.0, -slope))


def figures(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, float]]:
    """Yield what the benchmarks call the shape of a graph: names and numbers."""
    count: Counter[str] = Counter()
    graphs, statements = set(), set()
    words = 0
    for quad in quads:
        graphs.add(quad.graph_name)
        count["quads"] += 1
        if quad.predicate == CKG.expresses:
            statements.add(quad.subject)
        elif quad.predicate == OA.exact:
            words += len(str(quad.object).split())
        count[str(quad.predicate)] += 1
        if quad.predicate == RDF.type:
            count[_iri(quad.object)] += 1
    documents = max(1, count[CKG.Document.value])
    yield "quads", count["quads"]
    yield "named graphs", len(graphs)
    yield "documents", documents
    yield "statements per document", len(statements) / documents
    yield "reports per statement", count[str(CKG.reports)] / max(1, len(statements))
    yield "stances per statement", count[str(CKG.expresses)] / max(1, len(statements))
    yield "claims per issue", count[CKG.Claim.value] / max(1, count[CKG.Issue.value])
    yield "words per quote", words / max(1, count[str(OA.exact)])
    yield "quads per statement", count["quads"] / max(1, len(statements))
