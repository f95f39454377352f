"""Generate a graph of any size with the shape of the real one, as N-Quads.

The real graph (``graphs/``) is measured when this runs and cast again and again: entities, issues,
claims and documents with identifiers of their own, dates spread over twelve years, speakers drawn
from all copies by a heavy tail. The same seed gives the same bytes.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import accumulate
from pathlib import Path

import pyoxigraph as ox

from conflictkg.load import ONTOLOGY_FILES
from conflictkg.provenance import graph_provenance
from conflictkg.terms import DCTERMS, ONTOLOGY_GRAPH, PROV, PROVENANCE_GRAPH, XSD, bundled
from moulds import RUN, Moulds, Owner, figures, measured, shifted

FIRST_MONTH, MONTHS = -130, 144
"""Copies are moved by months: from this one (2014, seen from the real graph), over so many."""


class Generator:
    """Casts the moulds of the real graph; ``quads`` is how many are asked for."""

    def __init__(self, quads: int, *, folder: Path | None = None, seed: int = 1) -> None:
        self.quads = quads
        self.moulds: Moulds = measured(folder or bundled("graphs"))
        self.head = "".join(_head())
        self.random = random.Random(seed)
        spare = quads - self.head.count("\n")
        whole = len(self.moulds.world) + sum(len(p.lines) for p in self.moulds.parts.values())
        self.worlds = max(1, spare // whole)
        self.rest = spare - self.worlds * whole
        self._ranks: dict[bool, tuple[list[tuple[str, str]], list[float]]] = {}
        for has_post in (True, False):
            known = [pair for pair in self.moulds.speakers if bool(pair[1]) == has_post]
            weights = (
                (rank + 1) ** -self.moulds.exponent for rank in range(len(known) * self.worlds)
            )
            self._ranks[has_post] = (known, list(accumulate(weights)))

    def text(self) -> Iterator[str]:
        """Yield the N-Quads, a world at a time: the ontology, then the copies."""
        yield self.head
        documents = self._documents
        if self.rest < 0:
            needed = sorted(self.moulds.needed)
            documents = self._some(len(self._documents_all) + self.rest, needed)
        for world in range(self.worlds):
            yield self._world % self.values(world, str(world))
            yield documents % self.values(world, str(world))
        number = 0
        while self.rest > 0 and (some := self._some(self.rest)):
            number += 1
            yield some % self.values(self.worlds - 1, f"{self.worlds - 1}-{number}")
            self.rest -= some.count("\n")

    def document(self, world: int, suffix: str) -> tuple[str, str]:
        """Return the graph name and the N-Quads of one new document, of median length.

        It is about what the documents of a world are about; its provenance comes with it.
        """
        by_length = sorted(
            (sum(f"<{_slotted(name)}> ." in line for line in self._documents_all), name)
            for name in self.moulds.documents
        )
        mould = _slotted(by_length[len(by_length) // 2][1])
        values = self.values(world, suffix)
        lines = [
            line
            for line in self._documents_all
            if line.endswith(f"<{mould}> .\n") or line.startswith(f"<{mould}>")
        ]
        return mould % values, "".join(lines) % values

    def write_document(self, folder: Path, world: int = 0, suffix: str = "new") -> Path:
        """Write such a document as its author would, as TriG; return the path of the file."""
        name, text = self.document(world, suffix)
        quads = list(ox.parse(text.encode(), format=ox.RdfFormat.N_QUADS))
        told = (DCTERMS.license, PROV.wasAttributedTo, PROV.wasDerivedFrom)
        about = [
            ox.Quad(quad.subject, quad.predicate, quad.object)
            for quad in quads
            if quad.subject == ox.NamedNode(name)
            and quad.predicate in told
            and "/id/file/" not in str(quad.object)
        ]
        own = [quad for quad in quads if quad.graph_name != PROVENANCE_GRAPH]
        path = folder / f"{name.rsplit('/', 1)[-1]}.trig"
        ox.serialize([*about, *own], path, format=ox.RdfFormat.TRIG)
        return path

    def values(self, world: int, suffix: str) -> dict[str, str]:
        """Return what goes into the slots of a copy of a world's documents."""
        moulds, draw = self.moulds, self.random
        months = FIRST_MONTH + world * MONTHS // self.worlds
        values = {"w": str(world), "d": suffix, "x": f"{abs(_number(suffix)):012x}"}
        for number, edtf in enumerate(moulds.times):
            moved = shifted(edtf, months)
            if moved:
                values[f"e{number}"], values[f"a{number}"], values[f"b{number}"] = moved
        for number in range(len(moulds.publishers)):
            values[f"p{number}"] = str(int(self.worlds ** draw.random()) - 1)
        for number, has_post in enumerate(moulds.slots):
            known, weights = self._ranks[has_post]
            (rank,) = draw.choices(range(len(weights)), cum_weights=weights)
            copy, which = divmod(rank, len(known))
            speaker, post = known[which]
            values[f"s{number}"] = f"{speaker}-{copy}"
            values[f"c{number}"] = f"{post}-{copy}"
        return values

    @cached_property
    def _world(self) -> str:
        return "".join(self.moulds.world)

    @cached_property
    def _documents_all(self) -> list[str]:
        return [line for part in self.moulds.parts.values() for line in part.lines]

    @cached_property
    def _documents(self) -> str:
        return "".join(self._documents_all)

    def _some(self, quads: int, first: Collection[Owner] = ()) -> str:
        """Return as much of the documents as fits, whole statements with what they refer to.

        The parts called ``first`` come in any case.
        """
        taken: dict[Owner, None] = {}
        room = quads
        for owner in [*first, *self.moulds.parts]:
            new = [one for one in self._with_needs(owner) if one not in taken]
            size = sum(len(self.moulds.parts[one].lines) for one in new)
            if size <= room or owner in first:
                taken |= dict.fromkeys(new)
                room -= size
        return "".join(line for owner in taken for line in self.moulds.parts[owner].lines)

    def _with_needs(self, owner: Owner) -> list[Owner]:
        found: dict[Owner, None] = {}
        waiting = [owner]
        while waiting:
            one = waiting.pop()
            if one not in found and one in self.moulds.parts:
                found[one] = None
                waiting.extend(sorted(self.moulds.parts[one].needs))
        return list(found)


def _slotted(name: str) -> str:
    return name.replace("%", "%%") + "-%(d)s"


def _number(suffix: str) -> int:
    """Return a number that differs between suffixes such as 17, 17-1 and new."""
    return int.from_bytes(suffix.encode()[-5:], "big")


def _head() -> Iterator[str]:
    """Yield what stands in a built store once: the ontology, and the run that made the graphs."""
    license = ox.Triple(
        ONTOLOGY_GRAPH,
        DCTERMS.license,
        ox.NamedNode("https://creativecommons.org/licenses/by/4.0/"),
    )
    quads = [*graph_provenance(ONTOLOGY_GRAPH, RUN, about=[license]), *RUN.quads()]
    for name in ONTOLOGY_FILES:
        for quad in ox.parse(path=str(bundled("ontology") / name)):
            if not isinstance(quad.subject, ox.BlankNode) and not isinstance(
                quad.object, ox.BlankNode
            ):
                quads.append(ox.Quad(quad.subject, quad.predicate, quad.object, ONTOLOGY_GRAPH))
    end = ox.Literal("2026-01-01T00:00:01Z", datatype=XSD.dateTime)
    for quad in quads:
        if quad.predicate == PROV.endedAtTime:
            quad = ox.Quad(quad.subject, quad.predicate, end, PROVENANCE_GRAPH)
        yield f"{quad} .\n"


def write(quads: int, out: Path, *, folder: Path | None = None, seed: int = 1) -> int:
    """Write about so many quads to a file; return how many there are."""
    count = 0
    with out.open("wb") as file:
        for text in Generator(quads, folder=folder, seed=seed).text():
            file.write(text.encode())
            count += text.count("\n")
    return count


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Generate N-Quads with the real graph's shape.")
    parser.add_argument("--quads", type=int, default=1_000_000, help="how many (1000000)")
    parser.add_argument("--out", type=Path, required=True, help="the N-Quads file to write")
    parser.add_argument("--seed", type=int, default=1, help="another graph of the same shape (1)")
    parser.add_argument("--graphs", type=Path, help="the real graph (the project's graphs/)")
    parser.add_argument("--figures", action="store_true", help="then print the shape of the file")
    options = parser.parse_args()
    start = time.perf_counter()
    count = write(options.quads, options.out, folder=options.graphs, seed=options.seed)
    spent = time.perf_counter() - start
    print(f"{count:,} quads in {spent:.1f} s, {count / spent:,.0f} a second", file=sys.stderr)
    if options.figures:
        for name, value in figures(ox.parse(path=str(options.out))):
            print(f"{name}\t{value:,.2f}")


if __name__ == "__main__":
    main()
