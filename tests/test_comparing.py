"""What two graphs differ in, in words."""

from __future__ import annotations

import json
from pathlib import Path

from conflictkg.comparing import Difference, compare
from conflictkg.load import build_in_memory
from conflictkg.store import LocalStore
from conftest import Run
from world import claim, on, spo, statement, world

X, Y = "person:x", "person:y"
NAMES = 'person:x a ckg:Person ; skos:prefLabel "Xenia"@en .\n'


def told(before: LocalStore, after: LocalStore) -> dict[tuple[str, str], Difference]:
    return {(d.how, d.kind): d for d in compare(before, after).differences}


def test_a_graph_does_not_differ_from_itself(real_store: LocalStore) -> None:
    assert compare(real_store, real_store).differences == ()


def test_statements_claims_and_what_follows_from_them_are_told() -> None:
    said = statement("a", X, "2025-03-01", "asserts certain c")
    denied = statement("b", Y, "2025-03-02", "denies certain c")
    found = told(world(NAMES + said + claim("c")), world(NAMES + said + denied + claim("c")))
    assert found["added", "statement"].curie == "statement:b"
    assert "denied by y (2025-03-02)" in found["added", "contradiction"].label
    assert ("removed", "statement") not in found
    back = told(world(NAMES + said + denied + claim("c")), world(NAMES + said + claim("c")))
    assert back["removed", "statement"].curie == "statement:b"


def test_what_was_altered_is_told_with_both_values() -> None:
    one = NAMES + statement("a", X, "2025-03-01", "asserts certain c") + claim("c")
    other = (
        NAMES
        + statement("a", X, "2025-03-04", "denies certain c")
        + claim("c", spo("place:p", "controlledBy", "organization:o", on("2025-03-01")))
    )
    found = told(world(one), world(other))
    details = found["altered", "statement"].details
    assert "said: 2025-03-01 → 2025-03-04" in details
    assert any(d.startswith("expresses: ") and "asserts" in d and "denies" in d for d in details)
    assert "object, added: organization:o" in found["altered", "claim"].details


def test_names_that_change_are_told_of_their_thing() -> None:
    found = told(world(NAMES), world(NAMES.replace("Xenia", "Xena")))
    assert found["altered", "person"].details == ("prefLabel: Xenia → Xena",)


def test_diff_of_folders_files_and_stores(run: Run, tmp_path: Path, small: Path) -> None:
    other = tmp_path / "other"
    (other / "documents").mkdir(parents=True)
    text = (small / "documents" / "small.trig").read_text("utf-8")
    changed = other / "documents" / "small.trig"
    changed.write_text(text.replace("attitude:denies", "attitude:asserts"), "utf-8")
    env = {"CONFLICTKG_GRAPHS": str(small)}
    plain = run("diff", small, other, env=env)
    assert plain.returncode == 0, plain.stderr
    assert "~ statement: " in plain.stdout
    assert "denies" in plain.stdout and "asserts" in plain.stdout
    assert run("build", small, "--store", "a").returncode == 0
    as_json = json.loads(run("diff", "a", other, "--json", env=env).stdout)
    assert {(d["kind"], d["how"]) for d in as_json["differences"]} >= {("statement", "altered")}
    assert "## Statement: altered" in run("diff", small, other, "--markdown", env=env).stdout
    files = run("diff", small / "documents" / "small.trig", changed, env=env)
    assert "~ statement: " in files.stdout
    assert run("diff", small, small, env=env).stdout == "no difference\n"
    assert run("diff", small, tmp_path / "nowhere", env=env).returncode == 2


def test_a_document_left_out_of_the_real_graph_takes_its_statements_along(
    tmp_path: Path, real_store: LocalStore
) -> None:
    import shutil

    root = Path(__file__).parent.parent / "graphs"
    shutil.copytree(root, tmp_path / "graphs")
    (tmp_path / "graphs" / "documents" / "espreso-belgorod-2025-04.trig").unlink()
    found = compare(real_store, build_in_memory(tmp_path / "graphs"))
    gone = {d.curie for d in found.differences if (d.how, d.kind) == ("removed", "statement")}
    assert "statement:espreso-2025-04-kovalenko-distorted" in gone
    assert not any(d.how == "added" and d.kind == "statement" for d in found.differences)
