"""A small graph whose labels, texts and addresses try to run as scripts."""

from __future__ import annotations

import pyoxigraph as ox

from conflictkg.graph import ConflictGraph
from conflictkg.store import LocalStore
from conflictkg.terms import PREFIXES

SCRIPT = "</script><script>window.ran = 1</script>"
IMAGE = '"><img src=x onerror="window.ran = 2">'
TEMPLATE = "{{ 7 * 7 }}${window.ran = 3}"

GRAPH = f"""
@prefix hostile: <https://w3id.org/conflictkg/graph/document/hostile> .
{"".join(f"@prefix {name}: <{iri}> ." + chr(10) for name, iri in PREFIXES.items())}
hostile: {{
  document:hostile a ckg:Document ; dcterms:title '''{SCRIPT}{IMAGE}'''@en ;
    dcterms:publisher organization:hostile ; schema:url <javascript:window.ran=4> .
  organization:hostile a ckg:Organization ; skos:prefLabel '''{IMAGE}'''@en .
  person:hostile a ckg:Person ; skos:prefLabel '''{SCRIPT}'''@en ;
    schema:sameAs <javascript:window.ran=5> .
  person:other a ckg:Person ; skos:prefLabel '''{TEMPLATE}'''@en .
  place:hostile a ckg:Place ; skos:prefLabel '''{IMAGE}{SCRIPT}'''@en ;
    geo:hasGeometry place:hostile.shape .
  place:hostile.shape geo:asWKT "POINT(35.6 50.6)"^^geo:wktLiteral .
  issue:hostile a ckg:Issue ; skos:prefLabel '''{IMAGE}'''@en .
  claim:hostile a ckg:Claim ; schema:text '''{SCRIPT}{IMAGE}'''@en ;
    ckg:addresses issue:hostile ; ckg:subject place:hostile .
  statement:hostile a ckg:Statement ; ckg:speaker person:hostile ;
    schema:text '''{SCRIPT}'''@en ; ckg:said statement:hostile.said ;
    ckg:expresses statement:hostile.stance .
  statement:other a ckg:Statement ; ckg:speaker person:other ;
    schema:text '''{IMAGE}'''@en ; ckg:said statement:hostile.said ;
    ckg:expresses statement:other.stance .
  statement:hostile.said ckg:edtf "2025-03-18"^^edtf:EDTF ;
    ckg:earliest "2025-03-18"^^xsd:date ; ckg:latest "2025-03-18"^^xsd:date .
  statement:hostile.stance ckg:attitude attitude:asserts ; ckg:certainty certainty:certain ;
    ckg:accordingTo document:hostile ; ckg:onClaim claim:hostile .
  statement:other.stance ckg:attitude attitude:denies ; ckg:certainty certainty:certain ;
    ckg:accordingTo document:hostile ; ckg:onClaim claim:hostile .
  report:hostile a ckg:Report ; ckg:inDocument document:hostile ; ckg:reports statement:hostile .
  report:other a ckg:Report ; ckg:inDocument document:hostile ; ckg:reports statement:other .
}}
"""
"""TriG; what comes from it must stay text."""


def hostile_graph() -> ConflictGraph:
    """Return the graph, in memory."""
    store = ox.Store()
    store.load(GRAPH.encode(), format=ox.RdfFormat.TRIG)
    return ConflictGraph(LocalStore(store, "memory:"))
