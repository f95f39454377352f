"""conflictkg new"""

from __future__ import annotations

import argparse
import re
import sys

from conflictkg.errors import InputError
from conflictkg.settings import own_graphs


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("what", choices=["document"], help="what to begin")
    parser.add_argument("url", metavar="URL", help="the address of the page")
    parser.add_argument(
        "--slug", help="its name: <outlet>-<subject>-<date> (default: from the URL)"
    )
    parser.add_argument(
        "--graphs", metavar="FOLDER", help="folder of graph files (default: graphs)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the skeleton of a new document file."""
    from conflictkg.load import written_atomically
    from conflictkg.skeleton import document, slug_of
    from conflictkg.terms import slug

    derived = slug_of(args.url)
    name = args.slug or derived
    if name != slug(name):
        raise InputError(f"“{name}” is not a slug", f"write it as {slug(name) or 'outlet-subject'}")
    folder = own_graphs(args.graphs)
    path = folder / "documents" / f"{name}.trig"
    if path.exists():
        raise InputError("there is such a file already", "choose another --slug", source=path)
    for other in sorted(path.parent.glob("*.trig")):
        if _bare(args.url) in map(
            _bare, re.findall(r"<(https?://[^>]+)>", other.read_text("utf-8"))
        ):
            raise InputError(f"{other.name} is of this page already", "add to it", source=other)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"it cannot be made: {error}", source=path.parent) from error
    with written_atomically(path) as file:
        file.write(document(args.url, name).encode())
    sys.stderr.write(f"{path} written; fill it in, and see what is missing with:\n")
    sys.stdout.write(f"conflictkg validate {path}\n")
    return 0


def _bare(url: str) -> str:
    """Return an address without what does not tell pages apart: scheme, www, trailing stroke."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/").lower()
