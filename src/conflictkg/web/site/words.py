"""Values in words, in one style everywhere: dates, counts, names of concepts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from conflictkg.errors import InputError
from conflictkg.values import ImpreciseTime, edtf_bounds

_PLAIN = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T(\d\d:\d\d)[\d:.]*(?:Z|[+-][\d:]+)?)?")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_LOOSELY = {"~": "about ", "?": "perhaps ", "%": "perhaps about "}


@lru_cache(maxsize=8192)
def when(edtf: str) -> str:
    """Return an EDTF date in words.

    >>> when("2025-03-18"), when("2025-03-11/2025-03-20"), when("../2025-04~"), when("XXXX")
    ('18 March 2025', '11–20 March 2025', 'until about April 2025', 'date unknown')
    """
    if edtf in ("", "XXXX", "date unknown"):
        return "date unknown"
    if " or " in edtf:
        return " or ".join(when(part) for part in edtf.split(" or "))
    start, slash, end = edtf.replace(" to ", "/").partition("/")
    if not slash:
        return _one(start)
    if start in ("", "..", "…"):
        return f"until {_one(end)}" if end not in ("", "..", "…") else "date unknown"
    if end in ("", "..", "…"):
        return f"since {_one(start)}"
    first, last = _one(start), _one(end)
    if re.fullmatch(r"\d+ \w+ \d{4}", first) and re.fullmatch(r"\d+ \w+ \d{4}", last):
        (day, month, year), (_, other, its_year) = first.split(), last.split()
        if (month, year) == (other, its_year):
            return f"{day}–{last}"
        return f"{day} {month} – {last}" if year == its_year else f"{first} – {last}"
    return f"{first} – {last}"


def _one(edtf: str) -> str:
    """Return one date of an interval in words; what is not plain is told by its bounds."""
    text = edtf.strip().replace(" ", "T")
    loosely = _LOOSELY.get(text[-1:], "")
    found = _PLAIN.fullmatch(text.rstrip("~?%"))
    if found and int(found[2] or 1) in range(1, 13):
        year, month, day, clock = found.groups()
        parts = [str(int(day))] if day else []
        parts += [_MONTHS[int(month) - 1]] if month else []
        return loosely + " ".join([*parts, year]) + (f", {clock}" if clock else "")
    try:
        first, last = edtf_bounds(text)
    except InputError:
        return edtf
    if first and last and first != last:
        return when(f"{first}/{last}")
    return when(str(first or last)) if first or last else edtf


def apart(times: Iterable[ImpreciseTime]) -> list[ImpreciseTime]:
    """Return the times that differ, each once; a day goes where another tells its hour too."""
    found = {time.edtf: time for time in times}
    return [
        time
        for edtf, time in found.items()
        if not any(other.startswith(f"{edtf}T") for other in found)
    ]


def said(times: Iterable[ImpreciseTime]) -> str:
    """Return the times that documents give to one statement, each once."""
    return " or ".join(when(time.edtf) for time in apart(times)) or "date unknown"


@lru_cache(maxsize=8192)
def machine_date(edtf: str) -> str:
    """Return a date as the ``datetime`` attribute of HTML takes it, or ""."""
    text = edtf.strip().replace(" ", "T").rstrip("~?%")
    found = _PLAIN.fullmatch(text)
    return text if found and not found[4] else ""


LANGUAGES = {
    **{"ar": "Arabic", "be": "Belarusian", "bg": "Bulgarian", "cs": "Czech", "de": "German"},
    **{"en": "English", "es": "Spanish", "fr": "French", "id": "Indonesian", "it": "Italian"},
    **{"pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sw": "Swahili"},
    **{"tr": "Turkish", "uk": "Ukrainian", "zh": "Chinese", "ja": "Japanese", "vi": "Vietnamese"},
}
"""BCP 47 primary language -> its name in English."""


def language(tag: str) -> str:
    """Return the name of a language, with the script or region of its tag; the tag if unknown."""
    primary, _, rest = tag.partition("-")
    name = LANGUAGES.get(primary.lower(), primary)
    return f"{name} ({rest})" if rest else name


def quoted(text: str) -> str:
    """Return words in quotation marks, unless they bring their own."""
    return text if text.startswith(("“", "«", '"', "„")) else f"“{text}”"


_YEAR = re.compile(r"\d{4}-\d")
_DATES = re.compile(
    r"(?<![\w/.-])((?:\.\./)?\d{4}-\d\d(?:-\d\d)?[~?%]?(?:/(?:\d{4}-\d\d(?:-\d\d)?[~?%]?|\.\.))?)"
    r"(?![\w/-])"
)


def dated(text: object) -> str:
    """Return a text with the ISO dates in it as dates are written here.

    >>> dated("Demydivka is contested on 2025-03-23.")
    'Demydivka is contested on 23 March 2025.'
    >>> dated("../2025-03-27")
    'until 27 March 2025'
    """
    words = str(text)
    return _DATES.sub(lambda found: when(found[1]), words) if _YEAR.search(words) else words


def camel(words: str) -> str:
    """Return the label of a concept as its local name: "leaves open" as "leavesOpen"."""
    first, *rest = words.split() or [""]
    return first + "".join(word.capitalize() for word in rest)
