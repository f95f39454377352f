"""The pages in a real browser: no script, no breach of the policy, nothing for axe to find."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from served import serving

AXE = Path(__file__).parent / "clients" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *(
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        "--no-default-browser-check",
    ),
)
SIZES = {"phone": (390, 844), "laptop": (1280, 800), "wide": (1920, 1080)}

PAGES = (
    *("/", "/speakers", "/documents", "/search?q=Демидовка", "/questions", "/nothing"),
    *("/questions/control?place=Demydivka", "/ontology", "/ontology/Statement"),
    *("/person/andriy-kovalenko", "/organization/espreso", "/place/demydivka"),
    *("/issue/control-of-demydivka", "/claim/demydivka-controlled-by-ukraine-2025-03-23"),
    "/event/belgorod-border-attempt-2025-03-18",
    *("/statement/kovalenko-2025-03-18-acting", "/document/espreso-belgorod-2025-04"),
    *("/graph/document/espreso-belgorod-2025-04", "/scheme/attitude"),
)


@pytest.fixture(scope="module")
def site(real_folder: Path) -> Iterator[str]:
    """The address of a real server over the real graph."""
    with serving("--store", real_folder) as server:
        yield server.url.rstrip("/")
        server.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists() or not AXE.exists():
        pytest.skip("needs /usr/bin/chromium and: npm ci in tests/clients")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
        yield started
        started.close()


def context_of(browser: Browser, size: str, theme: Any, *, script: bool = True) -> BrowserContext:
    width, height = SIZES[size]
    return browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, java_script_enabled=script
    )


def complaints(page: Page) -> list[str]:
    """Return a list that fills with what the browser complains of, breaches of the policy too."""
    found: list[str] = []

    def told(message: ConsoleMessage) -> None:
        # A page that is an error page is told of as a failed resource.
        if message.type in ("error", "warning") and "404" not in message.text:
            found.append(message.text)

    page.on("console", told)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", lambda request: found.append(f"failed: {request.url}"))
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_are_clean_at_every_size_in_both_themes(
    browser: Browser, site: str, size: str, theme: str
) -> None:
    """axe finds nothing, nothing is wider than the window, nothing is fetched from elsewhere."""
    with context_of(browser, size, theme) as context:
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        found = complaints(page)
        for path in PAGES:
            page.goto(site + path)
            overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            assert overflow <= 0, f"{path} is {overflow} pixels too wide at {size}"
            page.evaluate(AXE.read_text("utf-8"))
            result = page.evaluate("axe.run({resultTypes: ['violations']})")
            bad = [
                (one["id"], one["nodes"][0]["html"][:160], one["nodes"][0]["failureSummary"])
                for one in result["violations"]
            ]
            assert not bad, f"{path}: {json.dumps(bad, indent=1)}"
        assert not found
        assert all(url.startswith(site) for url in asked)


def test_pages_read_the_same_without_javascript(browser: Browser, site: str) -> None:
    with (
        context_of(browser, "laptop", "light") as with_script,
        context_of(browser, "laptop", "light", script=False) as without,
    ):
        one, other = with_script.new_page(), without.new_page()
        for path in PAGES:
            one.goto(site + path)
            other.goto(site + path)
            assert one.locator("main").inner_text() == other.locator("main").inner_text()


def test_the_site_is_used_with_the_keyboard_alone(browser: Browser, site: str) -> None:
    with context_of(browser, "laptop", "light") as context:
        page = context.new_page()
        page.goto(site + "/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
        assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        page.keyboard.type("Коваленко")
        page.keyboard.press("Enter")
        page.wait_for_url("**/search?q=*")
        page.get_by_role("main").get_by_role("link", name="Andriy Kovalenko").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/person/andriy-kovalenko")
        assert page.title().startswith("Andriy Kovalenko")


def test_a_question_is_asked_by_its_form(browser: Browser, site: str) -> None:
    with context_of(browser, "phone", "dark") as context:
        page = context.new_page()
        page.goto(site + "/questions/control")
        page.get_by_label("Place").fill("Демидовка")
        page.get_by_role("button", name="Ask").click()
        page.wait_for_url("**/questions/control?place=*")
        assert page.locator("tbody tr").count() > 5
        with page.expect_download() as download:
            page.evaluate(
                "href => { const a = document.createElement('a'); a.href = href;"
                " a.download = ''; a.click() }",
                page.get_by_role("main").get_by_role("link", name=".csv").get_attribute("href"),
            )
        assert len(download.value.path().read_text("utf-8").splitlines()) > 5


def test_the_speaker_page_prints(browser: Browser, site: str, tmp_path: Path) -> None:
    """On paper there is no navigation, and the addresses of the sources are written out."""
    with context_of(browser, "laptop", "light") as context:
        page = context.new_page()
        page.goto(site + "/person/andriy-kovalenko")
        page.emulate_media(media="print")
        assert not page.locator(".site-head").is_visible()
        assert page.locator("h1").is_visible()
        written = page.locator(".words a.outside").first.evaluate(
            "link => getComputedStyle(link, '::after').content"
        )
        assert "https://" in written
        paper = page.pdf(path=str(tmp_path / "speaker.pdf"), format="A4")
        assert paper.startswith(b"%PDF")


def test_the_browser_keeps_to_the_policy(browser: Browser, site: str) -> None:
    """A script that found its way into a page would not run."""
    with context_of(browser, "laptop", "light") as context:
        page = context.new_page()
        page.goto(site + "/")
        page.evaluate(
            "() => { const made = document.createElement('script');"
            " made.textContent = 'window.ran = true'; document.body.append(made) }"
        )
        assert page.evaluate("window.ran") is None
