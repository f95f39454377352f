"""conflictkg validate"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from conflictkg.cli.common import reading, store_option
from conflictkg.errors import StoreError

LEVELS = ("violation", "warning", "info")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="graph files, looked at together with the store (or, where there is none, with the "
        "other graph files); without any, the whole store",
    )
    parser.add_argument(
        "--fail-on",
        choices=(*LEVELS, "never"),
        default="violation",
        help="the least severity that makes the exit code 1 (default: violation)",
    )
    parser.add_argument("--quiet", action="store_true", help="only what --fail-on counts")
    parser.add_argument(
        "--engine", choices=("auto", "pyshacl", "fast"), default="auto", help="the SHACL engine"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    store_option(parser)


def run(args: argparse.Namespace) -> int:
    """Print the findings; return 1 if there are any at or above --fail-on."""
    from conflictkg.load import laid_over
    from conflictkg.validate import Severity, validate

    if args.files:
        try:
            base = reading(args.store)
        except StoreError:
            base = reading("memory:")
        data, graphs = laid_over(base, [Path(name) for name in args.files])
        findings = validate(data, only=graphs, engine=args.engine)
    else:
        findings = validate(reading(args.store), engine=args.engine)
    limit = None if args.fail_on == "never" else Severity(args.fail_on.capitalize())
    failing = [f for f in findings if limit and f.severity.reaches(limit)]
    shown = failing if args.quiet else findings
    if args.json:
        rows = [{**asdict(finding), "severity": finding.severity.value} for finding in shown]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2) + "\n")
    else:
        for finding in shown:
            sys.stdout.write(f"{finding}\n")
    counts = [
        f"{sum(f.severity.value.lower() == name for f in findings)} {name}" for name in LEVELS
    ]
    sys.stderr.write(f"{', '.join(counts)}\n")
    return 1 if failing else 0
