"""A small world for tests of the rules: statements, claims and documents written in a line each."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pyoxigraph as ox

from conflictkg.derive import RULES, derive, graph_of
from conflictkg.files import parse
from conflictkg.provenance import Run
from conflictkg.store import LocalStore
from conflictkg.terms import DCTERMS, PREFIXES, PROV, SCHEMA, node, shrink

HEAD = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
RUN = Run("derive", datetime(2025, 1, 1, tzinfo=UTC))


def triples(text: str) -> list[ox.Triple]:
    """Return the triples of Turtle without prefixes, brackets named as on loading."""
    graph = node("docgraph:test")
    data = (HEAD + text).encode()
    return parse(data, "test", graph=graph, format=ox.RdfFormat.TURTLE).graphs.get(graph, [])


def world(*texts: str) -> LocalStore:
    """Return a store with each text in a graph of its own (docgraph:0, docgraph:1 ...), derived."""
    store = LocalStore(ox.Store(), "memory:")
    for number, text in enumerate(texts):
        put(store, f"docgraph:{number}", text)
    derive(store, RUN)
    return store


def put(store: LocalStore, graph: str, text: str) -> set[ox.NamedNode]:
    """Put a text in place of a graph, and return the nodes whose descriptions differ."""
    name = node(graph)
    before = {quad.triple for quad in store.match(None, None, None, name)}
    after = set(triples(text))
    store.oxigraph.remove_graph(name)
    store.oxigraph.extend(ox.Quad(t.subject, t.predicate, t.object, name) for t in after)
    return {t.subject for t in before ^ after if isinstance(t.subject, ox.NamedNode)}


def statement(
    name: str,
    speaker: str,
    said: str | Iterable[str],
    *stances: str,
    more: str = "",
    reader: str = "document:d",
) -> str:
    """Return a statement; a stance is written "denies certain x", x being a claim."""
    times = [said] if isinstance(said, str) else said
    dates = " , ".join(f'[ ckg:edtf "{time}"^^edtf:EDTF ]' for time in times)
    read = " , ".join(
        f"[ ckg:accordingTo {reader} ; ckg:attitude attitude:{attitude} ; "
        f"ckg:certainty certainty:{certainty} ; ckg:onClaim claim:{claim} ]"
        for attitude, certainty, claim in (stance.split() for stance in stances)
    )
    expresses = f" ; ckg:expresses {read}" if read else ""
    return (
        f"statement:{name} a ckg:Statement ; ckg:speaker {speaker} ; ckg:said {dates}"
        f"{expresses}{f' ; {more}' if more else ''} .\n"
    )


def claim(name: str, content: str = "ckg:textOnly true", *, issue: str = "i") -> str:
    """Return a claim on an issue, with its content in Turtle."""
    return (
        f'claim:{name} a ckg:Claim ; schema:text "Claim {name}."@en ; '
        f"ckg:addresses issue:{issue} ; {content} .\n"
    )


def spo(subject: str, predicate: str, object: str, *more: str) -> str:
    """Return the content of a structured claim."""
    start = f"ckg:subject {subject} ; ckg:predicate predicate:{predicate} ; ckg:object {object}"
    return " ; ".join([start, *more])


def number(subject: str, predicate: str, quantity: str, *more: str) -> str:
    """Return the content of a claim with a quantity."""
    start = f"ckg:subject {subject} ; ckg:predicate predicate:{predicate}"
    return " ; ".join([f"{start} ; ckg:quantity [ ckg:counts thing:soldier ; {quantity} ]", *more])


def on(day: str) -> str:
    """Return the valid time of a claim: all of a day or span."""
    return f'ckg:holdsThroughout [ ckg:edtf "{day}"^^edtf:EDTF ]'


def once(day: str) -> str:
    """Return the valid time of a claim: sometime in a day or span."""
    return f'ckg:holdsSometimeIn [ ckg:edtf "{day}"^^edtf:EDTF ]'


def changes(store: LocalStore) -> set[tuple[str, str, str]]:
    """Return the computed changes as kind, statement before, statement after (names only).

    Where the order is unknown, the statements stand in the order of their names.
    """
    found = set()
    for quad in store.match(None, DCTERMS.type, None, graph_of("change")):
        iri = quad.subject
        sources = {
            _name(source.object)
            for source in store.match(iri, PROV.wasDerivedFrom, None, graph_of("change"))
            if "expresses-" not in str(source.object)
        }
        ends = {}
        for end in ("before", "after"):
            for stance in store.match(iri, node(f"ckg:{end}"), None, graph_of("change")):
                ends[end] = _name(stance.object).partition(".")[0]
        pair = (ends["before"], ends["after"]) if ends else tuple(sorted(sources))
        found.add((_name(quad.object), *pair))
    return found  # type: ignore[return-value]


def findings(store: LocalStore, rule: str) -> set[tuple[str, ...]]:
    """Return the findings of a rule as type and what they are about, by name and in order."""
    found = set()
    for quad in store.match(None, DCTERMS.type, None, graph_of(rule)):
        about = sorted(
            _name(thing.object)
            for thing in store.match(quad.subject, SCHEMA.about, None, graph_of(rule))
        )
        found.add((_name(quad.object), *about))
    return found


def texts(store: LocalStore, rule: str) -> list[str]:
    """Return the reasons that a rule gives."""
    return sorted(
        quad.object.value for quad in store.match(None, SCHEMA.text, None, graph_of(rule))
    )


def derived(store: LocalStore) -> dict[str, set[str]]:
    """Return the quads of the derived graphs as text, by rule."""
    return {
        rule.name: {str(quad) for quad in store.match(None, None, None, graph_of(rule.name))}
        for rule in RULES
    }


def _name(term: object) -> str:
    return shrink(term.value).partition(":")[2] if isinstance(term, ox.NamedNode) else str(term)
