"""conflictkg serve"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from conflictkg.cli.common import store_option


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments: the address, the graph, the limits, and who may write."""
    store_option(parser)
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on (127.0.0.1: this machine only)"
    )
    parser.add_argument("--port", type=int, default=7979, help="port (7979; 0: any that is free)")
    parser.add_argument(
        "--base-url",
        metavar="URL",
        default="",
        help="address for others, behind a proxy: links, descriptions and redirects begin with it",
    )
    parser.add_argument(
        "--writable",
        action="store_true",
        help="take updates and graphs from those who send the token (CONFLICTKG_TOKEN); "
        "not with memory:, where nothing would be left of them",
    )
    parser.add_argument("--token-file", metavar="FILE", help="file that holds the token")
    parser.add_argument(
        "--no-validate", action="store_true", help="take what does not fit the shapes, too"
    )
    parser.add_argument(
        "--replay",
        action="store_true",
        help="make the changes in the journal although the store was replaced since",
    )
    parser.add_argument(
        "--timeout", type=float, default=30.0, metavar="S", help="seconds for one request (30)"
    )
    parser.add_argument(
        "--memory",
        type=int,
        default=1024,
        metavar="MIB",
        help="MiB that one request may take on top of the graph (1024)",
    )
    parser.add_argument(
        "--max-rows",
        type=int,
        default=1_000_000,
        help="rows of a result; one that has more is cut, and its client told (1000000; 0: all)",
    )
    parser.add_argument(
        "--max-body", type=int, default=16, metavar="MIB", help="MiB of a request's body (16)"
    )
    parser.add_argument(
        "--workers", type=int, default=0, help="requests at a time (as many as cores, 2 to 4)"
    )
    parser.add_argument(
        "--on-disk", action="store_true", help="read from disk a graph too large for memory"
    )
    parser.add_argument(
        "--strict-dataset",
        action="store_true",
        help="the default graph is the unnamed one, not the union of all",
    )
    parser.add_argument(
        "--allow-service",
        action="append",
        default=[],
        metavar="URL",
        help="address that SERVICE and LOAD may reach (repeatable; none without it)",
    )
    parser.add_argument(
        "--log-queries", action="store_true", help="put the text of queries into the access log"
    )
    parser.add_argument("--no-log", action="store_true", help="write no access log to stdout")
    parser.add_argument(
        "--open", action="store_true", help="open the site in the browser when it is ready"
    )


def run(args: argparse.Namespace) -> int:
    """Serve the graph until interrupted."""
    from conflictkg.errors import InputError, StoreError
    from conflictkg.settings import settings
    from conflictkg.web.http import Options

    require_forks()
    from conflictkg.web.server.access import token
    from conflictkg.web.server.serving import Serving, serve

    if args.timeout <= 0 or args.memory <= 0 or args.max_body <= 0 or args.max_rows < 0:
        raise InputError("limits must be greater than 0", "--max-rows 0 means all")
    chosen = settings(store=args.store).store
    if chosen.startswith(("http://", "https://")):
        raise StoreError(f"{chosen} is served already", "give a folder as --store, or memory:")
    built = chosen.startswith("memory:")
    options = Options(
        strict_dataset=args.strict_dataset,
        writable=args.writable,
        validate=not args.no_validate,
        max_rows=args.max_rows,
        max_body=args.max_body * 1024 * 1024,
        timeout=args.timeout,
        memory=args.memory,
        services=tuple(args.allow_service),
        base_url=base_url(args.base_url),
    )
    serving = Serving(
        options,
        host=args.host,
        port=args.port,
        folder=None if built else Path(chosen),
        graphs=settings(graphs=chosen[7:] or None).graphs if built else None,
        token=token(args.token_file) if args.writable else "",
        workers=args.workers,
        on_disk=args.on_disk,
        replay=args.replay,
        log=not args.no_log,
        log_queries=args.log_queries,
    )

    def ready(address: str) -> None:
        sys.stderr.write(f"serving {chosen} at {address}\n")
        sys.stderr.flush()
        if args.open:
            open_browser(address)

    serve(serving, ready=ready)
    return 0


_BASE = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?"
)


def base_url(text: str) -> str:
    """Return an address to put before paths, without a slash at its end; raises InputError.

    >>> base_url("https://example.org/kg/")
    'https://example.org/kg'
    """
    from conflictkg.errors import InputError

    if text and not _BASE.fullmatch(text):
        raise InputError(
            f"“{text}” is not the address of a server",
            "write it as https://example.org/ or https://example.org/kg/",
        )
    return text.rstrip("/")


def require_forks() -> None:
    """Raise StoreError on a platform that cannot fork the processes that answer requests."""
    from conflictkg.errors import StoreError

    if not hasattr(os, "fork"):
        raise StoreError("a graph cannot be served from here", "use Linux, macOS or WSL")


def open_browser(address: str) -> None:
    """Open an address in the user's browser."""
    import webbrowser

    webbrowser.open(address)
