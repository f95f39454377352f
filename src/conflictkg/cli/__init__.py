"""The command line: one module a command, imported when it is called."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": (
        "Build the bundled graph in memory, answer the Kovalenko question, then serve the site.",
        "Nothing is written.",
    ),
    "build": (
        "Build the store from a folder of graph files, with its derived graphs.",
        "The store is replaced as a whole, and only when all went well.",
    ),
    "load": (
        "Load RDF files into the store; each graph replaces the one of its name.",
        "All or nothing; derived graphs are brought up to date.",
    ),
    "export": (
        "Write a network out of the store: for Gephi, igraph, Cytoscape, maps, or as a picture.",
        "The store is only read; the suffix of the file tells the format.",
    ),
    "dump": ("Write the store, or one graph of it, as RDF.", "The store is only read."),
    "fmt": (
        "Put graph files into the canonical form, computable parts filled in.",
        "Files are rewritten in place; with --check they are only looked at.",
    ),
    "validate": (
        "Check graph files, or the whole store, against the shapes.",
        "Nothing is changed; exit code 1 means that findings at or above --fail-on remain.",
    ),
    "query": (
        "Ask a named question, or run SPARQL from the command line, a file or a pipe.",
        "The store is only read.",
    ),
    "search": ("Find people, places and all else by any spelling of a name.", "Only reads."),
    "show": ("Show one thing: its names, and what is said of it, by whom.", "Only reads."),
    "new": (
        "Begin the file of a new source document from the address of its page.",
        "Writes one file into graphs/documents/; never over another.",
    ),
    "diff": (
        "Tell in words how two graphs differ: folders of graph files, files or stores.",
        "Only reads; what the rules compute is compared as well.",
    ),
    "history": (
        "Tell what a speaker said, issue by issue in time, and how it changed.",
        "Only reads; what was computed is marked as such.",
    ),
    "paths": (
        "Tell what ties two things: the paths between them, with who says so, and where.",
        "Only reads; a hop is a sentence that somebody says, or one that nobody disputes.",
    ),
    "info": ("Tell what the store holds, from where and since when.", "Only reads."),
    "anchor": (
        "Check every quote and position of a document against its text.",
        "Nothing is changed; exit code 1 means that something moved or is not there.",
    ),
    "serve": (
        "Serve a graph: a SPARQL endpoint and a site, until interrupted.",
        "The store is only read, unless --writable is given.",
    ),
    "completion": ("Print a completion script for bash, zsh or fish.", "Nothing is installed."),
}
"""Command -> what it does, and what that means for the user's data."""

USAGE = "conflictkg COMMAND [ARGUMENT ...]   (conflictkg COMMAND --help for one command)"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 fine, 1 the check said no, 2 no answer."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        sys.stdout.write(overview())
        return 0 if words else 2
    if words[0] in ("-V", "--version"):
        from conflictkg import __version__

        sys.stdout.write(f"conflictkg {__version__}\n")
        return 0
    name = words[0]
    if name not in COMMANDS:
        from difflib import get_close_matches

        near = get_close_matches(name, COMMANDS, 1)
        meant = f" Did you mean {near[0]}?" if near else ""
        sys.stderr.write(f"conflictkg: there is no command “{name}”.{meant}\n{overview()}")
        return 2
    from conflictkg.cli.call import call

    return call(name, words[1:])


def overview() -> str:
    """Return the help text of the whole command line."""
    lines = [f"usage: {USAGE}", "", "A knowledge graph of reporting on armed conflict.", ""]
    for name, (what, consequence) in COMMANDS.items():
        lines += [f"  {name:<11} {what}", f"  {'':<11} {consequence}"]
    return "\n".join(lines) + "\n"


def parser(name: str) -> argparse.ArgumentParser:
    """Return the argument parser of a command."""
    what, consequence = COMMANDS[name]
    made = argparse.ArgumentParser(prog=f"conflictkg {name}", description=f"{what} {consequence}")
    import_module(f"conflictkg.cli.{name}").arguments(made)
    return made
