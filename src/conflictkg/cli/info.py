"""conflictkg info"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict

from conflictkg.cli.common import reading, store_option


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--json", action="store_true", help="as JSON")
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Tell what the store holds."""
    from conflictkg.views import contents

    held = contents(reading(args.store))
    if args.json:
        sys.stdout.write(json.dumps(asdict(held), ensure_ascii=False, indent=2) + "\n")
        return 0
    lines = [
        f"store   {held.location}",
        f"quads   {held.quads:,}",
        f"said    {held.first or 'no dates'} to {held.last or 'no dates'}",
        "",
        *(f"{count:>8,}  {name}" for name, count in held.classes),
        "",
        *(
            f"{line.graph.curie}  {line.file or 'derived'}  {line.made}"
            + (f"  by {line.by.curie}" if line.by else "")
            for line in held.graphs
        ),
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0
