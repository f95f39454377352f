"""conflictkg export"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from conflictkg.cli.common import reading, store_option
from conflictkg.errors import InputError

if TYPE_CHECKING:
    from conflictkg.network import Projection
    from conflictkg.network.columns import Array

_ON_DISK = 2_000_000
"""Quads of a store from which on edges are kept in a temporary file while they are written."""

DENSE, CROWDED = 10_000, 5
"""Edges, and edges for each node, above both of which a file for Gephi keeps the strongest only."""

_FOR_NETWORKX = (
    "NetworkX reads .json and .cyjs of all; .gexf and .graphml not of places and revisions, "
    "whose edges have a direction by kind\n"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "output",
        nargs="?",
        metavar="FILE",
        help="file to write: .gexf .graphml .csv .json .cyjs .geojson .jsonl .png or .svg; "
        "NAME.csv becomes NAME.nodes.csv and NAME.edges.csv",
    )
    parser.add_argument("--network", metavar="NAME", help="which projection; --list names them")
    parser.add_argument("--list", action="store_true", help="list projections and formats")
    parser.add_argument("--since", metavar="DAY", help="only evidence that can be of this day on")
    parser.add_argument(
        "--until", metavar="DAY", help="only evidence that can be of up to this day"
    )
    parser.add_argument("--speaker", help="only what this one says (any spelling)")
    parser.add_argument("--place", help="only claims about this place or a part of it")
    parser.add_argument("--issue", help="only claims that address this issue")
    parser.add_argument("--document", help="only as this document tells it")
    parser.add_argument("--publisher", help="only what stands in a document that it published")
    parser.add_argument(
        "--min-weight", type=float, default=1, metavar="N", help="only edges that count so much (1)"
    )
    many = parser.add_mutually_exclusive_group()
    many.add_argument(
        "--strongest",
        type=int,
        metavar="N",
        help=f"only so many, the heaviest edges ({DENSE} in .gexf and .csv "
        f"of more, where they are more than {CROWDED} for each node)",
    )
    many.add_argument("--all", action="store_true", help="all edges, however many")
    parser.add_argument(
        "--largest-component", action="store_true", help="only the largest connected part"
    )
    parser.add_argument(
        "--clock",
        metavar="TIME",
        help="date evidence by when it was said, reported, or what it says happened (event)",
    )
    parser.add_argument(
        "--normalise",
        default="none",
        metavar="HOW",
        help="weigh by average, jaccard or cosine (alignment), or npmi (mentions)",
    )
    parser.add_argument(
        "--control",
        action="store_true",
        help="in places: who is said to hold each, and by whom",
    )
    parser.add_argument(
        "--slices", metavar="LENGTH", help="one file for each “1 month”, “1 week”, “30 days” ..."
    )
    parser.add_argument(
        "--every", metavar="LENGTH", help="slices begin every so long (moving windows)"
    )
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Write a network."""
    from conflictkg.export import FORMATS, format_of
    from conflictkg.network import definition, project, projections
    from conflictkg.resolve import Names

    if args.list:
        for asked in projections():
            sys.stdout.write(f"{asked.name:<21} {asked.summary}\n")
        for suffix, format in FORMATS.items():
            sys.stdout.write(f"{suffix:<21} {format.what}\n")
        sys.stdout.write(_FOR_NETWORKX)
        return 0
    if not args.output or not args.network:
        listed = ", ".join(asked.name for asked in projections())
        raise InputError(
            f"{'the file' if not args.output else 'the network'} to export is not named",
            f"write: conflictkg export network.gexf --network NAME; the networks are: {listed}",
        )
    if args.every and not args.slices:
        raise InputError("--every is of slices", "write --slices LENGTH too")
    path = Path(args.output)
    suffix = format_of(path.name)
    definition(args.network)
    reader = reading(args.store)
    names = Names(reader)
    things = {
        kind: names.resolve(text, ("agent",) if kind in ("speaker", "publisher") else (kind,))
        for kind in ("speaker", "place", "issue", "document", "publisher")
        if (text := getattr(args, kind))
    }
    large = not args.slices and suffix not in (".png", ".svg") and len(reader) > _ON_DISK
    made = project(
        reader,
        args.network,
        since=args.since,
        until=args.until,
        min_weight=args.min_weight,
        strongest=args.strongest,
        largest_component=args.largest_component,
        clock=args.clock,
        normalise=args.normalise,
        control=args.control,
        on_disk=large,
        progress=_reading,
        **things,
    )
    count = 0
    thin = suffix in (".gexf", ".csv") and not args.all and args.strongest is None
    left_out = made.meta["left_out"]
    for target, network in _files(made, path, args.slices, args.every):
        shown = _readable(network) if thin else network
        _write(shown, target)
        left_out = left_out if args.slices else shown.meta["left_out"]
        count += 1
    for why, number in left_out.items():
        sys.stderr.write(f"  left out: {number:,} ({why})\n")
    if args.slices and not count:
        sys.stderr.write("conflictkg: nothing has a date, so there are no slices\n")
    return 0


def _files(
    made: Projection, path: Path, slices: str | None, every: str | None
) -> Iterator[tuple[Path, Projection]]:
    """Yield the files to write and what goes in them; a slice has its first day in its name."""
    if not slices:
        yield path, made
        return
    for first, _, part in made.slices(slices, every):
        yield path.with_name(f"{path.stem}-{first}{path.suffix}"), part


def _readable(network: Projection) -> Projection:
    """Return a network that can be looked at: its strongest edges, if it is large and dense."""
    if len(network) <= DENSE or len(network) <= CROWDED * len(network.nodes):
        return network
    sys.stderr.write(
        f"conflictkg: {len(network):,} edges are too dense to be looked at: the strongest "
        f"{DENSE:,} are written (--all writes all, --strongest N so many)\n"
    )
    return network.strongest(DENSE)


def _write(network: Projection, path: Path) -> None:
    from conflictkg.export import write

    written = write(network, path, progress=_bar)
    if not len(network):
        why = network.meta.get("emptied_by")
        blame = f"; “{why}” leaves nothing" if why else ""
        sys.stderr.write(f"conflictkg: {path}: the network has no edges{blame}\n")
    told = ", ".join(map(str, written))
    nodes, edges = len(network.nodes), len(network.edges)
    sys.stderr.write(f"{told}: {nodes:,} nodes, {edges:,} edges\n")
    if path.suffix.lower() == ".geojson":
        placed = sum(lat is not None for lat in network.nodes["lat"])
        sys.stderr.write(f"  in the file: {placed:,} nodes with coordinates, and their edges\n")


def _reading(portions: Iterator[Array]) -> Iterator[Array]:
    """Show on a terminal how many facts were read."""
    from tqdm import tqdm

    with tqdm(desc="reading", unit=" facts", disable=None, delay=1, leave=False) as shown:
        for portion in portions:
            yield portion
            shown.update(portion.shape[1])


def _bar(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    """Show on a terminal how much was written."""
    from tqdm import tqdm

    with tqdm(
        desc=name, unit="B", unit_scale=True, disable=None, delay=1, leave=False, file=sys.stderr
    ) as shown:
        for piece in pieces:
            shown.update(len(piece))
            yield piece
