"""What browsers get: every file known by hash, package and licence; nothing from outside."""

from __future__ import annotations

import filecmp
import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FRONTEND = ROOT / "frontend"
WEB = ROOT / "src" / "conflictkg" / "web"
STATIC = WEB / "static"
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
SHEETS = sorted(STATIC.glob("*.css"))
BUILT = ("js", "vendor", "data")

MANIFEST: dict[str, Any] = json.loads((STATIC / "manifest.json").read_text("utf-8"))
LOCK: dict[str, Any] = json.loads((FRONTEND / "package-lock.json").read_text("utf-8"))


def built_files() -> set[str]:
    return {
        path.relative_to(STATIC).as_posix()
        for folder in BUILT
        for path in (STATIC / folder).rglob("*")
        if path.is_file()
    }


def test_the_manifest_lists_every_built_file_and_no_other() -> None:
    licences = {package["text"] for package in MANIFEST["packages"].values()}
    assert built_files() == set(MANIFEST["files"]) | licences


@pytest.mark.parametrize("name", sorted(MANIFEST["files"]))
def test_a_built_file_is_the_one_that_the_manifest_means(name: str) -> None:
    content = (STATIC / name).read_bytes()
    known = MANIFEST["files"][name]
    assert hashlib.sha256(content).hexdigest() == known["sha256"]
    assert len(content) == known["bytes"]
    assert set(known["packages"]) <= set(MANIFEST["packages"])


@pytest.mark.parametrize("name", sorted(MANIFEST["packages"]))
def test_a_package_has_its_version_its_licence_and_the_text_of_it(name: str) -> None:
    package = MANIFEST["packages"][name]
    locked = LOCK["packages"][f"node_modules/{name}"]
    assert package["version"] == locked["version"]
    assert re.search(r"MIT|ISC|BSD|Apache-2\.0", package["license"])
    text = (STATIC / package["text"]).read_text("utf-8").lower()
    assert "copyright" in text and len(text) > 300


def test_every_package_is_held_to_one_version_and_to_its_content() -> None:
    asked = json.loads((FRONTEND / "package.json").read_text("utf-8"))
    for group in ("dependencies", "devDependencies"):
        for name, version in asked[group].items():
            assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} may be any {version}"
    for name, package in LOCK["packages"].items():
        if name:
            assert package["integrity"].startswith("sha512-"), name
            assert "resolved" not in package


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_loads_nothing_from_outside_and_runs_nothing_inline(path: Path) -> None:
    text = path.read_text("utf-8")
    loaded = re.findall(
        r"<(?:script|img|iframe|source|use|image)\b[^>]*?\b(?:src|href)=\"([^\"]*)\"", text
    )
    loaded += re.findall(
        r"<link\b[^>]*?rel=\"(?:stylesheet|preload|icon)\"[^>]*?href=\"([^\"]*)\"", text
    )
    for address in loaded:
        assert re.match(r"/static/|#|\{\{", address), address
    assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:", text)
    for script in re.findall(r"<script\b([^>]*)>", text):
        assert "src=" in script or 'type="application/json"' in script


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_loads_nothing_from_outside(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "@import" not in text
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
        assert not re.match(r"https?:|//", address), address


def test_data_in_a_page_is_escaped_where_it_stands_in_a_script() -> None:
    for path in TEMPLATES:
        for content in re.findall(r"<script[^>]*json[^>]*>(.*?)</script>", path.read_text("utf-8")):
            assert re.fullmatch(r"\{\{ [\w.]+ \| tojson \}\}", content), f"{path.name}: {content}"


def test_the_base_map_is_the_same_for_both_maps_and_stays_small() -> None:
    lines = json.loads((STATIC / "data" / "base.geojson").read_text("utf-8"))
    kinds = {feature["properties"]["kind"] for feature in lines["features"]}
    assert kinds == {"sea", "land", "border", "line"}
    drawn = (STATIC / "data" / "base.svg").read_text("utf-8")
    for detail in ("world", "region"):
        for part in ("land", "borders", "line"):
            assert f'id="{detail}-{part}"' in drawn
    assert len(drawn) < 200_000


@pytest.mark.skipif(
    shutil.which("npm") is None or not (FRONTEND / "node_modules").is_dir(),
    reason="the packages of the front end are not installed: cd frontend && npm ci",
)
def test_building_again_gives_the_committed_files_byte_for_byte(tmp_path: Path) -> None:
    subprocess.run(
        ["npm", "run", "build", "--", str(tmp_path)],
        cwd=FRONTEND,
        check=True,
        capture_output=True,
        timeout=120,
    )
    names = [*built_files(), "manifest.json"]
    same, other, missing = filecmp.cmpfiles(STATIC, tmp_path, names, shallow=False)
    assert not other and not missing
    assert set(same) == set(names)
