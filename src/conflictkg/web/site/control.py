"""Claimed control: who is said to hold a place, of which day, and who says so or denies it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from conflictkg.model import Ref
from conflictkg.terms import SCHEME
from conflictkg.web.site.accounts import CONTROL, Account

_AGREEING = ("asserts", "confirms")
_NOBODY = {"unknown": "held by whom is not known"}


@dataclass(frozen=True, slots=True)
class Holding:
    """Who is said to hold or to have taken a place, of which day, and who says so or denies it.

    ``verb`` says it alone where nobody holds the place (“contested”); ``holder`` is empty then.
    """

    place: Ref
    of_day: str
    verb: str
    holder: Ref
    voices: tuple[Account, ...]

    @property
    def told(self) -> str:
        """What is claimed, in words: “held by Ukraine”."""
        return f"{self.verb} {self.holder}" if self.holder else self.verb

    @property
    def asserted(self) -> bool:
        """Whether anybody says that it is so."""
        return any(voice.attitude in _AGREEING for voice in self.voices)


def read_control(rows: Iterable[Account]) -> Iterator[Holding]:
    """Yield the claims of control, by place and day, each with all who take a stance to it."""
    groups: dict[tuple[str, str, str, str], list[tuple[Ref, Account]]] = {}
    for row in rows:
        if row.predicate in CONTROL:
            for place in row.places:
                key = (str(place), row.of_day, _verb(row), str(row.holder))
                groups.setdefault(key, []).append((place, row))
    for (_, of_day, verb, _), found in sorted(groups.items()):
        place, first = found[0]
        holder = Ref("") if first.holder.iri.startswith(SCHEME) else first.holder
        yield Holding(place, of_day, verb, holder, tuple(row for _, row in found))


def _verb(row: Account) -> str:
    """Return what is claimed, up to the holder."""
    if row.holder.iri.startswith(SCHEME):
        verb = _NOBODY.get(str(row.holder), str(row.holder))
    else:
        verb = "held by" if row.predicate == "controlledBy" else "taken by"
        verb = verb if row.holder else f"{verb} somebody"
    return f"not {verb}" if row.claim.negated else verb


def said_of_places(holdings: Sequence[Holding]) -> dict[str, tuple[str, ...]]:
    """Return what is asserted of each place (IRI), each thing once, in the order of holdings."""
    found: dict[str, list[str]] = {}
    for one in holdings:
        told = found.setdefault(one.place.iri, [])
        if one.asserted and one.told not in told:
            told.append(one.told)
    return {place: tuple(told) for place, told in found.items() if told}


def differing(holdings: Sequence[Holding]) -> tuple[Ref, ...]:
    """Return the places of which more than one thing is asserted, for holdings of one day."""
    said = said_of_places(holdings)
    places = dict.fromkeys(one.place for one in holdings)
    return tuple(place for place in places if len(said.get(place.iri, ())) > 1)
