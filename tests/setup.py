"""Install what the tests need beside Python: ``python tests/setup.py`` (as root on Debian).

Programs come from Debian's packages, JavaScript clients from npm. What is there already is left
alone, so that it may be run again and again; tests that miss a program are skipped and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = {
    "chromium": "chromium",
    "curl": "curl",
    "isql-vt": "virtuoso-opensource",
    "node": "nodejs",
    "npm": "npm",
    "virtuoso-t": "virtuoso-opensource",
}
"""Programs and the Debian packages that they come in."""

FONTS = ("fonts-noto-core", "fonts-noto-cjk")
"""Fonts for the scripts in which names are written; looked for with fc-list."""

FOLDERS = (Path(__file__).parent / "clients", Path(__file__).parent.parent / "frontend")
"""Where a lock file says which packages of npm are needed."""


def missing_packages() -> list[str]:
    """Return the Debian packages that are needed and not there."""
    missing = {package for program, package in PACKAGES.items() if not shutil.which(program)}
    if not shutil.which("fc-list"):
        missing |= {"fontconfig", *FONTS}
    else:
        listed = subprocess.run(["fc-list"], capture_output=True, text=True, check=True).stdout
        missing |= {FONTS[0]} if "Noto Sans" not in listed else set()
    return sorted(missing)


def install(packages: list[str]) -> None:
    """Install Debian packages; ends with a message where that cannot be done."""
    listed = " ".join(packages)
    if not shutil.which("apt-get"):
        sys.exit(f"these are needed, and this is not Debian: {listed}")
    if os.geteuid() != 0:
        sys.exit(f"these need root to be installed: sudo apt-get install {listed}")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=True)
    wanted = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    subprocess.run(wanted, env=quiet, check=True)


def install_locked(folder: Path) -> None:
    """Install the packages of a folder as its lock file has them."""
    lock, installed = folder / "package-lock.json", folder / "node_modules/.package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    subprocess.run(["npm", "ci", "--silent"], cwd=folder, check=True)


def main() -> None:
    """Install all that is not there."""
    packages = missing_packages()
    if packages:
        install(packages)
    for folder in FOLDERS:
        install_locked(folder)
    print("the tests have what they need")


if __name__ == "__main__":
    main()
