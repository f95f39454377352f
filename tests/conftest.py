"""What several tests need: the real graph in memory and on disk, and the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from conflictkg.graph import ConflictGraph
from conflictkg.load import build, build_in_memory
from conflictkg.store import LocalStore

ROOT = Path(__file__).parent.parent

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where several processes test, keep each module in one, and all that run servers in one.

    So there is never more than one server under test, beside tests that run none.
    """
    for item in items:
        module = item.getparent(pytest.Module)
        serves = module is not None and hasattr(module.obj, "serving")
        item.add_marker(pytest.mark.xdist_group("servers" if serves else item.path.stem))


@pytest.fixture(scope="session")
def real_store() -> LocalStore:
    """The real graph, built in memory; tests must not change it."""
    return build_in_memory(ROOT / "graphs")


@pytest.fixture(scope="session")
def kg(real_store: LocalStore) -> ConflictGraph:
    """The real graph as Python users have it."""
    return ConflictGraph(real_store)


@pytest.fixture(scope="session")
def real_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real graph, built on disk; tests must not change it."""
    folder = tmp_path_factory.mktemp("real") / "store"
    build(ROOT / "graphs", folder)
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the command line in a process of its own, in an empty folder."""

    def run_command(
        *words: str | Path, stdin: str | None = None, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-W", "error", "-m", "conflictkg", *map(str, words)],
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})},
        )

    return run_command


SMALL_DOCUMENT = """
@prefix document: <https://w3id.org/conflictkg/id/document/> .
@prefix docgraph: <https://w3id.org/conflictkg/graph/document/> .
@prefix organization: <https://w3id.org/conflictkg/id/organization/> .
@prefix statement: <https://w3id.org/conflictkg/id/statement/> .
@prefix claim: <https://w3id.org/conflictkg/id/claim/> .
@prefix report: <https://w3id.org/conflictkg/id/report/> .
@prefix attitude: <https://w3id.org/conflictkg/scheme/attitude/> .
@prefix certainty: <https://w3id.org/conflictkg/scheme/certainty/> .
@prefix wording: <https://w3id.org/conflictkg/scheme/wording/> .
@prefix ckg: <https://w3id.org/conflictkg/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix prov: <http://www.w3.org/ns/prov#> .

docgraph:small
    prov:wasAttributedTo organization:conflictkg ;
    dcterms:license <https://creativecommons.org/licenses/by/4.0/> .

docgraph:small {

    document:small a ckg:Document ;
        dcterms:title "A small page"@en .

    report:small.first a ckg:Report ;
        ckg:inDocument document:small ;
        ckg:reports statement:small ;
        ckg:wording wording:direct ;
        oa:hasSelector [ oa:exact "nobody came" ; oa:refinedBy [ oa:start 4 ; oa:end 15 ] ] .

    statement:small a ckg:Statement ;
        ckg:speaker organization:espreso ;
        ckg:said [ ckg:edtf "2025-03"^^edtf:EDTF ] ;
        ckg:expresses [
            ckg:attitude attitude:denies ;
            ckg:certainty certainty:certain ;
            ckg:accordingTo document:small ;
            ckg:onClaim claim:somebody-came
        ] .
}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder of graph files with one small document."""
    folder = tmp_path / "graphs"
    (folder / "documents").mkdir(parents=True)
    (folder / "documents" / "small.trig").write_text(SMALL_DOCUMENT, "utf-8")
    return folder
