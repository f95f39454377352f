"""conflictkg demo"""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date

from conflictkg.cli.common import reading

SPEAKER = "person:andriy-kovalenko"
ISSUES = ("issue:defence-forces-in-belgorod", "issue:defence-forces-at-border")
"""The two questions on which the statements of 18 and 24 March 2025 meet."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: whether and where the graph is served afterwards."""
    parser.add_argument("--no-serve", action="store_true", help="print the answer and end")
    parser.add_argument("--port", type=int, default=0, help="port (0: any that is free)")
    parser.add_argument(
        "--no-open", action="store_true", help="do not open the site in the browser"
    )


def run(args: argparse.Namespace) -> int:
    """Build and validate the bundled graph in memory, tell Kovalenko's history, then serve it."""
    violations = tell()
    if violations or args.no_serve:
        return 1 if violations else 0
    from conflictkg.cli.serve import open_browser, require_forks
    from conflictkg.terms import bundled
    from conflictkg.web.http import Options

    require_forks()
    from conflictkg.web.server.serving import Serving, serve

    def ready(address: str) -> None:
        sys.stderr.write(f"\nserving the graph at {address} until interrupted (Ctrl-C)\n")
        sys.stderr.flush()
        if not args.no_open and sys.stdout.isatty() and not os.environ.get("CI"):
            open_browser(address)

    sys.stdout.flush()
    serve(Serving(Options(), port=args.port, graphs=bundled("graphs"), log=False), ready=ready)
    return 0


def tell() -> int:
    """Print what the bundled graph holds and says of Kovalenko; return how many violations."""
    from conflictkg.cli.history import print_text
    from conflictkg.cli.text import write_lines
    from conflictkg.graph import ConflictGraph
    from conflictkg.terms import bundled
    from conflictkg.validate import Severity

    kg = ConflictGraph(reading(f"memory:{bundled('graphs')}"))
    counts = dict(kg.info().classes)
    findings = kg.validate()
    levels = {level: sum(f.severity is level for f in findings) for level in Severity}
    sys.stdout.write(
        f"{len(kg):,} quads: {counts['ckg:Document']:,} documents, {counts['ckg:Report']:,} "
        f"reports of {counts['ckg:Statement']:,} statements, {counts['ckg:Claim']:,} claims on "
        f"{counts['ckg:Issue']:,} issues\n"
        f"validated: {levels[Severity.VIOLATION]} violations, {levels[Severity.WARNING]} warnings, "
        f"{levels[Severity.INFO]} notes\n\n"
    )
    told = kg.history(SPEAKER)
    write_lines([f"{told.speaker} said, in {len(told.statements)} statements:"])
    write_lines(f"  {statement}" for statement in told.statements)
    sys.stdout.write("\nAnd how two questions went from 18 to 24 March 2025:\n")
    days = (date(2025, 3, 18), date(2025, 3, 24))
    for issue in ISSUES:
        sys.stdout.write("\n")
        print_text(kg.history(SPEAKER, issue=issue, said=days))
    sys.stdout.write("\nAll of it: conflictkg build, then conflictkg history Kovalenko\n")
    return levels[Severity.VIOLATION]
