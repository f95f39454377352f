"""Read models: what the command line, Python and the pages show of one thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from conflictkg.model import Claim, Document, Entity, Issue, Ref, Report, Statement, Voice
from conflictkg.reading import (
    Snapshot,
    read_claims,
    read_documents,
    read_entity,
    read_reports,
    read_statements,
    subjects,
)
from conflictkg.store import Reader, select
from conflictkg.terms import CKG, DCTERMS, ORG, RDF, SCHEMA, SKOS


@dataclass(frozen=True, slots=True)
class Contested:
    """A claim with everybody who takes a stance to it: no value without its sources."""

    claim: Claim
    voices: tuple[Voice, ...]

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that report any of the voices."""
        return tuple(dict.fromkeys(d for voice in self.voices for d in voice.statement.documents))


@dataclass(frozen=True, slots=True)
class View:
    """One thing: itself, the claims that it is in with who says so, and what it says itself."""

    thing: Entity | Document | Statement | Claim | Issue
    contested: tuple[Contested, ...] = ()
    statements: tuple[Statement, ...] = ()
    reports: tuple[Report, ...] = ()
    findings: tuple[tuple[str, str], ...] = ()


def view(reader: Reader, node: ox.NamedNode) -> View | None:
    """Return what there is to show of a node, or None if the store does not know it."""
    snapshot = Snapshot(reader)
    snapshot.fetch([node])
    if not snapshot.properties(node):
        return None
    kinds = snapshot.objects(node, RDF.type)
    findings = findings_about(reader, node)
    if CKG.Statement in kinds:
        statement = read_statements(reader, [node])[0]
        return View(statement, reports=statement.reports, findings=findings)
    if CKG.Document in kinds:
        document = read_documents(snapshot, [node])[node]
        reports = read_reports(snapshot, subjects(reader, CKG.inDocument, [node]))
        told = [
            _as_told(statement, node.value)
            for statement in read_statements(
                reader, [ox.NamedNode(report.statement) for report in reports if report.statement]
            )
        ]
        return View(document, statements=tuple(told), reports=tuple(reports), findings=findings)
    if CKG.Claim in kinds:
        return View(read_claims(snapshot, [node])[node], who_says(reader, [node]), (), (), findings)
    if CKG.Issue in kinds:
        claims = subjects(reader, CKG.addresses, [node])
        issue = Issue(node.value, snapshot.text(node, SKOS.prefLabel))
        return View(issue, who_says(reader, claims), (), (), findings)
    said = read_statements(reader, subjects(reader, CKG.speaker, [node]))
    return View(
        read_entity(reader, node),
        who_says(reader, claims_about(reader, node)),
        tuple(said),
        (),
        findings,
    )


def _as_told(statement: Statement, document: str) -> Statement:
    """Return a statement with the reports and the readings of one document only."""
    return replace(
        statement,
        reports=tuple(r for r in statement.reports if r.document.iri == document),
        stances=tuple(
            s for s in statement.stances if document in {ref.iri for ref in s.according_to}
        ),
    )


def who_says(reader: Reader, claims: Iterable[ox.NamedNode]) -> tuple[Contested, ...]:
    """Return the claims, each with the statements that take a stance to it, by date."""
    wanted = list(dict.fromkeys(claims))
    snapshot = Snapshot(reader)
    read = read_claims(snapshot, wanted)
    told = subjects(reader, CKG.expresses, subjects(reader, CKG.onClaim, wanted))
    statements = read_statements(reader, told)
    voices: dict[str, list[Voice]] = {}
    for statement in statements:
        for stance in statement.stances:
            voices.setdefault(stance.claim.iri, []).append(Voice(statement, stance))
    return tuple(Contested(read[node], tuple(voices.get(node.value, ()))) for node in wanted)


def in_batches(
    reader: Reader, claims: Sequence[ox.NamedNode], size: int = 50
) -> Iterator[Contested]:
    """Yield claims as ``who_says`` returns them, some at a time, however many there are."""
    for at in range(0, len(claims), size):
        yield from who_says(reader, claims[at : at + size])


def claims_about(reader: Reader, node: ox.NamedNode) -> list[ox.NamedNode]:
    """Return the claims that a thing is in: as subject, object, place or further mention."""
    found: dict[ox.NamedNode, None] = {}
    for predicate in (CKG.subject, CKG.object, SCHEMA.location, SCHEMA.mentions):
        for quad in reader.match(None, predicate, node):
            if isinstance(quad.subject, ox.NamedNode):
                found[quad.subject] = None
    return list(found)


def told_most(reader: Reader, claims: Sequence[ox.NamedNode]) -> list[tuple[ox.NamedNode, int]]:
    """Return the claims with the number of documents that tell each, the most often told first.

    This is cheap beside ``who_says``: a page of claims can be chosen before they are read.
    """
    counts = dict.fromkeys(claims, 0)
    for at in range(0, len(claims), 500):
        some = " ".join(map(str, claims[at : at + 500]))
        rows = select(
            reader,
            f"SELECT ?c (COUNT(DISTINCT ?d) AS ?n) {{ VALUES ?c {{ {some} }} "
            "?stance ckg:onClaim ?c . ?s ckg:expresses ?stance . "
            "?r ckg:reports ?s ; ckg:inDocument ?d } GROUP BY ?c",
        )
        for row in rows:
            counts[row["c"]] = int(row["n"].value)
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0].value))


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A thing that stands in claims beside another: in how many, told by how many documents."""

    thing: Ref
    claims: int
    documents: int


def neighbours(
    reader: Reader, claims: Sequence[ox.NamedNode], node: ox.NamedNode, *, limit: int = 24
) -> tuple[Neighbour, ...]:
    """Return the things that the claims about a thing name beside it, the most often told first.

    Only the first thousand claims are looked at.
    """
    some = " ".join(map(str, claims[:1000]))
    rows = select(
        reader,
        f"""SELECT ?other (COUNT(DISTINCT ?c) AS ?n) (COUNT(DISTINCT ?d) AS ?told) {{
              {{ SELECT DISTINCT ?c ?other {{ VALUES ?c {{ {some} }}
                  ?c ckg:subject|ckg:object|schema:location|schema:mentions ?other
                  FILTER(?other != {node}) }} }}
              ?stance ckg:onClaim ?c . ?s ckg:expresses ?stance .
              ?r ckg:reports ?s ; ckg:inDocument ?d
            }} GROUP BY ?other ORDER BY DESC(?told) DESC(?n) ?other LIMIT {limit}""",
    )
    found = [(row["other"], int(row["n"].value), int(row["told"].value)) for row in rows]
    snapshot = Snapshot(reader)
    snapshot.fetch(other for other, _, _ in found)
    return tuple(Neighbour(snapshot.ref(other), n, told) for other, n, told in found)


@dataclass(frozen=True, slots=True)
class Spoken:
    """An issue (its IRI) that a speaker spoke of: in which statements, from when to when."""

    issue: str
    said: tuple[str, ...]
    first: str
    last: str


def spoken_of(reader: Reader, speaker: ox.NamedNode) -> tuple[Spoken, ...]:
    """Return the issues that a speaker, or the holders of its posts, spoke of, by first date.

    The dates are days, "" where no document tells one.
    """
    posts = " ".join(map(str, subjects(reader, ORG.postIn, [speaker])))
    by_post = f" UNION {{ VALUES ?post {{ {posts} }} ?s ckg:inCapacity ?post }}" if posts else ""
    said = f"{{ SELECT DISTINCT ?s {{ {{ ?s ckg:speaker {speaker} }}{by_post} }} }}"
    dated = f"SELECT ?s (MIN(?d) AS ?day) {{ {said} ?s ckg:said/ckg:earliest ?d }} GROUP BY ?s"
    days = {statement.value: day.value for statement, day in select(reader, dated)}
    on: dict[str, list[str]] = {}
    for issue, statement in select(
        reader,
        f"SELECT DISTINCT ?issue ?s {{ {said} "
        "?s ckg:expresses ?stance . ?stance ckg:onClaim ?claim . ?claim ckg:addresses ?issue }",
    ):
        on.setdefault(issue.value, []).append(statement.value)
    found = []
    for iri, statements in on.items():
        known = [days[one] for one in statements if one in days] or [""]
        found.append(Spoken(iri, tuple(statements), min(known), max(known)))
    return tuple(sorted(found, key=lambda spoken: (spoken.first or "9999", spoken.issue)))


def _value(term: object) -> str:
    return getattr(term, "value", "")


def findings_about(reader: Reader, node: ox.NamedNode) -> tuple[tuple[str, str], ...]:
    """Return the findings about a node, each as its type and its text."""
    nodes = subjects(reader, SCHEMA.about, [node])
    snapshot = Snapshot(reader)
    snapshot.fetch(nodes)
    snapshot.follow(nodes, DCTERMS.type)
    return tuple(
        (
            str(snapshot.ref(snapshot.one(finding, DCTERMS.type))),
            snapshot.text(finding, SCHEMA.text),
        )
        for finding in nodes
        if CKG.Finding in snapshot.objects(finding, RDF.type)
    )


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed finding about claims, why it holds, and who speaks of each of them.

    ``kind`` is contradiction, corroboration or overtaken.
    """

    iri: str
    kind: str
    why: str
    claims: tuple[tuple[Ref, tuple[Ref, ...]], ...]

    @property
    def speakers(self) -> tuple[Ref, ...]:
        """All who speak of the claims."""
        return tuple(dict.fromkeys(who for _, speakers in self.claims for who in speakers))


def computed_about(reader: Reader, node: ox.NamedNode) -> tuple[Computed, ...]:
    """Return what the rules found about an issue or a claim: contradictions first.

    Changes and current positions, which are about speakers, are left out; see ``history``.
    """
    rows = select(
        reader,
        f"""SELECT DISTINCT ?f {{
              {{ SELECT DISTINCT ?f {{
                  {{ ?f ckg:addresses {node} }} UNION {{ ?f schema:about {node} }} }} }}
              ?f dcterms:type ?kind
              FILTER(?kind IN (findingtype:contradiction, findingtype:corroboration,
                               findingtype:overtaken)) }}""",
    )
    nodes = [row["f"] for row in rows]
    snapshot = Snapshot(reader)
    snapshot.fetch(nodes)
    nodes = [finding for finding in nodes if CKG.Finding in snapshot.objects(finding, RDF.type)]
    claims = _claims_among(snapshot, nodes)
    speaking = _speakers(reader, claims)
    found = [
        Computed(
            finding.value,
            _value(snapshot.one(finding, DCTERMS.type)).rsplit("/", 1)[-1],
            snapshot.text(finding, SCHEMA.text),
            tuple(
                (snapshot.ref(claim), speaking.get(claim, ()))
                for claim in claims
                if claim in snapshot.objects(finding, SCHEMA.about)
            ),
        )
        for finding in nodes
    ]
    found = [one for one in found if one.claims]
    return tuple(sorted(found, key=lambda one: (one.kind != "contradiction", one.kind, one.why)))


def _claims_among(snapshot: Snapshot, findings: Sequence[ox.NamedNode]) -> list[ox.NamedNode]:
    """Return what findings are about, as far as it is claims; they are then read."""
    about = snapshot.follow(findings, SCHEMA.about)
    return [node for node in about if CKG.Claim in snapshot.objects(node, RDF.type)]


def _speakers(
    reader: Reader, claims: Iterable[ox.NamedNode]
) -> dict[ox.NamedNode, tuple[Ref, ...]]:
    """Return who takes a stance to each of some claims."""
    some = " ".join(map(str, claims))
    rows = select(
        reader,
        f"SELECT DISTINCT ?c ?who {{ VALUES ?c {{ {some} }} ?stance ckg:onClaim ?c . "
        "?s ckg:expresses ?stance ; ckg:speaker ?who }",
    )
    pairs = [(row["c"], row["who"]) for row in rows]
    snapshot = Snapshot(reader)
    snapshot.fetch(who for _, who in pairs)
    found: dict[ox.NamedNode, list[Ref]] = {}
    for claim, who in pairs:
        found.setdefault(claim, []).append(snapshot.ref(who))
    return {claim: tuple(sorted(refs, key=str)) for claim, refs in found.items()}


@dataclass(frozen=True, slots=True)
class GraphLine:
    """A named graph: its file, when and by which run it was made, by whom, under which licence."""

    graph: Ref
    file: str
    made: str
    by: Ref
    license: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store holds: how many of each class, the span of what was said, the graphs."""

    location: str
    quads: int
    classes: tuple[tuple[str, int], ...]
    first: str
    last: str
    graphs: tuple[GraphLine, ...]


def contents(reader: Reader) -> Contents:
    """Return what a store holds."""
    counts = select(
        reader,
        "SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) { ?thing a ?class "
        "FILTER(STRSTARTS(STR(?class), STR(ckg:))) } GROUP BY ?class ORDER BY DESC(?n) ?class",
    )
    classes = tuple((Ref(row["class"].value).curie, int(row["n"].value)) for row in counts)
    span = select(
        reader,
        "SELECT (MIN(?d) AS ?first) (MAX(?d) AS ?last) { ?s ckg:said/ckg:earliest ?d }",
    )
    first, last = next(((row["first"], row["last"]) for row in span), (None, None))
    lines = select(
        reader,
        """SELECT ?g ?file ?made ?by ?license { GRAPH graph:provenance {
             ?g prov:wasGeneratedBy ?run ; prov:generatedAtTime ?made ; dcterms:license ?license
             OPTIONAL { ?g prov:wasDerivedFrom/rdfs:label ?file
                        FILTER(LANG(?file) = "") }
             OPTIONAL { ?g prov:wasAttributedTo ?by } } } ORDER BY ?g""",
    )
    graphs = tuple(
        GraphLine(
            Ref(row["g"].value),
            row["file"].value if row["file"] else "",
            row["made"].value,
            Ref(row["by"].value if row["by"] else ""),
            row["license"].value,
        )
        for row in lines
    )
    return Contents(
        reader.location,
        len(reader),
        classes,
        first.value if first else "",
        last.value if last else "",
        graphs,
    )


def anchors(reader: Reader, document: ox.NamedNode) -> list[Report]:
    """Return the reports of a document that have a quote to look for in its text."""
    reports = read_reports(Snapshot(reader), subjects(reader, CKG.inDocument, [document]))
    return [report for report in reports if report.quote]


def documents_with_hash(reader: Reader, sha256: str) -> list[ox.NamedNode]:
    """Return the documents whose text has a hash; with "" those that have any."""
    literal = ox.Literal(sha256) if sha256 else None
    return sorted(
        {
            quad.subject
            for quad in reader.match(None, SCHEMA.sha256, literal)
            if isinstance(quad.subject, ox.NamedNode)
            and any(True for _ in reader.match(quad.subject, RDF.type, CKG.Document))
        },
        key=str,
    )
