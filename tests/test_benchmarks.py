"""The benchmarks' generator makes graphs like the real one, and the same ones every time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from conflictkg.load import laid_over, load
from conflictkg.store import open_store
from conflictkg.terms import CKG, PROV, PROVENANCE_GRAPH
from conflictkg.validate import Severity, validate

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
QUADS = 50_000

sys.path.insert(0, str(BENCHMARKS))
from generate import Generator, write  # noqa: E402
from measure import Row, duration, interleaved, markdown  # noqa: E402
from moulds import figures, shifted  # noqa: E402


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A generated file of QUADS quads."""
    path = tmp_path_factory.mktemp("generated") / "graph.nq"
    write(QUADS, path)
    return path


@pytest.fixture(scope="module")
def quads(generated: Path) -> list[ox.Quad]:
    """The same, parsed."""
    return list(ox.parse(path=str(generated)))


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not(
    generated: Path, tmp_path: Path
) -> None:
    write(QUADS, tmp_path / "again.nq")
    write(QUADS, tmp_path / "other.nq", seed=2)
    assert (tmp_path / "again.nq").read_bytes() == generated.read_bytes()
    assert (tmp_path / "other.nq").read_bytes() != generated.read_bytes()


def test_there_are_as_many_quads_as_were_asked_for_and_no_two_are_equal(
    quads: list[ox.Quad],
) -> None:
    assert len(quads) == pytest.approx(QUADS, rel=0.02)
    assert len(set(quads)) == len(quads)


def test_every_quad_is_in_a_named_graph_and_has_no_blank_node(quads: list[ox.Quad]) -> None:
    for quad in quads:
        assert isinstance(quad.graph_name, ox.NamedNode)
        assert not isinstance(quad.subject, ox.BlankNode)
        assert not isinstance(quad.object, ox.BlankNode)


def test_every_graph_has_provenance(quads: list[ox.Quad]) -> None:
    graphs = {quad.graph_name for quad in quads} - {PROVENANCE_GRAPH}
    made = {quad.subject for quad in quads if quad.predicate == PROV.wasGeneratedBy}
    assert graphs <= made


def test_the_shape_is_that_of_the_real_graph(quads: list[ox.Quad], real_store: object) -> None:
    real = dict(figures(real_store.match()))  # type: ignore[attr-defined]
    made = dict(figures(quads))
    for name in ("reports per statement", "stances per statement", "words per quote"):
        assert made[name] == pytest.approx(real[name], rel=0.25), name


def test_few_speakers_make_many_statements(quads: list[ox.Quad]) -> None:
    counts: dict[object, int] = {}
    for quad in quads:
        if quad.predicate == CKG.speaker:
            counts[quad.object] = counts.get(quad.object, 0) + 1
    ranked = sorted(counts.values(), reverse=True)
    assert ranked[0] > 10 * ranked[len(ranked) // 2]


def test_it_loads_and_a_new_document_conforms(generated: Path, tmp_path: Path) -> None:
    load([generated], tmp_path / "store")
    new = Generator(QUADS).write_document(tmp_path)
    data, graphs = laid_over(open_store(tmp_path / "store"), [new])
    findings = validate(data, only=graphs)
    assert [str(found) for found in findings if found.severity is Severity.VIOLATION] == []


@pytest.mark.parametrize(
    ("edtf", "months", "moved"),
    [
        ("2025-03-31", -1, ("2025-02-28", "2025-02-28", "2025-02-28")),
        ("2025-03~", 12, ("2026-03~", "2026-03-01", "2026-03-31")),
        ("2024-07/..", 1, ("2024-08/..", "2024-08-01", "")),
        ("2025-03-20/2025-03", 0, ("2025-03-20/2025-03", "2025-03-20", "2025-03-31")),
        ("2025-03-31T20:17:07Z", -1, ("2025-02-28T20:17:07Z", "2025-02-28", "2025-02-28")),
        ("192X", 5, None),
    ],
)
def test_dates_move_by_months(edtf: str, months: int, moved: tuple[str, str, str] | None) -> None:
    assert shifted(edtf, months) == moved


def test_sides_take_turns_and_the_table_says_whether_a_target_is_met() -> None:
    called: list[str] = []
    interleaved([lambda: called.append("ours"), lambda: called.append("peer")], 2)
    assert called == ["ours", "peer", "peer", "ours"]
    row = Row("loading", duration(1.5), duration(0.2), "0.13", "at least 0.8", False)
    assert "| loading | 1.5 s | 200 ms | 0.13 | at least 0.8 | **no** |" in markdown([row])


@pytest.mark.parametrize("name", ["generate.py", "run.py"])
def test_the_scripts_have_help(name: str) -> None:
    done = subprocess.run(
        [sys.executable, str(BENCHMARKS / name), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("usage:")
