"""What the README shows is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from conflictkg import ConflictGraph
from conflictkg.cli import COMMANDS, parser
from conflictkg.queries import question
from conftest import ROOT, Run

README = (ROOT / "README.md").read_text("utf-8")
WALK = (ROOT / "graphs" / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line.startswith("conflictkg ")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"`conflictkg {command}`" in README


@pytest.mark.parametrize("line", commands())
def test_every_command_line_shown_parses_and_runs(
    line: str, run: Run, real_folder: str, tmp_path: Path
) -> None:
    """All but serve, which would not end; tests/test_server.py runs it."""
    words = shlex.split(line.split("#")[0])[1:]
    parser(words[0]).parse_args(words[1:])
    if words[0] not in ("build", "serve"):
        done = run(*words, "--store", real_folder)
        assert done.returncode == 0, done.stderr
        made = [tmp_path / word for word in words[1:2] if words[0] == "export" and "." in word]
        assert all(path.stat().st_size for path in made) if made else done.stdout


def test_the_python_shown_runs(kg: ConflictGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks("python")
    monkeypatch.setattr("conflictkg.graph.open_graph", lambda *where: kg)
    exec(compile(code, "README.md", "exec"), {})


def test_the_sparql_shown_is_the_named_question_for_kovalenko(kg: ConflictGraph) -> None:
    (shown,) = blocks("sparql")
    lines = shown.strip().splitlines()
    assert len(lines) <= 25
    values = "  VALUES ?speaker { person:andriy-kovalenko }"
    asked = question("history").sparql.splitlines()
    query = [line for line in asked if line and not line.startswith("#+")]
    assert [line for line in lines if line != values] == query
    assert len(kg.query(shown)) == len(kg.query("history", speaker="Kovalenko")) > 100


def test_two_commands_set_up_a_fresh_machine() -> None:
    starts = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(starts) == 2
    assert starts[0].endswith("conflictkg demo") and " -m pytest " in starts[1]
    assert "To pass all tests" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_the_walk_through_names_commands_and_files_that_exist() -> None:
    for command in re.findall(r"`conflictkg (\w+)", WALK):
        assert command in COMMANDS
    for path in re.findall(r"`((?:documents|issues|entities)/[\w-]+\.\w+)`", WALK):
        assert (ROOT / "graphs" / path).is_file()
    for curie in re.findall(r"`((?:organization|issue):[\w-]+)`", WALK):
        prefix, name = curie.split(":")
        texts = (path.read_text("utf-8") for path in (ROOT / "graphs").rglob("*.ttl"))
        assert any(f"{prefix}:{name} a ckg:" in text for text in texts), curie
