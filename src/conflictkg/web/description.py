"""What the endpoint says of itself: Service Description, VoID, prefixes and named questions.

SPARQL 1.1 Service Description; VoID (W3C Interest Group Note, 2011), sections 2 to 4 and 7.2;
``sh:declare`` of SHACL, section 5.2.1, and the executables of SHACL-AF, section 4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache

import pyoxigraph as ox

from conflictkg import __version__
from conflictkg.queries import NamedQuestion
from conflictkg.terms import DCTERMS, PREFIXES, RDF, RDFS
from conflictkg.web import serialising
from conflictkg.web.catalogue import CATALOGUE, LARGE, LICENSE, prefixes, question, questions
from conflictkg.web.engine import local
from conflictkg.web.http import Refused, Request, Response, Served
from conflictkg.web.serialising import GRAPHS, accepted, chosen
from conflictkg.web.statistics import Counts, counted

PATHS = ("/void", "/.well-known/void")
METHODS = ("GET", "HEAD", "OPTIONS")
MANY = 500
"""Graphs beyond which only the whole is partitioned, not each graph."""

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_RDF = ("Turtle", "N-Triples", "TriG", "N-Quads", "JSON-LD", "RDF_XML")
_TARGET = ox.NamedNode("https://schema.org/target")

Node = ox.NamedNode | ox.BlankNode


def answer(request: Request, served: Served, accept: str) -> Response:
    """Return the description of the service, as RDF in the format that is accepted."""
    return _written(_service(request.base, served), accept)


def void(request: Request, served: Served) -> Response:
    """Return the description of the data, or send there from the well-known address."""
    if request.method not in METHODS:
        raise Refused(405, "a description is only read", headers=[("Allow", ", ".join(METHODS))])
    if request.path != PATHS[0]:
        return Response(303, headers=(("Location", PATHS[0]),))
    accept = accepted(request, request.first("format"))
    return _written(_dataset(request.base, served, each=True), accept)


def _written(triples: Iterable[ox.Triple], accept: str) -> Response:
    return serialising.triples(triples, chosen(accept, tuple(GRAPHS)))


def _service(base: str, served: Served) -> Iterator[ox.Triple]:
    """Yield the Service Description, with the data set in it; more on each graph is in /void."""
    options = served.options
    service = ox.NamedNode(f"{base}/sparql#service")
    features = [] if options.strict_dataset else ["UnionDefaultGraph"]
    features += ["BasicFederatedQuery"] if options.services else []
    languages = ["SPARQL11Query", *(["SPARQL11Update"] if options.writable else [])]
    yield ox.Triple(service, RDF.type, _sd("Service"))
    yield ox.Triple(service, _sd("endpoint"), ox.NamedNode(f"{base}/sparql"))
    for language in languages:
        yield ox.Triple(service, _sd("supportedLanguage"), _sd(language))
    for feature in features:
        yield ox.Triple(service, _sd("feature"), _sd(feature))
    for name in (*_RESULTS, *_RDF):
        yield ox.Triple(service, _sd("resultFormat"), ox.NamedNode(_FORMATS + name))
    if options.writable:
        for name in _RDF:
            yield ox.Triple(service, _sd("inputFormat"), ox.NamedNode(_FORMATS + name))
    simple = ox.NamedNode("http://www.w3.org/ns/entailment/Simple")
    yield ox.Triple(service, _sd("defaultEntailmentRegime"), simple)
    label = ox.Literal(f"The SPARQL endpoint of conflictkg {__version__}", language="en")
    yield ox.Triple(service, RDFS.label, label)
    yield ox.Triple(service, _sd("defaultDataset"), _data(base))
    yield from _dataset(base, served, each=False)
    yield from prefixes(ox.NamedNode(f"{base}/sparql#prefixes"))
    for asked in questions():
        yield from of_question(asked, base)


def of_question(asked: NamedQuestion, base: str) -> Iterator[ox.Triple]:
    """Yield a named question, under the address of its page, as a query of this endpoint."""
    node = ox.NamedNode(f"{base}/questions/{asked.name}")
    yield from question(node, ox.NamedNode(f"{base}/sparql#prefixes"), asked)
    yield ox.Triple(node, _TARGET, ox.NamedNode(f"{base}/sparql"))


@lru_cache(maxsize=2)
def _counted(store: ox.Store, version: str) -> tuple[Counts, dict[ox.NamedNode, Counts]]:
    return counted(store, apart=CATALOGUE)


def _current(store: ox.Store, version: str) -> tuple[Counts, dict[ox.NamedNode, Counts]]:
    """Return the counts of a version of the store; those of one without a version are not kept."""
    return _counted(store, version) if version else _counted.__wrapped__(store, version)


def _dataset(base: str, served: Served, *, each: bool) -> Iterator[ox.Triple]:
    """Yield what VoID and the Service Description say of the data and of the graphs.

    ``each`` graph may have partitions of its own.
    """
    store, data = local(served), _data(base)
    default = ox.NamedNode(f"{base}/void#default-graph")
    yield ox.Triple(data, RDF.type, _sd("Dataset"))
    yield ox.Triple(data, RDF.type, _void("Dataset"))
    title = ox.Literal("conflictkg: who said what in an armed conflict", language="en")
    yield ox.Triple(data, DCTERMS.title, title)
    yield ox.Triple(data, DCTERMS.license, LICENSE)
    yield ox.Triple(data, _void("sparqlEndpoint"), ox.NamedNode(f"{base}/sparql"))
    yield ox.Triple(data, _void("dataDump"), ox.NamedNode(f"{base}/store"))
    yield ox.Triple(data, _void("uriSpace"), ox.Literal("https://w3id.org/conflictkg/id/"))
    for prefix in ("ckg", "prov", "oa", "sem", "skos", "schema", "org"):
        yield ox.Triple(data, _void("vocabulary"), ox.NamedNode(PREFIXES[prefix]))
    yield ox.Triple(data, _sd("defaultGraph"), default)
    yield ox.Triple(default, RDF.type, _sd("Graph"))
    graphs = sorted((g for g in store.named_graphs() if isinstance(g, ox.NamedNode)), key=str)
    is_large = len(store) > LARGE
    whole, parts = (Counts(), {}) if is_large else _current(store, served.version)
    for name in graphs:
        mark = hashlib.sha256(name.value.encode()).hexdigest()[:12]
        named, content = (ox.NamedNode(f"{base}/void#{kind}-{mark}") for kind in ("named", "graph"))
        yield ox.Triple(data, _sd("namedGraph"), named)
        yield ox.Triple(named, RDF.type, _sd("NamedGraph"))
        yield ox.Triple(named, _sd("name"), name)
        yield ox.Triple(named, _sd("graph"), content)
        yield ox.Triple(content, RDF.type, _sd("Graph"))
        if not is_large:
            counts = parts.get(name, Counts())
            yield from _statistics(content, counts, partitioned=each and len(graphs) <= MANY)
    if is_large:
        yield ox.Triple(data, _void("triples"), ox.Literal(len(store)))
        return
    yield from _statistics(data, whole, partitioned=True)
    if not served.options.strict_dataset:
        yield ox.Triple(default, _void("triples"), ox.Literal(whole.triples))


def _statistics(node: Node, counts: Counts, *, partitioned: bool) -> Iterator[ox.Triple]:
    """Yield the figures of VoID, sections 4.1 and 4.5."""
    yield ox.Triple(node, _void("triples"), ox.Literal(counts.triples))
    if not partitioned:
        return
    for name, number in (
        ("distinctSubjects", len(counts.subjects)),
        ("distinctObjects", len(counts.objects)),
        ("properties", len(counts.properties)),
        ("classes", len(counts.classes)),
    ):
        yield ox.Triple(node, _void(name), ox.Literal(number))
    for kind, entities in sorted(counts.classes.items(), key=str):
        part = ox.BlankNode()
        yield ox.Triple(node, _void("classPartition"), part)
        yield ox.Triple(part, _void("class"), kind)
        yield ox.Triple(part, _void("entities"), ox.Literal(entities))
    for property, (subjects, objects, times) in sorted(counts.properties.items(), key=_first):
        part = ox.BlankNode()
        yield ox.Triple(node, _void("propertyPartition"), part)
        yield ox.Triple(part, _void("property"), property)
        yield ox.Triple(part, _void("triples"), ox.Literal(times[0]))
        yield ox.Triple(part, _void("distinctSubjects"), ox.Literal(len(subjects)))
        yield ox.Triple(part, _void("distinctObjects"), ox.Literal(len(objects)))


def _first(item: tuple[ox.NamedNode, object]) -> str:
    return item[0].value


def _data(base: str) -> ox.NamedNode:
    return ox.NamedNode(f"{base}/void#dataset")


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)


def _void(name: str) -> ox.NamedNode:
    return ox.NamedNode(_VOID + name)
