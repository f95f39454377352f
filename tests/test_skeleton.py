"""The file that a new source document begins with."""

from __future__ import annotations

from pathlib import Path

import pytest

from conflictkg.errors import InputError
from conflictkg.files import read_file
from conflictkg.load import canonical
from conflictkg.skeleton import document, slug_of
from conftest import Run

URL = "https://www.unn.ua/en/news/2025/03/18/no-offensive-on-belgorod-1234.html"


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        (URL, "unn-no-offensive-on-belgorod-2025-03-18"),
        ("https://news.liga.net/en/politics/news/some-news", "liga-some-news"),
        ("https://www.understandingwar.org/backgrounder/x-march-24-2025",
         "understandingwar-x-march"),
        ("https://example.org/", "example"),
        ("https://gordonua.com/ukr/news/war/%D0%BD%D0%B5%D1%82-1.html", "gordonua"),
    ],
)  # fmt: skip
def test_a_slug_is_made_of_outlet_words_and_date(url: str, slug: str) -> None:
    assert slug_of(url) == slug


@pytest.mark.parametrize("url", ["ftp://example.org/x", "example.org/x", "https://e.org/a b", "x"])
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    with pytest.raises(InputError):
        slug_of(url)


def test_formatting_keeps_the_skeleton_and_its_hints(tmp_path: Path) -> None:
    path = tmp_path / "documents" / "unn-x.trig"
    path.parent.mkdir()
    path.write_text(document(URL, "unn-x"), "utf-8")
    assert len(read_file(path).graphs) == 1
    body = path.read_text("utf-8").partition("\n\n")[2]
    assert canonical(path).partition("\n\n")[2] == body
    assert body.count("To fill in:") == 3


def test_new_writes_a_file_that_validate_explains_and_never_one_over_another(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "graphs" / "documents").mkdir(parents=True)
    made = run("new", "document", URL)
    assert made.returncode == 0, made.stderr
    path = tmp_path / "graphs" / "documents" / "unn-no-offensive-on-belgorod-2025-03-18.trig"
    assert path.is_file()
    checked = run("validate", path)
    assert checked.returncode == 1
    for missing in ("ckg:published", "ckg:wording", "ckg:speaker", "ckg:expresses"):
        assert missing in checked.stdout + checked.stderr
    before = path.read_bytes()
    again = run("new", "document", URL)
    assert again.returncode == 2
    assert "already" in again.stderr
    other = run("new", "document", URL, "--slug", "unn-other")
    assert other.returncode == 2
    assert "of this page already" in other.stderr
    assert path.read_bytes() == before
    assert run("new", "document", "https://e.org/x", "--slug", "Not A Slug").returncode == 2
