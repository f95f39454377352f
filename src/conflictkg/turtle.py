"""The project's own serialisation: Turtle and TriG in one canonical, diff-friendly form.

One node a paragraph, the properties in reading order, brackets for what has no life of its own,
comments kept that stand before a node. Two files with equal triples come out equal.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from conflictkg.brackets import is_bracket
from conflictkg.errors import InputError
from conflictkg.store import Term
from conflictkg.terms import CKG, GRAPH, OA, PREFIXES, RDF, XSD, expand, shrink

WIDTH = 100
"""Columns that a line fills at most, where it can be broken."""

_ORDER = (
    "rdf:type dcterms:type rdfs:label skos:prefLabel skos:altLabel skos:hiddenLabel "
    "skos:definition dcterms:title dcterms:publisher schema:url dcterms:language ckg:published "
    "dcterms:extent schema:sha256 schema:translationOfWork dcterms:isVersionOf ckg:inDocument "
    "ckg:reports ckg:wording prov:wasAttributedTo ckg:via oa:hasSelector oa:exact oa:prefix "
    "oa:suffix oa:start oa:end oa:refinedBy schema:text ckg:speaker ckg:inCapacity ckg:channel "
    "schema:recipient ckg:said ckg:saidBefore ckg:expresses ckg:attitude ckg:onClaim "
    "ckg:certainty ckg:hedge ckg:inResponseTo ckg:accordingTo ckg:addresses ckg:textOnly "
    "ckg:subject ckg:predicate ckg:object ckg:quantity ckg:negated schema:location "
    "schema:mentions ckg:asWritten ckg:approximator schema:value schema:minValue "
    "schema:maxValue schema:unitText ckg:counts ckg:partsComplete ckg:holdsThroughout "
    "ckg:holdsSometimeIn ckg:edtf ckg:earliest ckg:latest org:member org:post org:organization "
    "org:memberDuring schema:about schema:containedInPlace geo:hasGeometry geo:asWKT "
    "schema:superEvent schema:sameAs skos:note dcterms:source "
)
_RANK = {curie: rank for rank, curie in enumerate(_ORDER.split())}

_BARE = {
    XSD.integer: re.compile(r"[+-]?\d+\Z"),
    XSD.decimal: re.compile(r"[+-]?\d*\.\d+\Z"),
    XSD.boolean: re.compile(r"(true|false)\Z"),
}
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_CONTROL = re.compile(r'[\\"\x00-\x1f\x7f]')

Subjects = dict[Term, dict[ox.NamedNode, list[Term]]]


def write_turtle(
    triples: Iterable[ox.Triple],
    *,
    graph: ox.NamedNode | None = None,
    about_graph: Iterable[ox.Triple] = (),
    comments: Mapping[str, str] | None = None,
) -> str:
    """Return the canonical Turtle of some triples, or TriG if a graph name is given.

    ``about_graph`` are triples about the graph itself; they stand before its block. ``comments``
    maps the IRI of a node to the comment lines that stand before it ("" for the top of the file).
    The triples must not have blank nodes.
    """
    kept = dict(comments or {})
    indent = "    " if graph else ""
    body = _paragraphs(_by_subject(triples), indent, kept)
    header = _paragraphs(_by_subject(about_graph), "", kept)
    blocks = [*header, "\n\n".join(body)]
    if graph:
        inside = "\n\n".join(body)
        blocks = [
            *header,
            f"{_iri(graph)} {{\n\n{inside}\n\n}}" if inside else f"{_iri(graph)} {{}}",
        ]
    text = "\n\n".join(block for block in blocks if block)
    top = kept[""].strip() + "\n\n" if "" in kept else ""
    return f"{top}{_prefixes(text)}\n{text}\n"


def _by_subject(triples: Iterable[ox.Triple]) -> Subjects:
    subjects: Subjects = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        subject, object = triple.subject, triple.object
        if isinstance(subject, ox.Triple) or isinstance(object, ox.Triple):
            raise InputError("a triple term (RDF 1.2) cannot be written", "give it an IRI")
        objects = subjects[subject][triple.predicate]
        if object not in objects:
            objects.append(object)
    return subjects


def _paragraphs(subjects: Subjects, indent: str, comments: Mapping[str, str]) -> list[str]:
    """Return one paragraph a node; brackets stand in the paragraph of the node that has them."""
    inside = {
        object
        for subject, properties in subjects.items()
        for objects in properties.values()
        for object in objects
        if _stands_in(object, subject) and object in subjects
    }
    paragraphs = []
    for subject in _reading_order(subjects):
        if subject in inside:
            continue
        comment = comments.get(str(subject)[1:-1], "")
        lead = "".join(f"{indent}{line}\n" if line else "\n" for line in comment.splitlines())
        lines = _properties(subject, subjects, inside, indent + "    ")
        first = lines[0].removeprefix(indent + "    ")
        rest = "".join(f" ;\n{line}" for line in lines[1:])
        paragraphs.append(f"{lead}{indent}{_iri(subject)} {first}{rest} .")
    return paragraphs


def _stands_in(node: Term, parent: Term) -> bool:
    return is_bracket(node) and str(node).startswith(f"{str(parent)[:-1]}.")


def _reading_order(subjects: Subjects) -> list[Term]:
    """Return the nodes in reading order: documents, then statements as they stand in the text, each
    after its reports, then everything else by IRI."""
    start: dict[Term, int] = {}
    for subject, properties in subjects.items():
        for selector in properties.get(OA.hasSelector, ()):
            for position in subjects.get(selector, {}).get(OA.refinedBy, ()):
                for offset in subjects.get(position, {}).get(OA.start, ()):
                    start[subject] = int(str(offset).split('"')[1])
    after: dict[Term, tuple[int, str]] = {}
    for subject, properties in subjects.items():
        for statement in properties.get(CKG.reports, ()):
            place = (start.get(subject, 10**9), str(subject))
            after[statement] = min(after.get(statement, place), place)

    def properties_of(subject: Term, predicate: ox.NamedNode) -> list[Term]:
        return subjects[subject].get(predicate, [])

    def key(subject: Term) -> tuple[int, int, str, int, str]:
        kinds = subjects[subject].get(RDF.type, ())
        if str(subject).startswith(f"<{GRAPH}"):
            return (-1, 0, "", 0, str(subject))
        if CKG.Document in kinds:
            return (0, 0, "", 0, str(subject))
        if CKG.Report in kinds:
            told = min(properties_of(subject, CKG.reports), default=subject, key=str)
            place = after.get(told, (10**9, str(subject)))
            return (2, *place, 0, f"{start.get(subject, 10**9):09} {subject!s}")
        if CKG.Statement in kinds:
            place = after.get(subject, (10**9, str(subject)))
            return (2, *place, 1, str(subject))
        if CKG.UnnamedSource in kinds:
            return (1, 0, "", 0, str(subject))
        if CKG.Issue in kinds:
            return (3, 0, str(subject), 0, "")
        if CKG.Claim in kinds:
            issue = min((str(i) for i in subjects[subject].get(CKG.addresses, ())), default="")
            return (3, 0, issue, 1, str(subject))
        return (4, 0, "", 0, str(subject))

    return sorted(subjects, key=key)


def _properties(subject: Term, subjects: Subjects, inside: set[Term], indent: str) -> list[str]:
    """Return the property lines of a node, without the separators."""
    lines = []
    for predicate in sorted(subjects[subject], key=_predicate_key):
        verb = "a" if predicate == RDF.type else _iri(predicate)
        objects = sorted(
            _object(object, subjects, inside, indent) for object in subjects[subject][predicate]
        )
        one_line = f"{indent}{verb} {' , '.join(objects)}"
        bracketed = all(object.startswith("[") for object in objects)
        if len(objects) == 1 or bracketed or len(one_line) <= WIDTH:
            lines.append(one_line)
        else:
            inner = f" ,\n{indent}    ".join(objects)
            lines.append(f"{indent}{verb}\n{indent}    {inner}")
    return lines


def _predicate_key(predicate: ox.NamedNode) -> tuple[int, str]:
    curie = shrink(predicate.value)
    return (_RANK.get(curie, len(_RANK)), curie)


def _object(object: Term, subjects: Subjects, inside: set[Term], indent: str) -> str:
    if isinstance(object, ox.NamedNode):
        if object not in inside:
            return _iri(object)
        lines = _properties(object, subjects, inside, indent + "    ")
        short = "[ " + " ; ".join(line.strip() for line in lines) + " ]"
        if len(indent) + len(short) <= WIDTH - 16 and not any("\n" in line for line in lines):
            return short
        return "[\n" + " ;\n".join(lines) + f"\n{indent}]"
    if isinstance(object, ox.Literal):
        return _literal(object)
    raise InputError(f"{object} cannot be written", "name the blank nodes first")


def _literal(literal: ox.Literal) -> str:
    bare = _BARE.get(literal.datatype)
    if bare and bare.match(literal.value):
        return literal.value
    text = _CONTROL.sub(
        lambda found: _ESCAPES.get(found[0], f"\\u{ord(found[0]):04X}"), literal.value
    )
    if literal.language:
        return f'"{text}"@{literal.language}'
    if literal.datatype == XSD.string:
        return f'"{text}"'
    return f'"{text}"^^{_iri(literal.datatype)}'


def _iri(node: Term) -> str:
    assert isinstance(node, ox.NamedNode), node
    curie = shrink(node.value)
    return str(node) if curie == node.value else curie


_CURIE = re.compile(r'"(?:[^"\\]|\\.)*"|<[^>]*>|#[^\n]*|\b([A-Za-z][\w-]*):(?=[A-Za-z0-9_])')


def _prefixes(text: str) -> str:
    """Return the @prefix lines that a text needs, in the order of the prefix map."""
    used = {found[1] for found in _CURIE.finditer(text) if found[1]}
    return "".join(
        f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items() if prefix in used
    )


_TOKEN = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^\'\\]|\\.|\'(?!\'\'))*\'\'\''
    r'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*',
    re.DOTALL,
)
_NODE = re.compile(r"(?:([A-Za-z][\w-]*:[^\s;,{]+)|<([^>\s]+)>)")


def comments_of(text: str, source: str = "") -> dict[str, str]:
    """Return the comments of a Turtle or TriG text by the IRI of the node that they stand before.

    Whole-line comments between nodes, and those at the top of the file (key ""), are found.
    Raises InputError, naming the line, for any other: they have no place to be kept in.
    """
    spans = [token.span() for token in _TOKEN.finditer(text) if token[0].startswith("#")]
    code = list(text)
    for start, end in spans:
        code[start:end] = " " * (end - start)
    bare = "".join(code)
    found: dict[str, list[str]] = {}
    for start, end in spans:
        line_start = bare.rfind("\n", 0, start) + 1
        before, after = bare[:start].rstrip()[-1:], bare[end:].lstrip()
        node = _NODE.match(after)
        if not before or re.match(r"@?(prefix|base)\b", after, re.IGNORECASE):
            where = ""
        elif before in ".{}" and node and not bare[line_start:start].strip():
            where = node[2] or expand(node[1])
        else:
            raise InputError(
                "this comment has no place in the canonical form",
                "put it on a line of its own before a node",
                source=source,
                line=text.count("\n", 0, start) + 1,
            )
        apart = bare[end:].lstrip(" ").startswith("\n\n")
        found.setdefault(where, []).append(text[start:end].rstrip() + ("\n" if apart else ""))
    return {where: "\n".join(lines) + "\n" for where, lines in found.items()}
