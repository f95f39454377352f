"""Pages of a list: which part of it a request asks for."""

from __future__ import annotations

from dataclasses import dataclass

from conflictkg.web.http import Refused, Request


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in a list a page is: its number from 1, how many things there are, how many a page.

    ``name`` is the parameter that tells the number, ``noun`` what is paged.
    """

    number: int
    total: int
    size: int
    noun: str = ""
    name: str = "page"

    @property
    def start(self) -> int:
        """The position of the first thing on the page, from 0."""
        return (self.number - 1) * self.size

    @property
    def end(self) -> int:
        """The position after the last thing on the page."""
        return min(self.start + self.size, self.total)

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // self.size))

    @property
    def before(self) -> int:
        """The number of the page before, or 0."""
        return self.number - 1

    @property
    def after(self) -> int:
        """The number of the page after, or 0."""
        return self.number + 1 if self.number < self.last else 0


def pages_of(request: Request, total: int, size: int, noun: str = "", name: str = "page") -> Pages:
    """Return the page of a list that a request asks for; raises Refused (400, 404)."""
    text = request.first(name, "1") or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 10) or int(text) < 1:
        raise Refused(400, f"“{text}” is not the number of a page", "pages count from 1")
    pages = Pages(int(text), total, size, noun, name)
    if pages.number > pages.last:
        raise Refused(404, f"there is no page {text} of this list", f"the last is {pages.last}")
    return pages
