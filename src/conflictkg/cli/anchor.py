"""conflictkg anchor"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from conflictkg.cli.common import reading, store_option
from conflictkg.errors import InputError


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("textfile", metavar="TEXTFILE", help="the text of the document, UTF-8")
    parser.add_argument(
        "--document", help="which document (CURIE or IRI); by default the one whose hash fits"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Check the quotes; return 1 if any is not where it should be."""
    from conflictkg.anchoring import Anchored, anchor
    from conflictkg.files import read_text
    from conflictkg.reading import Snapshot, read_documents
    from conflictkg.terms import node, shrink
    from conflictkg.views import anchors, documents_with_hash

    path = Path(args.textfile)
    data, text = read_text(path)
    sha256 = hashlib.sha256(data).hexdigest()
    store = reading(args.store)
    found = [node(args.document)] if args.document else documents_with_hash(store, sha256)
    if not found:
        known = ", ".join(shrink(d.value) for d in documents_with_hash(store, "")[:5])
        raise InputError(
            f"no document has this text (sha256 {sha256[:16]}...)",
            f"say which it should be with --document; with a text are: {known or 'none'}",
            source=path,
        )
    document = read_documents(Snapshot(store), [found[0]])[found[0]]
    results = list(anchor(text, anchors(store, found[0])))
    if not results:
        raise InputError(f"{shrink(found[0].value)} has no quotes", "check the name", source=path)
    same = not document.sha256 or document.sha256 == sha256
    wrong = [result for result in results if result.state is not Anchored.FITS]
    if args.json:
        rows = [
            {"report": r.report.iri, "state": r.state, "found": r.found, "message": r.message}
            for r in results
        ]
        answer = {"document": document.iri, "sameText": same, "quotes": rows}
        sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
        return 1 if wrong or not same else 0
    if not same:
        sys.stdout.write(
            f"this is another text than the one that was read\n"
            f"  read    {document.sha256}\n  given   {sha256}\n"
        )
    for result in wrong:
        sys.stdout.write(
            f"{result.state:<9} {shrink(result.report.iri)}: {result.message}\n"
            f"          “{result.report.quote}”\n"
        )
    sys.stdout.write(
        f"{shrink(document.iri)}: {len(results) - len(wrong)} of {len(results)} quotes fit\n"
    )
    return 1 if wrong or not same else 0
