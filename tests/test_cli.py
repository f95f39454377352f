"""The command line as a user meets it: output, exit codes, errors that help."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from conflictkg.cli import COMMANDS
from conftest import Run

TEXT = "And nobody came on that day."


@pytest.fixture
def built(small: Path, run: Run) -> Path:
    done = run("build", small)
    assert done.returncode == 0, done.stderr
    return small


def test_help_lists_every_command(run: Run) -> None:
    done = run("--help")
    assert done.returncode == 0
    for name in COMMANDS:
        assert f"  {name} " in done.stdout
    assert run().returncode == 2
    assert run("--version").stdout.startswith("conflictkg ")


def test_a_mistyped_command_offers_the_near_one(run: Run) -> None:
    done = run("biuld")
    assert done.returncode == 2
    assert "Did you mean build?" in done.stderr


def test_build_says_what_it_did_and_info_what_there_is(built: Path, run: Run) -> None:
    done = run("build", built)
    assert "1 file, 1 graph" in done.stderr and done.stdout == ""
    told = run("info")
    assert "docgraph:small" in told.stdout and "documents/small.trig" in told.stdout
    assert json.loads(run("info", "--json").stdout)["quads"] > 0


def test_the_store_comes_from_option_environment_configuration_or_default(
    small: Path, run: Run, tmp_path: Path
) -> None:
    assert run("info").returncode == 2
    run("build", small, "--store", "a")
    assert "store   a" in run("info", "--store", "a").stdout
    assert "store   a" in run("info", env={"CONFLICTKG_STORE": "a"}).stdout
    (tmp_path / "conflictkg.toml").write_text('store = "a"\n', "utf-8")
    assert run("info").returncode == 0
    (tmp_path / "conflictkg.toml").write_text("store = 3\n", "utf-8")
    assert run("info").returncode == 2
    assert "conflictkg.toml" in run("info").stderr


def test_memory_is_the_graph_files(small: Path, run: Run) -> None:
    assert "docgraph:small" in run("info", "--store", f"memory:{small}").stdout
    done = run("build", small, "--store", "memory:")
    assert done.returncode == 2 and "cannot be written" in done.stderr


def test_dump_and_load_are_inverse(built: Path, run: Run, tmp_path: Path) -> None:
    assert run("dump", "all.nq").returncode == 0
    assert run("load", "all.nq", "--store", "b").returncode == 0
    one, other = (
        {
            line
            for line in run("dump", "--format", "nq", "--store", s).stdout.splitlines()
            if "/graph/provenance>" not in line
        }
        for s in (".conflictkg", "b")
    )
    assert one == other
    document = run("dump", "--graph", "documents/small").stdout
    assert "docgraph:small {" in document
    piped = run("load", "-", "--format", "trig", "--store", "c", stdin=document)
    assert piped.returncode == 0, piped.stderr
    assert run("load", "-", stdin=document).returncode == 2


def test_fmt_check_says_no_and_fmt_puts_it_right(small: Path, run: Run) -> None:
    path = small / "documents" / "small.trig"
    before = path.read_text("utf-8")
    assert run("fmt", "--check", path).returncode == 1
    assert path.read_text("utf-8") == before
    assert run("fmt", "--check", "--diff", path).stdout.startswith("---")
    assert run("fmt", path).returncode == 0
    assert run("fmt", "--check", path).returncode == 0


def test_validate_tells_what_to_mend_and_fail_on_decides(built: Path, run: Run) -> None:
    done = run("validate", built / "documents" / "small.trig")
    assert done.returncode == 1
    assert "claim:somebody-came" in done.stdout and "To mend it:" in done.stdout
    assert run("validate", built / "documents" / "small.trig", "--fail-on", "never").returncode == 0
    rows = json.loads(run("validate", "--json").stdout)
    assert {"severity", "focus", "message", "hint"} <= set(rows[0])


def test_the_real_graph_has_no_violations(run: Run, real_folder: Path) -> None:
    done = run("validate", "--store", real_folder, "--quiet")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (TEXT, 0, "1 of 1 quotes fit"),
        ("Then. " + TEXT, 1, "moved"),
        (TEXT.replace("nobody", "somebody"), 1, "missing"),
    ],
)
def test_anchor_says_what_fits_and_what_moved(
    text: str, code: int, said: str, small: Path, run: Run, tmp_path: Path
) -> None:
    path = small / "documents" / "small.trig"
    title = 'dcterms:title "A small page"@en'
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    hashed = f'{title} ; <https://schema.org/sha256> "{digest}"'
    path.write_text(path.read_text("utf-8").replace(title, hashed), "utf-8")
    run("build", small)
    (tmp_path / "page.txt").write_text(text, "utf-8", newline="")
    done = run("anchor", "page.txt", "--document", "document:small")
    assert (done.returncode, said in done.stdout) == (code, True), done
    unnamed = run("anchor", "page.txt")
    assert unnamed.returncode == (0 if text == TEXT else 2)


def test_show_names_the_sources_of_everything(run: Run, real_folder: Path) -> None:
    done = run("show", "Demydivka", "--store", real_folder)
    assert "Vladimir Romanov" in done.stdout and "[1 document]" in done.stdout
    assert (
        run("show", "statement:kovalenko-2025-03-18-acting", "--store", real_folder).returncode == 0
    )
    assert json.loads(run("show", "Demydivka", "--json", "--store", real_folder).stdout)["thing"]
    assert run("show", "Popovka", "--store", real_folder).returncode == 2


def test_the_demo_answers_the_kovalenko_question(run: Run) -> None:
    done = run("demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    for words in (
        "are acting and neutralizing threats",
        'самі придумали й "перемогли"',
        "distort",
        "global.espreso.tv",
        "0 violations",
    ):
        assert words in done.stdout, words


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_commands_and_options(shell: str, run: Run) -> None:
    script = run("completion", shell).stdout
    for name in COMMANDS:
        assert name in script
    assert "fail-on" in script


def test_bash_accepts_the_completion_script(run: Run) -> None:
    script = run("completion", "bash").stdout
    asked = "COMP_WORDS=(conflictkg val); COMP_CWORD=1; _conflictkg; echo ${COMPREPLY[@]}"
    done = subprocess.run(["bash", "-c", script + asked], capture_output=True, text=True)
    assert done.stdout.strip() == "validate", done.stderr


def test_a_reader_that_goes_away_is_no_error(built: Path, tmp_path: Path) -> None:
    command = f"{sys.executable} -m conflictkg dump --format nq | head -1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], cwd=tmp_path, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", ["gone.trig", ".", "x.csv"])
def test_a_file_that_cannot_be_read_is_one_clear_error(
    path: str, built: Path, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "x.csv").write_text("a,b", "utf-8")
    for verb in ("load", "validate"):
        done = run(verb, path)
        assert done.returncode == 2, done
        assert path in done.stderr and "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_made_is_an_error(small: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("in the way", "utf-8")
    done = run("build", small, "--store", tmp_path / "a-file" / "s")
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_a_folder_of_graph_files_can_be_put_into_the_canonical_form(run: Run, small: Path) -> None:
    path = small / "documents" / "small.trig"
    assert run("fmt", "--check", small).returncode == 1
    assert run("fmt", small).returncode == 0
    assert run("fmt", "--check", small).returncode == 0
    assert str(path) not in run("fmt", small).stderr


def test_an_unknown_kind_is_named_with_the_kinds_that_there_are(
    run: Run, real_folder: Path
) -> None:
    done = run("show", "Kovalenko", "--kind", "persn", "--store", real_folder)
    assert done.returncode == 2
    assert "there is no kind “persn”" in done.stderr and "person" in done.stderr
