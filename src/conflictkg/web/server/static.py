"""The files of the site: scripts, styles, fonts; held in memory, named by their content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "static"
ROUTE = "/static/"
_TYPES = {".woff2": "font/woff2", ".js": "text/javascript", ".mjs": "text/javascript"}


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent: its type, its bytes plain and packed, and a tag of its content."""

    media_type: str
    body: bytes
    packed: bytes
    tag: str


@cache
def _names() -> frozenset[str]:
    return frozenset(
        path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file()
    )


def static_file(name: str) -> StaticFile | None:
    """Return a file of the site by its path below the folder, or None if there is none."""
    return _read(name) if name in _names() else None


@cache
def _read(name: str) -> StaticFile:
    path = FOLDER / name
    body = path.read_bytes()
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    media_type = _TYPES.get(path.suffix, guessed)
    if media_type.startswith("text/") or media_type == "application/json":
        media_type += "; charset=utf-8"
    packed = gzip.compress(body, 9, mtime=0)
    tag = hashlib.sha256(body).hexdigest()[:16]
    return StaticFile(media_type, body, packed if len(packed) < 0.9 * len(body) else b"", tag)
