"""Query, map, timeline and network in a real browser, on a real server, under the real policy."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from hostile import GRAPH
from served import Server, serving

AXE = Path(__file__).parent / "clients" / "node_modules" / "axe-core" / "axe.min.js"
SOFTWARE_RENDERING = (
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
)
PHONE, LAPTOP = (390, 844), (1280, 900)
PLACES = (
    "SELECT ?place (COUNT(DISTINCT ?c) AS ?n) { ?c ckg:subject ?place . ?place a ckg:Place }"
    " GROUP BY ?place ORDER BY DESC(?n)"
)
LINKS = "SELECT ?s ?who { ?s ckg:speaker ?who } LIMIT 60"
PAGES = (
    "map?since=2025-03-18&until=2025-03-24",
    "map?show=control",
    "map?day=2025-03-23",
    "timeline?since=2025-03&until=2025-03",
    "timeline?lanes=speaker",
    "network",
    "network?projection=claims&speaker=person:andriy-kovalenko",
    "query",
    f"query?query={quote(PLACES)}",
    f"query?query={quote(PLACES)}&view=map",
    f"query?query={quote(PLACES)}&view=chart",
    f"query?query={quote(LINKS)}&view=network",
    "query?query=SELECT%20*%20%7B%20%3Fs%20foo%3Abar%20%3Fo%20%7D",
)
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sourceFile}`);
});
"""


@dataclass
class Visit:
    """A page that was opened, what it complained of, and which addresses it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def is_sound(self, server: Server) -> None:
        """Check that nothing failed, nothing broke the policy, and nothing came from elsewhere."""
        assert self.page.evaluate("window.violations") == []
        assert not self.complaints
        home = urlsplit(server.url).netloc
        assert {urlsplit(url).netloc for url in self.requests if url.startswith("http")} == {home}


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(driver: Playwright) -> Iterator[Browser]:
    """Chromium: of the system where there is one, else the one that Playwright installs."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    opened = driver.chromium.launch(executable_path=found, args=list(SOFTWARE_RENDERING))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def server(real_folder: Path) -> Iterator[Server]:
    with serving("--store", real_folder) as running:
        yield running


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a graph whose texts try to run as scripts."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile.trig").write_text(GRAPH, "utf-8")
    command = (sys.executable, "-m", "conflictkg", "load", "hostile.trig", "--store", "store")
    subprocess.run([*command, "--no-rules"], cwd=folder, check=True, timeout=120)
    with serving("--store", folder / "store") as running:
        yield running


@contextmanager
def visiting(
    browser: Browser,
    address: str,
    *,
    size: tuple[int, int] = LAPTOP,
    theme: str = "light",
    scripts: bool = True,
) -> Iterator[Visit]:
    """Open an address in a window of its own."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if theme == "dark" else "light",
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.add_init_script(VIOLATIONS)
    page = context.new_page()
    visit = Visit(page)
    page.on("console", lambda told: _note(visit, told.type, told.text))
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    page.on("request", lambda request: visit.requests.append(request.url))
    page.goto(address)
    if scripts:
        for kind in ("map", "network"):
            if page.locator(f"[data-{kind}]").count():
                page.wait_for_selector(f"[data-{kind}][data-ready]", state="attached")
    yield visit
    context.close()


def _note(visit: Visit, kind: str, text: str) -> None:
    """Keep what is an error; that a bad query is answered with 400 is none."""
    if kind == "error" and "status of 400" not in text:
        visit.complaints.append(text)


def barriers(page: Page) -> list[str]:
    """Return what axe finds: rule, how grave it is, and the first place."""
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then((result) => result.violations)")
    return [f"{one['id']} ({one['impact']}): {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize(
    ("size", "theme"), [(LAPTOP, "light"), (PHONE, "dark")], ids=["laptop", "phone"]
)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_fits_the_screen_and_keeps_to_the_policy(
    browser: Browser, server: Server, path: str, size: tuple[int, int], theme: str
) -> None:
    with visiting(browser, server.url + path, size=size, theme=theme) as visit:
        visit.is_sound(server)
        assert barriers(visit.page) == []
        assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("path", PAGES[:-1])
def test_a_page_can_be_read_without_scripts(browser: Browser, server: Server, path: str) -> None:
    with visiting(browser, server.url + path, scripts=False) as visit:
        page = visit.page
        expect(page.locator("h1")).to_be_visible()
        drawing = page.locator(
            "svg.drawn-map, svg.drawn-network, svg.lane, svg.chart, table, textarea"
        )
        expect(drawing.first).to_be_visible()
        if not path.startswith("query"):
            expect(page.locator("#table tbody tr").first).to_be_visible()


def test_a_query_is_written_run_and_read(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}query") as visit:
        page = visit.page
        editor = page.locator(".cm-content")
        editor.click()
        page.keyboard.press("Control+a")
        page.keyboard.type("SELECT ?name { person:andriy-kovalenko skos:prefLabel ?name")
        page.keyboard.press("Control+Enter")
        page.wait_for_url(re.compile("query=SELECT"))
        expect(page.locator("#results-head")).to_have_text(re.compile(r"Result: \d rows"))
        cell = page.locator(".results td").first
        expect(cell).to_have_text(re.compile("Kovalenko|Коваленко"))
        visit.is_sound(server)


def test_the_editor_completes_prefixes_and_terms(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}query") as visit:
        page = visit.page
        page.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.type("SELECT * { ?s ckg:spea")
        option = page.locator(".cm-tooltip-autocomplete li", has_text="ckg:speaker").first
        expect(option).to_be_visible()
        page.keyboard.press("Control+a")
        page.keyboard.type("SELECT * { ?s ske")
        page.keyboard.press("Backspace")
        page.keyboard.press("Control+Space")
        expect(page.locator(".cm-tooltip-autocomplete li", has_text="skos:").first).to_be_visible()
        visit.is_sound(server)


def test_the_place_of_an_error_is_underlined(browser: Browser, server: Server) -> None:
    query = "SELECT * {\n  ?s foo:bar ?o\n}"
    with visiting(browser, f"{server.url}query?query={quote(query)}") as visit:
        expect(visit.page.locator(".cm-lintRange-error")).to_have_text("foo:bar")
        expect(visit.page.get_by_role("alert")).to_contain_text("unknown prefix")


def test_the_map_is_filtered_and_its_marks_open_by_keyboard(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, f"{server.url}map") as visit:
        page = visit.page
        everywhere = page.locator("div.map-mark").count()
        page.get_by_label("Speaker", exact=True).fill("Kovalenko")
        page.get_by_role("button", name="Show").click()
        page.wait_for_url(re.compile("speaker=Kovalenko"))
        page.wait_for_selector("[data-map][data-ready]", state="attached")
        expect(page.get_by_role("status")).to_contain_text("by 1 speaker")
        marks = page.locator("div.map-mark")
        assert 0 < marks.count() < everywhere
        marks.first.focus()
        page.keyboard.press("Enter")
        popup = page.locator(".map-popup")
        expect(popup).to_contain_text("by 1 speaker in")
        place = popup.get_by_role("link").first
        assert re.match("/place/", place.get_attribute("href") or "")
        visit.is_sound(server)


def test_the_map_steps_and_plays_from_day_to_day(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}map?day=2025-03-23") as visit:
        page = visit.page
        told, day = page.get_by_role("status"), page.locator(".step-day")
        expect(told).to_contain_text("of 23 March 2025")
        page.evaluate("window.stays = true")
        page.locator("a[rel=next]").focus()
        page.keyboard.press("Enter")
        expect(day).to_have_text("24 March 2025")
        expect(told).to_contain_text("of 24 March 2025")
        assert page.url.endswith("/map?day=2025-03-24")
        assert page.evaluate("document.activeElement.rel") == "next"
        expect(page.get_by_role("textbox", name="Of the day")).to_have_value("2025-03-24")
        expect(page.locator(".formats a").first).to_have_attribute(
            "href", "/map.json?day=2025-03-24"
        )
        page.go_back()
        expect(day).to_have_text("23 March 2025")
        expect(
            page.locator("div.map-mark", has_text=re.compile("Demydivka.*contested"))
        ).to_have_count(1)
        page.get_by_role("button", name="Play the days").click()
        expect(day).to_have_text("25 March 2025", timeout=20_000)
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("button", name="Play the days")).to_be_visible()
        assert page.url.endswith("/map?day=2025-03-25") and page.evaluate("window.stays")
        visit.is_sound(server)


def test_without_scripts_the_days_of_the_map_are_links(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}map", scripts=False) as visit:
        page = visit.page
        page.get_by_role("link", name=re.compile("start with")).click()
        page.get_by_role("link", name=re.compile("Next day")).click()
        page.get_by_role("link", name=re.compile("^23 March 2025")).click()
        assert page.url.endswith("/map?day=2025-03-23")
        drawn = page.locator("svg.drawn-map")
        mark = drawn.get_by_role("link", name=re.compile("^Demydivka"))
        expect(mark).to_contain_text("contested")
        expect(mark).to_contain_text("held by Armed Forces of Ukraine")
        expect(page.get_by_role("button", name="Play the days")).to_have_count(0)


def test_an_edge_of_the_network_leads_to_its_statements(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}network?projection=claims&min_weight=2") as visit:
        page = visit.page
        stage = page.locator(".network-stage")
        middle = stage.evaluate(
            """(stage) => {
              const drawn = stage.renderer, graph = drawn.getGraph();
              const straight = graph.filterEdges((_, { type }) => type !== "curved");
              const ends = graph.extremities(straight[0]).map((node) =>
                drawn.graphToViewport(graph.getNodeAttributes(node)));
              return { x: (ends[0].x + ends[1].x) / 2, y: (ends[0].y + ends[1].y) / 2 };
            }"""
        )
        stage.scroll_into_view_if_needed()
        stage.click(position=middle)
        detail = page.locator(".network-detail")
        expect(detail).to_contain_text("It rests on:")
        assert detail.locator("li a[href^='/statement/']").count() >= 2
        visit.is_sound(server)


def test_the_slider_shows_the_edges_of_a_week(browser: Browser, server: Server) -> None:
    with visiting(browser, f"{server.url}network?projection=claims") as visit:
        page = visit.page
        told = page.locator(".network-time output")
        expect(told).to_have_text(re.compile(r"all of the time: \d+ edges"))
        everything = int(re.findall(r"(\d+) edge", told.inner_text())[0])
        slider = page.get_by_label("Week")
        slider.focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        expect(told).to_have_text(re.compile(r"\d+ .*20\d\d: \d+ edges?"))
        assert int(re.findall(r"(\d+) edge", told.inner_text())[0]) < everything
        week, address = told.inner_text(), page.url
        assert re.search(r"#week=\d{4}-\d\d-\d\d$", address)
        page.reload()
        expect(told).to_have_text(week)
        assert page.url == address
        visit.is_sound(server)


@pytest.mark.parametrize(
    "path",
    [
        "map",
        "timeline",
        "timeline?lanes=speaker",
        "network?projection=claims",
        f"query?query={quote('SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY DESC(?o)')}",
        f"query?query={quote('SELECT ?p ?n { ?p a ckg:Place ; skos:prefLabel ?n }')}&view=map",
        f"query?query={quote(LINKS)}&view=network",
    ],
)
def test_what_the_graph_says_never_runs(browser: Browser, hostile: Server, path: str) -> None:
    with visiting(browser, hostile.url + path) as visit:
        page = visit.page
        for mark in page.locator("div.map-mark").all():
            mark.focus()
            page.keyboard.press("Enter")
            expect(page.locator(".map-popup")).to_be_visible()
        if page.locator(".network-stage").count():
            at = page.locator(".network-stage").evaluate(
                """(stage) => {
                  const drawn = stage.renderer, graph = drawn.getGraph();
                  return drawn.graphToViewport(graph.getNodeAttributes(graph.nodes()[0]));
                }"""
            )
            page.locator(".network-stage").click(position={"x": at["x"], "y": at["y"]})
            expect(page.locator(".network-detail h2")).to_be_visible()
        assert page.evaluate("window.ran") is None
        links = page.evaluate("[...document.links].map((link) => link.href)")
        assert links and all(re.match(r"https?:", link) for link in links)
        assert page.locator("main img").count() == 0
        visit.is_sound(hostile)
