"""The ontology and its schemes as triples that every validation needs: classes and concepts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pyoxigraph as ox

from conflictkg.terms import RDFS, bundled

FILES = ("conflictkg.ttl", "schemes.ttl")


@cache
def triples() -> tuple[ox.Triple, ...]:
    """Return the triples of the ontology and the schemes that come with the package."""
    folder = bundled("ontology")
    return tuple(quad.triple for name in FILES for quad in ox.parse(path=str(folder / name)))


@cache
def classes() -> tuple[ox.Triple, ...]:
    """Return only the class hierarchy."""
    return tuple(triple for triple in triples() if triple.predicate == RDFS.subClassOf)


@cache
def descriptions() -> Mapping[ox.NamedNode, tuple[ox.Triple, ...]]:
    """Return what the ontology and the schemes say, by the term they say it of."""
    index: dict[ox.NamedNode, list[ox.Triple]] = {}
    for triple in triples():
        if isinstance(triple.subject, ox.NamedNode):
            index.setdefault(triple.subject, []).append(triple)
    return {term: tuple(said) for term, said in index.items()}
