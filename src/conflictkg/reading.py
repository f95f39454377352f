"""Objects of the model from the quads of a store, fetched level by level.

A level is one request, however many things are read; so the cost over a SPARQL endpoint is that of
a handful of queries, and over a local store that of the quads that are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox

from conflictkg import model
from conflictkg.store import Properties, Reader, Term
from conflictkg.terms import CKG, DCTERMS, OA, ORG, PROV, RDF, RDFS, SCHEMA, SCHEME, SKOS
from conflictkg.values import ImpreciseTime, Name, Quantity

NAMES = ((SKOS.prefLabel, "pref"), (SKOS.altLabel, "alt"), (SKOS.hiddenLabel, "hidden"))
_LABELS = (SKOS.prefLabel, DCTERMS.title, SCHEMA.text, RDFS.label)
_CLASSES: tuple[tuple[ox.NamedNode, type[model.Entity]], ...] = (
    (CKG.Person, model.Person),
    (CKG.Unit, model.Unit),
    (CKG.Organization, model.Organization),
    (CKG.UnnamedSource, model.UnnamedSource),
    (CKG.Place, model.Place),
    (CKG.Event, model.Event),
)
_IN_ENTITY = {RDF.type, DCTERMS.type, *(predicate for predicate, _ in NAMES)}


class Snapshot:
    """What was read of a store so far: the properties of nodes, whichever graphs say so."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self._read: dict[Term, Properties] = {}
        self._refs: dict[Term, model.Ref] = {}

    def fetch(self, nodes: Iterable[Term]) -> None:
        """Read the nodes that were not read yet, in one request."""
        wanted = [
            node
            for node in dict.fromkeys(nodes)
            if isinstance(node, ox.NamedNode) and node not in self._read
        ]
        for node, found in self.reader.properties(wanted).items() if wanted else ():
            self._read[node] = found

    def follow(self, nodes: Iterable[Term], *predicates: ox.NamedNode) -> list[ox.NamedNode]:
        """Return the objects of some properties of some nodes, themselves read."""
        found: dict[ox.NamedNode, None] = {}
        for node in nodes:
            known = self._read.get(node, _NOTHING)
            for predicate in predicates:
                for value in known.get(predicate, ()):
                    if isinstance(value, ox.NamedNode):
                        found[value] = None
        self.fetch(found)
        return list(found)

    def objects(self, node: Term, predicate: ox.NamedNode) -> Sequence[Term]:
        """Return the objects of a property of a node that was read, each once."""
        return self._read.get(node, _NOTHING).get(predicate, ())

    def one(self, node: Term, predicate: ox.NamedNode) -> Term | None:
        """Return one object of a property, the least where there are several, or None."""
        found = self._read.get(node, _NOTHING).get(predicate)
        if not found:
            return None
        return found[0] if len(found) == 1 else min(found, key=str)

    def text(self, node: Term, predicate: ox.NamedNode) -> str:
        """Return the text of a property, English where there is some, or ""."""
        values = self._read.get(node, _NOTHING).get(predicate)
        if not values:
            return ""
        found = [value for value in values if isinstance(value, ox.Literal)]
        if len(found) > 1:
            found = [literal for literal in found if literal.language == "en"] or found
        return min((literal.value for literal in found), default="")

    def properties(self, node: Term) -> Properties:
        """Return all properties of a node that was read."""
        return self._read.get(node, _NOTHING)

    def ref(self, node: Term | None) -> model.Ref:
        """Return a reference to a node, with its label if it was read."""
        if not isinstance(node, ox.NamedNode):
            return model.Ref("")
        found = self._refs.get(node)
        if found is None:
            label = next((text for p in _LABELS if (text := self.text(node, p))), "")
            found = model.Ref(node.value, label)
            if node in self._read:
                self._refs[node] = found
        return found

    def refs(self, node: Term, predicate: ox.NamedNode) -> tuple[model.Ref, ...]:
        """Return references to the objects of a property."""
        return tuple(self.ref(object) for object in self.objects(node, predicate))


_NOTHING: Properties = {}

Sources = dict[ox.NamedNode, dict[Term, list[ox.NamedNode]]]
"""Predicate -> value -> the graphs that say so."""


def sources_of(reader: Reader, nodes: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, Sources]:
    """Return the properties of some nodes with the graphs that say so, in one request."""
    wanted = list(nodes)
    found: dict[ox.NamedNode, Sources] = {node: {} for node in wanted}
    for quad in reader.describe(wanted):
        subject, value, graph = quad.subject, quad.object, quad.graph_name
        if (
            isinstance(subject, ox.NamedNode)
            and isinstance(graph, ox.NamedNode)
            and not isinstance(value, ox.Triple)
        ):
            values = found[subject].setdefault(quad.predicate, {})
            values.setdefault(value, []).append(graph)
    return found


def _local(node: Term | None) -> str:
    """Return the local name of a concept: "denies" of attitude:denies."""
    return node.value.removeprefix(SCHEME).rsplit("/", 1)[-1] if node is not None else ""


def _number(node: Term | None) -> float | None:
    return float(node.value) if node is not None else None


def read_time(snapshot: Snapshot, node: Term | None) -> ImpreciseTime | None:
    """Return the imprecise time of a node that was read, or None for None."""
    if node is None:
        return None
    return ImpreciseTime(
        snapshot.text(node, CKG.edtf) or "XXXX",
        snapshot.text(node, CKG.asWritten),
        snapshot.text(node, SKOS.note),
    )


def read_quantity(snapshot: Snapshot, node: Term | None) -> Quantity | None:
    """Return the quantity of a node that was read, or None for None."""
    if node is None:
        return None
    return Quantity(
        value=_number(snapshot.one(node, SCHEMA.value)),
        lower=_number(snapshot.one(node, SCHEMA.minValue)),
        upper=_number(snapshot.one(node, SCHEMA.maxValue)),
        unit=snapshot.text(node, SCHEMA.unitText) or "1",
        counts=snapshot.ref(snapshot.one(node, CKG.counts)).label,
        approximator=snapshot.ref(snapshot.one(node, CKG.approximator)).label,
        as_written=snapshot.text(node, CKG.asWritten),
    )


def read_claims(snapshot: Snapshot, nodes: Sequence[ox.NamedNode]) -> dict[Term, model.Claim]:
    """Return the claims of some nodes."""
    snapshot.fetch(nodes)
    quantities = snapshot.follow(
        nodes,
        *(CKG.quantity, CKG.holdsThroughout, CKG.holdsSometimeIn),
        *(CKG.addresses, CKG.subject, CKG.predicate, CKG.object, SCHEMA.location),
    )
    snapshot.follow(quantities, CKG.counts, CKG.approximator)
    return {node: _claim(snapshot, node) for node in nodes}


def _claim(snapshot: Snapshot, node: ox.NamedNode) -> model.Claim:
    flag = snapshot.one(node, CKG.negated)
    text_only = snapshot.one(node, CKG.textOnly)
    return model.Claim(
        iri=node.value,
        text=snapshot.text(node, SCHEMA.text),
        issues=snapshot.refs(node, CKG.addresses),
        subject=snapshot.ref(snapshot.one(node, CKG.subject)),
        predicate=snapshot.ref(snapshot.one(node, CKG.predicate)),
        object=snapshot.ref(snapshot.one(node, CKG.object)),
        locations=snapshot.refs(node, SCHEMA.location),
        quantity=read_quantity(snapshot, snapshot.one(node, CKG.quantity)),
        negated=flag is not None and flag.value == "true",
        text_only=text_only is not None and text_only.value == "true",
        holds_throughout=read_time(snapshot, snapshot.one(node, CKG.holdsThroughout)),
        holds_sometime_in=read_time(snapshot, snapshot.one(node, CKG.holdsSometimeIn)),
    )


def read_documents(snapshot: Snapshot, nodes: Sequence[ox.NamedNode]) -> dict[Term, model.Document]:
    """Return the documents of some nodes."""
    snapshot.fetch(nodes)
    snapshot.follow(nodes, DCTERMS.publisher, CKG.published, DCTERMS.extent)
    return {
        node: model.Document(
            iri=node.value,
            title=snapshot.text(node, DCTERMS.title),
            publisher=snapshot.ref(snapshot.one(node, DCTERMS.publisher)),
            published=read_time(snapshot, snapshot.one(node, CKG.published)),
            language=snapshot.text(node, DCTERMS.language),
            url=getattr(snapshot.one(node, SCHEMA.url), "value", ""),
            sha256=snapshot.text(node, SCHEMA.sha256),
            extent=_local(snapshot.one(node, DCTERMS.extent)),
        )
        for node in nodes
    }


def read_reports(snapshot: Snapshot, nodes: Sequence[ox.NamedNode]) -> list[model.Report]:
    """Return the reports of some nodes, in the order of their places in the text."""
    snapshot.fetch(nodes)
    selectors = snapshot.follow(nodes, OA.hasSelector)
    snapshot.follow(selectors, OA.refinedBy)
    documents = read_documents(snapshot, snapshot.follow(nodes, CKG.inDocument))
    hops = list(nodes)
    while hops := snapshot.follow(hops, CKG.via):
        snapshot.follow(hops, PROV.wasAttributedTo)
    reports = [_report(snapshot, node, documents) for node in nodes]
    return sorted(reports, key=lambda report: (report.document.iri, report.start or 0, report.iri))


def _report(
    snapshot: Snapshot, node: ox.NamedNode, documents: dict[Term, model.Document]
) -> model.Report:
    selector = snapshot.one(node, OA.hasSelector) or node
    position = snapshot.one(selector, OA.refinedBy) or node
    start, end = (_number(snapshot.one(position, p)) for p in (OA.start, OA.end))
    document = snapshot.one(node, CKG.inDocument)
    return model.Report(
        iri=node.value,
        document=documents[document] if document in documents else model.Document("", ""),
        statement=getattr(snapshot.one(node, CKG.reports), "value", ""),
        wording=_local(snapshot.one(node, CKG.wording)),
        quote=snapshot.text(selector, OA.exact),
        translation=snapshot.text(node, SCHEMA.text),
        prefix=snapshot.text(selector, OA.prefix),
        suffix=snapshot.text(selector, OA.suffix),
        start=None if start is None else int(start),
        end=None if end is None else int(end),
        via=tuple(_chain(snapshot, node)),
    )


def _chain(snapshot: Snapshot, node: Term) -> list[model.Ref]:
    """Return who passed the words on, from the document back towards the speaker."""
    chain: list[model.Ref] = []
    seen = {node}
    hop = snapshot.one(node, CKG.via)
    while hop is not None and hop not in seen:
        seen.add(hop)
        chain.append(snapshot.ref(snapshot.one(hop, PROV.wasAttributedTo)))
        hop = snapshot.one(hop, CKG.via)
    return chain


def read_statements(reader: Reader, nodes: Iterable[ox.NamedNode]) -> list[model.Statement]:
    """Return the statements of some nodes, by date, then in the order of their IRIs."""
    wanted = list(dict.fromkeys(nodes))
    snapshot = Snapshot(reader)
    snapshot.fetch(wanted)
    snapshot.follow(wanted, CKG.speaker, CKG.inCapacity, CKG.said, CKG.channel)
    stances = snapshot.follow(wanted, CKG.expresses)
    reading = snapshot.follow(stances, CKG.accordingTo)
    snapshot.follow(reading, DCTERMS.publisher)
    readers: dict[Term, model.Ref] = {node: _reader(snapshot, node) for node in reading}
    snapshot.follow(stances, CKG.inResponseTo)
    claims = read_claims(snapshot, snapshot.follow(stances, CKG.onClaim))
    reports: dict[str, list[model.Report]] = {}
    for report in read_reports(snapshot, subjects(reader, CKG.reports, wanted)):
        reports.setdefault(report.statement, []).append(report)
    read = [
        model.Statement(
            iri=node.value,
            gist=snapshot.text(node, SCHEMA.text),
            speaker=snapshot.ref(snapshot.one(node, CKG.speaker)),
            said=tuple(
                time
                for object in snapshot.objects(node, CKG.said)
                if (time := read_time(snapshot, object))
            ),
            capacity=snapshot.ref(snapshot.one(node, CKG.inCapacity)),
            channel=_local(snapshot.one(node, CKG.channel)),
            stances=tuple(
                _stance(snapshot, stance, claims, readers)
                for stance in sorted(
                    snapshot.objects(node, CKG.expresses),
                    key=lambda stance: (str(snapshot.one(stance, CKG.onClaim)), str(stance)),
                )
                if snapshot.one(stance, CKG.onClaim) in claims
            ),
            reports=tuple(reports.get(node.value, ())),
        )
        for node in wanted
    ]
    return sorted(read, key=lambda s: (str(s.earliest or "9999"), str(s.latest or ""), s.iri))


def _stance(
    snapshot: Snapshot,
    node: Term,
    claims: dict[Term, model.Claim],
    readers: dict[Term, model.Ref],
) -> model.Stance:
    claim = snapshot.one(node, CKG.onClaim)
    assert claim is not None
    return model.Stance(
        iri=node.value,
        attitude=_local(snapshot.one(node, CKG.attitude)),
        certainty=_local(snapshot.one(node, CKG.certainty)),
        claim=claims[claim],
        according_to=tuple(
            readers.get(object, _NOBODY) for object in snapshot.objects(node, CKG.accordingTo)
        ),
        hedges=tuple(sorted(literal.value for literal in snapshot.objects(node, CKG.hedge))),
        in_response_to=snapshot.refs(node, CKG.inResponseTo),
    )


_NOBODY = model.Ref("")


def _reader(snapshot: Snapshot, node: Term) -> model.Ref:
    """Return whose reading it is: a document by the name of its publisher, or an annotator."""
    ref = snapshot.ref(node)
    publisher = snapshot.ref(snapshot.one(node, DCTERMS.publisher))
    return model.Ref(ref.iri, publisher.label or ref.label)


def subjects(
    reader: Reader, predicate: ox.NamedNode, objects: Iterable[ox.NamedNode]
) -> list[ox.NamedNode]:
    """Return the nodes that have one of the objects as a property, each once, in order."""
    return sorted(set(reader.having(predicate, objects)), key=str)


def read_entity(reader: Reader, node: ox.NamedNode) -> model.Entity:
    """Return the entity of a node: its class, names and undisputed properties.

    Posts and memberships are read as facts of the person or unit that holds them.
    """
    snapshot = Snapshot(reader)
    snapshot.fetch([node])
    snapshot.follow([node], *snapshot.properties(node))
    kinds = snapshot.objects(node, RDF.type)
    cls = next((python for term, python in _CLASSES if term in kinds), model.Entity)
    names = sorted(
        Name(literal.value, literal.language or "", use)
        for predicate, use in NAMES
        for literal in snapshot.objects(node, predicate)
        if isinstance(literal, ox.Literal)
    )
    facts = [
        model.Fact(
            model.Ref(predicate.value),
            snapshot.ref(value) if isinstance(value, ox.NamedNode) else value.value,
            model.Ref(graph.value),
        )
        for predicate, values in sources_of(reader, [node])[node].items()
        if predicate not in _IN_ENTITY
        for value, graphs in values.items()
        for graph in graphs[:1]
    ]
    facts += _memberships(reader, snapshot, node)
    type = snapshot.ref(snapshot.one(node, DCTERMS.type))
    return cls(node.value, tuple(names), type, tuple(facts))


def _memberships(reader: Reader, snapshot: Snapshot, node: ox.NamedNode) -> list[model.Fact]:
    held = subjects(reader, ORG.member, [node])
    snapshot.fetch(held)
    snapshot.follow(held, ORG.post, ORG.organization, ORG.memberDuring)
    told = sources_of(reader, held)
    facts = []
    for membership in held:
        what = snapshot.one(membership, ORG.post) or snapshot.one(membership, ORG.organization)
        time = read_time(snapshot, snapshot.one(membership, ORG.memberDuring))
        graph = next(iter(told[membership][RDF.type].values()))[0]
        ref = snapshot.ref(what)
        label = f"{ref.label} ({time})" if time else ref.label
        facts.append(
            model.Fact(
                model.Ref(ORG.memberOf.value), model.Ref(ref.iri, label), model.Ref(graph.value)
            )
        )
    return facts
