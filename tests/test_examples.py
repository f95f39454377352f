"""The notebooks of examples/: they run from top to bottom, and show what they say they show."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
LAST = "import sys\nprint(sys.executable)\nprint(*{name.split('.')[0] for name in sys.modules})"

Cell = dict[str, Any]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Cell]]:
    """The cells of the network notebook, run by a fresh kernel in an empty folder, by their id.

    One more is run at the end, which tells the interpreter and what it has loaded.
    """
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(ROOT / "examples" / "network.ipynb", 4)
    notebook.cells.append(nbformat.v4.new_code_cell(LAST, id="last"))
    folder = tmp_path_factory.mktemp("notebook")
    NotebookClient(
        notebook, kernel_name="python3", timeout=180, resources={"metadata": {"path": str(folder)}}
    ).execute()
    assert not list(folder.iterdir()), "a notebook writes no files"
    yield {cell["id"]: cell for cell in notebook.cells}


def printed(cell: Cell) -> str:
    return "".join(output.get("text", "") for output in cell["outputs"])


def pictures(cell: Cell) -> list[bytes]:
    return [
        base64.b64decode(output["data"]["image/png"])
        for output in cell["outputs"]
        if "image/png" in output.get("data", {})
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_kept_without_outputs_and_paths(path: Path) -> None:
    text = path.read_text("utf-8")
    notebook = json.loads(text)
    assert text == json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    for cell in notebook["cells"]:
        assert not cell.get("outputs") and cell.get("execution_count") is None
    assert not re.search(r"/(home|work|tmp|root|Users)/", text)


def test_the_notebook_runs_in_this_interpreter_without_a_word_on_stderr(
    cells: dict[str, Cell],
) -> None:
    import sys

    where, loaded = printed(cells["last"]).splitlines()
    assert Path(where) == Path(sys.executable)
    assert "networkx" in loaded.split()
    assert not {"rdflib", "pyshacl", "oxrdflib"} & set(loaded.split())
    for cell in cells.values():
        for output in cell.get("outputs", ()):
            assert output.get("name") != "stderr", output


def test_the_numbers_of_the_notebook_are_those_of_the_graph(cells: dict[str, Cell]) -> None:
    issues = printed(cells["issues"]).splitlines()
    assert "Do Ukrainian forces operate in Belgorod Oblast?" in issues
    assert all(issue.endswith("?") for issue in issues)
    counts = re.search(r"(\d+) nodes and (\d+) edges Counter\((.*)\)", printed(cells["signed"]))
    assert counts
    signs = {int(sign): int(number) for sign, number in re.findall(r"(-?\d+): (\d+)", counts[3])}
    assert sum(signs.values()) == int(counts[2]) and signs[-1] > 0
    assert "Andriy Kovalenko is opposed by" in printed(cells["signed"])
    balanced, triangles = re.findall(r"triangles: (\d+) of (\d+)", printed(cells["camps"]))[0]
    assert 0 < int(balanced) <= int(triangles)


def test_the_words_behind_a_line_are_told_with_their_sources(cells: dict[str, Cell]) -> None:
    told = printed(cells["explained"])
    assert "They disagree on" in told and "Espreso" in told and " denies: " in told
    path = printed(cells["path"])
    assert "\n1. Andriy Kovalenko denies: “" in path and "\n2. Russian media asserts: “" in path
    assert "independent origin" in path


def test_the_pictures_show_red_and_blue_lines(cells: dict[str, Cell]) -> None:
    from matplotlib.image import imread

    for name in ("picture", "weeks"):
        (picture,) = pictures(cells[name])
        pixels = imread(io.BytesIO(picture), format="png")
        assert pixels.shape[0] > 300 and pixels.shape[1] > 800
        redness = pixels[:, :, 0] - pixels[:, :, 2]
        assert (redness > 0.3).sum() > 500, name
        assert (redness < -0.15).sum() > 500, name


def test_every_week_has_its_panel(cells: dict[str, Cell]) -> None:
    weeks = printed(cells["figures"]).splitlines()
    assert [line[:10] for line in weeks] == [
        *("2025-03-10", "2025-03-17", "2025-03-24", "2025-03-31", "2025-04-07"),
    ]
    for line in weeks:
        counts = re.search(r"(\d+) speakers, (\d+) of (\d+) triangles balanced$", line)
        assert counts and int(counts[2]) <= int(counts[3])
