"""The house rules that a machine can check: which way imports point, what start-up costs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import conflictkg
from conflictkg.cli import COMMANDS, overview, parser

PACKAGE = Path(conflictkg.__file__).parent
ROOT = PACKAGE.parent.parent
MODULES = sorted(PACKAGE.rglob("*.py"))

LAYERS = (
    ("errors", "lexing", "words"),
    ("terms",),
    ("values", "fold"),
    ("store",),
    ("generations", "settings", "model", "provenance", "brackets"),
    ("anchoring", "turtle", "files", "reading"),
    ("derive", "resolve", "views", "validate"),
    ("queries", "load"),
    ("tables", "rows", "history", "comparing", "skeleton", "network"),
    ("export", "walking"),
    ("graph",),
    ("web",),
    ("cli",),
)
"""Modules and packages from the ground up; each may import only from below."""

HEAVY = {
    "numpy",
    "rdflib",
    "pyshacl",
    "networkx",
    "pandas",
    "polars",
    "oxrdflib",
    "shifty",
    "tqdm",
    "edtf",
}


def top(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def layer(name: str) -> int:
    found = [at for at, names in enumerate(LAYERS) if name in names]
    assert found, f"{name} has no layer: say where it belongs"
    return found[0]


def imports(path: Path) -> list[tuple[str, bool]]:
    """Return the imported modules, each with whether the import is at the top of the module."""
    tree = ast.parse(path.read_text("utf-8"))
    at_top = {id(node) for node in tree.body}
    found: list[tuple[str, bool]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) in at_top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
            if node.module == "conflictkg":
                names = [f"conflictkg.{alias.name}" for alias in node.names]
            found += [(name, id(node) in at_top) for name in names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    name = top(path)
    if name in ("__init__", "__main__"):
        return
    for module, _ in imports(path):
        other = re.match(r"conflictkg\.(\w+)", module)
        if other and other[1] not in (name, "__version__"):
            assert layer(other[1]) < layer(name), f"{name} imports {other[1]}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_heavy_packages_are_imported_where_they_are_needed(path: Path) -> None:
    found = {module.split(".")[0] for module, at_top in imports(path) if at_top}
    assert found & HEAVY <= ({"numpy"} if top(path) in ("network", "export") else set())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_longer_than_it_should_be(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def test_only_the_store_and_loading_know_the_engine_below() -> None:
    knowing = {
        top(path)
        for path in MODULES
        if re.search(r"ox\.Store\(|\.oxigraph\b", path.read_text("utf-8"))
    }
    assert knowing <= {"store", "generations", "load", "derive", "graph", "validate", "web"}


def test_only_validation_imports_pyshacl() -> None:
    using = {top(p) for p in MODULES for module, _ in imports(p) if module.startswith("pyshacl")}
    assert using == {"validate"}


def loaded_by(*words: str) -> set[str]:
    """Return the top-level packages that a command imports, by Python's own account."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "conflictkg", *words],
        capture_output=True,
        text=True,
        timeout=120,
    )
    names = re.findall(r"\|\s+([\w.]+)$", done.stderr, re.MULTILINE)
    assert "conflictkg" in names
    return {name.split(".")[0] for name in names}


def test_help_imports_next_to_nothing() -> None:
    assert not loaded_by("--help") & (HEAVY | {"pyoxigraph", "click", "json"})


def test_a_query_imports_neither_rdflib_nor_pyshacl_nor_networkx(real_folder: Path) -> None:
    store = ("--store", str(real_folder))
    for words in (("query", "statements-by", "-p", "speaker=Kovalenko"), ("query", "ASK {}")):
        assert not loaded_by(*words, *store) & (HEAVY - {"tqdm"})


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does_and_what_follows(name: str) -> None:
    what, consequence = COMMANDS[name]
    assert what.endswith(".") and consequence.endswith(".")
    assert what in overview() and consequence in overview()
    assert parser(name).format_help().startswith(f"usage: conflictkg {name}")
    for action in parser(name)._actions:
        assert action.help, f"{name} {action.dest} has no help"


def test_the_public_names_are_these() -> None:
    assert set(conflictkg.__all__) == {
        "AmbiguousName",
        "Bond",
        "Claim",
        "ConflictGraph",
        "ConflictkgError",
        "Document",
        "Entity",
        "Event",
        "Hop",
        "ImpreciseTime",
        "InputError",
        "Issue",
        "Meeting",
        "Moment",
        "Name",
        "NameNotFound",
        "Organization",
        "Path",
        "Person",
        "Place",
        "Quantity",
        "QueryError",
        "Report",
        "Stance",
        "Statement",
        "Step",
        "StoreError",
        "Tie",
        "Unit",
        "UnnamedSource",
        "Voice",
        "__version__",
        "open_graph",
    }
    for name in conflictkg.__all__:
        assert getattr(conflictkg, name) is not None
    with pytest.raises(AttributeError):
        conflictkg.nothing  # noqa: B018


def test_importing_the_package_is_cheap() -> None:
    script = "import sys, conflictkg; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60
    )
    assert not {name.split(".")[0] for name in done.stdout.split()} & (HEAVY | {"pyoxigraph"})


@pytest.mark.parametrize(
    "words",
    [
        ("ruff", "check", "src", "tests", "benchmarks", "examples"),
        ("ruff", "format", "--check", "src", "tests", "benchmarks", "examples"),
        ("mypy",),
    ],
    ids=" ".join,
)
def test_the_code_is_formatted_clean_and_typed(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
