"""Where each graph comes from: PROV-O about a run and the graphs that it makes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyoxigraph as ox

from conflictkg import __version__
from conflictkg.terms import DCTERMS, PROV, PROVENANCE_GRAPH, RDF, RDFS, SCHEMA, XSD, expand, node

SOFTWARE = node(f"software:conflictkg-{__version__}")
"""This software, in this version: the agent of runs and of derived graphs."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the software that makes graphs: a PROV activity (``prov:Activity``).

    Without ``ended`` it ends when its quads are asked for.
    """

    verb: str
    started: datetime
    ended: datetime | None = None

    @classmethod
    def now(cls, verb: str) -> Run:
        """Return a run of a verb (build, load, derive) that starts now."""
        return cls(verb, datetime.now(UTC))

    @property
    def iri(self) -> ox.NamedNode:
        """The IRI of the activity, from its verb and its start to the microsecond."""
        return node(f"run:{self.verb}-{self.started:%Y%m%dT%H%M%S%f}")

    def quads(self) -> Iterator[ox.Quad]:
        """Yield what there is to say of the run; call it when the run is over."""
        for subject, predicate, object in (
            (self.iri, RDF.type, PROV.Activity),
            (self.iri, RDFS.label, ox.Literal(f"conflictkg {self.verb}")),
            (self.iri, PROV.startedAtTime, _time(self.started)),
            (self.iri, PROV.endedAtTime, _time(self.ended or datetime.now(UTC))),
            (self.iri, PROV.wasAssociatedWith, SOFTWARE),
            (SOFTWARE, RDF.type, PROV.SoftwareAgent),
            (SOFTWARE, RDFS.label, ox.Literal(f"conflictkg {__version__}")),
            (SOFTWARE, SCHEMA.softwareVersion, ox.Literal(__version__)),
        ):
            yield ox.Quad(subject, predicate, object, PROVENANCE_GRAPH)


def graph_provenance(
    graph: ox.NamedNode,
    run: Run,
    *,
    file: str = "",
    file_sha256: str = "",
    content_sha256: str = "",
    about: Sequence[ox.Triple] = (),
) -> Iterator[ox.Quad]:
    """Yield the PROV-O description of a graph that a run made from a file (or from other graphs).

    ``file`` is the name of the file as shown to people, ``about`` what the file itself says of the
    graph (who made it, from what, under which licence).
    """
    triples = [
        *about,
        ox.Triple(graph, RDF.type, PROV.Entity),
        ox.Triple(graph, PROV.wasGeneratedBy, run.iri),
        ox.Triple(graph, PROV.generatedAtTime, _time(run.started)),
    ]
    if content_sha256:
        triples.append(ox.Triple(graph, SCHEMA.sha256, ox.Literal(content_sha256)))
    if file:
        source = ox.NamedNode(expand(f"file:{file_sha256[:16]}"))
        triples += [
            ox.Triple(graph, PROV.wasDerivedFrom, source),
            ox.Triple(run.iri, PROV.used, source),
            ox.Triple(source, RDF.type, PROV.Entity),
            ox.Triple(source, RDFS.label, ox.Literal(file)),
            ox.Triple(source, SCHEMA.sha256, ox.Literal(file_sha256)),
        ]
    elif not any(triple.predicate == PROV.wasAttributedTo for triple in about):
        triples.append(ox.Triple(graph, PROV.wasAttributedTo, SOFTWARE))
    if not any(triple.predicate == DCTERMS.license for triple in about):
        triples.append(ox.Triple(graph, DCTERMS.license, LICENSE_UNKNOWN))
    for triple in triples:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, PROVENANCE_GRAPH)


LICENSE_UNKNOWN = ox.NamedNode("http://rightsstatements.org/vocab/UND/1.0/")
"""What stands for the licence of a graph whose file does not tell it: undetermined."""


def content_hash(triples: Iterable[ox.Triple]) -> str:
    """Return the SHA-256 of the sorted N-Triples of a graph without blank nodes, in hex."""
    lines = sorted(f"{triple} .\n" for triple in triples)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _time(moment: datetime) -> ox.Literal:
    return ox.Literal(moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=XSD.dateTime)
