"""What the endpoint says of itself: Service Description, VoID, prefixes and named questions.

SPARQL 1.1 Service Description; VoID (W3C Interest Group Note, 2011), sections 2 to 4 and 7.2;
``sh:declare`` of SHACL, section 5.2.1, and the executables of SHACL-AF, section 4.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import pyoxigraph as ox

from conflictkg import __version__, queries
from conflictkg.terms import DCTERMS, PREFIXES, RDF, RDFS, XSD
from conflictkg.web import serialising
from conflictkg.web.engine import local
from conflictkg.web.http import Refused, Request, Response, Served
from conflictkg.web.serialising import GRAPHS, accepted, chosen

PATHS = ("/void", "/.well-known/void")
METHODS = ("GET", "HEAD", "OPTIONS")
LARGE = 3_000_000
"""Quads beyond which the partitions are left out: counting them takes a microsecond or two each."""
MANY = 500
"""Graphs beyond which only the whole is partitioned, not each graph."""

_QUESTIONS = tuple(queries.questions())
_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_SH = "http://www.w3.org/ns/shacl#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_RDF = ("Turtle", "N-Triples", "TriG", "N-Quads", "JSON-LD", "RDF_XML")
_LICENSE = ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")

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
    yield from _prefixes(base)
    for question in _QUESTIONS:
        yield from of_question(question, base)


def _prefixes(base: str) -> Iterator[ox.Triple]:
    """Yield the prefixes that need not be declared in a query."""
    holder = ox.NamedNode(f"{base}/sparql#prefixes")
    yield ox.Triple(holder, RDF.type, ox.NamedNode("http://www.w3.org/2002/07/owl#Ontology"))
    for prefix, namespace in PREFIXES.items():
        one = ox.BlankNode()
        yield ox.Triple(holder, _sh("declare"), one)
        yield ox.Triple(one, RDF.type, _sh("PrefixDeclaration"))
        yield ox.Triple(one, _sh("prefix"), ox.Literal(prefix))
        yield ox.Triple(one, _sh("namespace"), ox.Literal(namespace, datatype=XSD.anyURI))


def of_question(question: queries.NamedQuestion, base: str) -> Iterator[ox.Triple]:
    """Yield a named question as a query that can be run: its parameters are free variables."""
    node = ox.NamedNode(f"{base}/questions/{question.name}")
    taken = ", ".join(f"?{one.name} ({' or '.join(one.kinds)})" for one in question.parameters)
    yield ox.Triple(node, RDF.type, _sh("SPARQLExecutable"))
    yield ox.Triple(node, RDF.type, _sh("SPARQLSelectExecutable"))
    yield ox.Triple(node, RDFS.label, ox.Literal(question.name))
    yield ox.Triple(node, RDFS.comment, ox.Literal(question.summary, language="en"))
    if taken:
        said = ox.Literal(f"To restrict it, bind {taken}.", language="en")
        yield ox.Triple(node, DCTERMS.description, said)
    yield ox.Triple(node, _sh("prefixes"), ox.NamedNode(f"{base}/sparql#prefixes"))
    yield ox.Triple(node, _sh("select"), ox.Literal(question.sparql))
    target = ox.NamedNode("https://schema.org/target")
    yield ox.Triple(node, target, ox.NamedNode(f"{base}/sparql"))


@dataclass(slots=True)
class _Counts:
    """How many triples of what kind a graph, or all of them, have; nodes are kept as hashes."""

    triples: int = 0
    classes: Counter[ox.NamedNode] = field(default_factory=Counter)
    subjects: set[int] = field(default_factory=set)
    objects: set[int] = field(default_factory=set)
    properties: dict[ox.NamedNode, tuple[set[int], set[int], list[int]]] = field(
        default_factory=lambda: defaultdict(lambda: (set(), set(), [0]))
    )

    def add(self, triple: ox.Triple) -> None:
        """Count a triple that was not counted before."""
        subject, object = hash(triple.subject), hash(triple.object)
        self.triples += 1
        self.subjects.add(subject)
        self.objects.add(object)
        subjects, objects, number = self.properties[triple.predicate]
        subjects.add(subject)
        objects.add(object)
        number[0] += 1
        if triple.predicate == RDF.type and isinstance(triple.object, ox.NamedNode):
            self.classes[triple.object] += 1


@lru_cache(maxsize=2)
def _counted(store: ox.Store, version: str) -> tuple[_Counts, dict[ox.NamedNode, _Counts]]:
    """Count the triples of the union of all graphs, and of each graph."""
    whole, each = _Counts(), defaultdict[ox.NamedNode, _Counts](_Counts)
    seen: set[int] = set()
    for quad in store:
        triple = quad.triple
        if isinstance(quad.graph_name, ox.NamedNode):
            each[quad.graph_name].add(triple)
        if (mark := hash(triple)) not in seen:
            seen.add(mark)
            whole.add(triple)
    return whole, dict(each)


def _current(store: ox.Store, version: str) -> tuple[_Counts, dict[ox.NamedNode, _Counts]]:
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
    yield ox.Triple(data, DCTERMS.license, _LICENSE)
    yield ox.Triple(data, _void("sparqlEndpoint"), ox.NamedNode(f"{base}/sparql"))
    yield ox.Triple(data, _void("dataDump"), ox.NamedNode(f"{base}/store"))
    yield ox.Triple(data, _void("uriSpace"), ox.Literal("https://w3id.org/conflictkg/id/"))
    for prefix in ("ckg", "prov", "oa", "sem", "skos", "schema", "org"):
        yield ox.Triple(data, _void("vocabulary"), ox.NamedNode(PREFIXES[prefix]))
    yield ox.Triple(data, _sd("defaultGraph"), default)
    yield ox.Triple(default, RDF.type, _sd("Graph"))
    graphs = sorted((g for g in store.named_graphs() if isinstance(g, ox.NamedNode)), key=str)
    is_large = len(store) > LARGE
    whole, parts = (_Counts(), {}) if is_large else _current(store, served.version)
    for name in graphs:
        mark = hashlib.sha256(name.value.encode()).hexdigest()[:12]
        named, content = (ox.NamedNode(f"{base}/void#{kind}-{mark}") for kind in ("named", "graph"))
        yield ox.Triple(data, _sd("namedGraph"), named)
        yield ox.Triple(named, RDF.type, _sd("NamedGraph"))
        yield ox.Triple(named, _sd("name"), name)
        yield ox.Triple(named, _sd("graph"), content)
        yield ox.Triple(content, RDF.type, _sd("Graph"))
        if not is_large:
            counts = parts.get(name, _Counts())
            yield from _statistics(content, counts, partitioned=each and len(graphs) <= MANY)
    if is_large:
        yield ox.Triple(data, _void("triples"), ox.Literal(len(store)))
        return
    yield from _statistics(data, whole, partitioned=True)
    if not served.options.strict_dataset:
        yield ox.Triple(default, _void("triples"), ox.Literal(whole.triples))


def _statistics(node: Node, counts: _Counts, *, partitioned: bool) -> Iterator[ox.Triple]:
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


def _sh(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SH + name)
