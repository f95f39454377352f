"""Behind a reverse proxy all that names the server names it as others reach it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from lxml import html

from conflictkg.cli.serve import base_url
from conflictkg.errors import InputError
from conflictkg.graph import ConflictGraph
from conflictkg.web.app import answer
from conflictkg.web.http import Options, Request, Response, Served
from served import TOKEN, Server, serving

BASE = "https://example.org/kg"
PAGES = (
    *("/", "/speakers", "/issues", "/events", "/documents", "/map", "/timeline", "/network"),
    *("/questions", "/questions/statements-by?speaker=Kovalenko", "/query", "/search?q=Kovalenko"),
    *("/person/andriy-kovalenko", "/place/demydivka", "/ontology", "/nothing-here", "/claims"),
    "/query?view=network&query=SELECT+%3Fa+%3Fb+%7B+%3Fa+ckg:speaker+%3Fb+%7D+LIMIT+5",
)


@pytest.fixture(scope="module")
def served(kg: ConflictGraph) -> Served:
    return Served(kg, "v1", Options(base_url=BASE))


def get(served: Served, url: str, base: str = BASE, accept: str = "text/html") -> Response:
    path, _, query = url.partition("?")
    return answer(Request("GET", path, query, {"accept": accept}, base=base), served)


def body(response: Response) -> bytes:
    return response.body if isinstance(response.body, bytes) else b"".join(response.body)


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_below_the_base(served: Served, page: str) -> None:
    below, plain = (body(get(served, page, base)) for base in (BASE, "https://example.org"))
    seen, meant = (html.fromstring(text) for text in (below, plain))
    expression = "//@href | //@src | //@action"
    links, wanted = ([str(one) for one in tree.xpath(expression)] for tree in (seen, meant))
    assert links == [f"/kg{one}" if one.startswith("/") else one for one in wanted]
    assert any(link.startswith("/kg/static/") for link in links)
    data, whole = (
        [json.loads(one.text) for one in tree.xpath("//script[@type='application/json']")]
        for tree in (seen, meant)
    )
    assert list(map(paths, data)) == [[f"/kg{path}" for path in paths(one)] for one in whole]
    shown, told = (
        " ".join(tree.xpath("//body//*[not(self::script)]/text()")) for tree in (seen, meant)
    )
    assert shown == told.replace("https://example.org/sparql", f"{BASE}/sparql")


def paths(value: object) -> list[str]:
    """Return the texts in some data that are paths and nothing else."""
    if isinstance(value, dict):
        return [path for one in value.values() for path in paths(one)]
    if isinstance(value, list):
        return [path for one in value for path in paths(one)]
    is_path = isinstance(value, str) and value.startswith("/") and " " not in value
    return [str(value)] if is_path else []


def test_the_parts_of_a_list_lead_below_the_base(served: Served) -> None:
    answered = get(served, "/speakers.json", accept="*/*")
    assert dict(answered.headers)["Link"].startswith("</kg/speakers.json?page=2>")
    assert json.loads(body(answered))["next"]["speakers"] == "/kg/speakers.json?page=2"


def test_scripts_get_links_that_lead_below_the_base(served: Served) -> None:
    text = body(get(served, "/network")).decode()
    data = json.loads(html.fromstring(text).get_element_by_id("network-data").text)
    assert paths(data) and all(path.startswith("/kg/") for path in paths(data))


@pytest.mark.parametrize(
    ("path", "accept", "status", "leads"),
    [
        ("/id/place/demydivka", "text/html", 303, "/place/demydivka"),
        ("/id/place/demydivka", "text/turtle", 303, "/place/demydivka.ttl"),
        ("/.well-known/void", "text/turtle", 303, "/void"),
        ("/sparql?query=ASK%7B%7D", "text/html", 303, "/query?query=ASK%7B%7D"),
    ],
)
def test_redirects_name_the_base(
    served: Served, path: str, accept: str, status: int, leads: str
) -> None:
    response = get(served, path, accept=accept)
    assert response.status == status
    assert dict(response.headers)["Location"] == BASE + leads


@pytest.mark.parametrize("path", ["/sparql", "/void"])
def test_descriptions_name_the_base(served: Served, path: str) -> None:
    text = body(get(served, path, accept="application/n-triples"))
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.N_TRIPLES)]
    subjects = {t.subject.value for t in triples if isinstance(t.subject, ox.NamedNode)}
    assert f"{BASE}/void#dataset" in subjects
    assert all(subject.startswith((BASE, "https://w3id.org/")) for subject in subjects)
    assert f"<{BASE}/sparql>" in {str(t.object) for t in triples}
    assert b"127.0.0.1" not in text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://example.org/kg/", "https://example.org/kg"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://[2001:db8::1]:8443/a/b-c/", "https://[2001:db8::1]:8443/a/b-c"),
        ("", ""),
    ],
)
def test_an_address_is_taken_without_the_slash_at_its_end(given: str, kept: str) -> None:
    assert base_url(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        *(
            "example.org",
            "ftp://example.org/",
            "https://",
            "https:///kg",
            "https://u:p@example.org",
        ),
        *("https://example.org/?q", "https://example.org/#f", 'https://example.org/"><script>'),
        *("https://example.org/a//b", "https://example.org/../a", "https://example.org/kg\n"),
    ],
)
def test_what_is_no_address_of_a_server_is_refused(given: str) -> None:
    with pytest.raises(InputError, match="not the address of a server"):
        base_url(given)


@pytest.fixture(scope="module")
def server(small_store: Path) -> Iterator[Server]:
    words = ("--store", small_store, "--writable", "--no-validate", "--base-url", f"{BASE}/")
    with serving(*words) as running:
        yield running


@pytest.fixture(scope="module")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from conflictkg.load import build
    from conftest import SMALL_DOCUMENT

    folder = tmp_path_factory.mktemp("behind")
    (folder / "graphs" / "documents").mkdir(parents=True)
    (folder / "graphs" / "documents" / "small.trig").write_text(SMALL_DOCUMENT, "utf-8")
    build(folder / "graphs", folder / "store")
    return folder / "store"


@pytest.mark.skipif(sys.platform == "win32", reason="the server needs fork")
@pytest.mark.parametrize("prefix", ["", "kg/"])
def test_a_proxy_may_leave_the_path_on_or_take_it_off(server: Server, prefix: str) -> None:
    url = server.url + prefix
    page = httpx.get(f"{url}document/small", headers={"accept": "text/html"})
    assert page.status_code == 200 and 'href="/kg/documents"' in page.text
    assert httpx.get(f"{url}static/style.css").status_code == 200
    assert httpx.get(f"{url}health").json()["status"] == "ok"
    moved = httpx.get(f"{url}id/document/small", headers={"accept": "text/turtle"})
    assert moved.headers["location"] == f"{BASE}/document/small.ttl"
    made = httpx.post(
        f"{url}store",
        content=b"<s:s> <p:p> 1 .",
        headers={"content-type": "text/turtle", "authorization": f"Bearer {TOKEN}"},
    )
    assert made.status_code == 201
    name = made.headers["location"]
    assert name.startswith(f"{BASE}/store/")
    local = url + name.removeprefix(f"{BASE}/")
    again = httpx.get(local, headers={"accept": "application/n-triples"})
    assert again.status_code == 200 and "<s:s>" in again.text


@pytest.mark.skipif(sys.platform == "win32", reason="the server needs fork")
def test_what_a_request_says_of_its_host_is_not_repeated(server: Server) -> None:
    for path in ("sparql", "void", "id/document/small", ""):
        headers = {"host": "evil.example", "accept": "text/turtle, text/html;q=0.5"}
        answer = httpx.get(server.url + path, headers=headers)
        assert "evil.example" not in answer.text + str(answer.headers)
