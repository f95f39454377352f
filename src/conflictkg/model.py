"""The nouns of the graph as plain objects. They are frozen; reading.py makes them from quads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from conflictkg.terms import kind, shrink
from conflictkg.values import ImpreciseTime, Name, Quantity


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing by its IRI, with a label to show; "" as IRI stands for nothing."""

    iri: str
    label: str = ""

    @property
    def curie(self) -> str:
        """The IRI in short form."""
        return shrink(self.iri)

    def __bool__(self) -> bool:
        return bool(self.iri)

    def __str__(self) -> str:
        return self.label or self.curie


@dataclass(frozen=True, slots=True)
class Fact:
    """One undisputed property of a thing, with the graph that says so."""

    predicate: Ref
    value: Ref | str
    graph: Ref


@dataclass(frozen=True, slots=True)
class Entity:
    """A thing that claims are about: what it is, its names, and its undisputed properties."""

    iri: str
    names: tuple[Name, ...] = ()
    type: Ref = Ref("")
    facts: tuple[Fact, ...] = ()

    @property
    def curie(self) -> str:
        """The IRI in short form."""
        return shrink(self.iri)

    @property
    def label(self) -> str:
        """The preferred name, English where there is one."""
        preferred = [name for name in self.names if name.use == "pref"]
        english = [name for name in preferred if name.language == "en"]
        return str(next(iter(english or preferred), self.curie))

    def __str__(self) -> str:
        return self.label


class Person(Entity):
    """A public person."""

    __slots__ = ()


class Organization(Entity):
    """An institution, outlet, project, party to the conflict or armed force."""

    __slots__ = ()


class Unit(Organization):
    """A military unit or grouping of forces."""

    __slots__ = ()


class UnnamedSource(Entity):
    """A speaker or relayer whom a document does not name."""

    __slots__ = ()


class Place(Entity):
    """A settlement, district, oblast, country or other area."""

    __slots__ = ()


class Event(Entity):
    """Something said to have happened, to happen or to come."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """A question under discussion."""

    iri: str
    label: str

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Claim:
    """A proposition: its text, and its structure where it has one."""

    iri: str
    text: str
    issues: tuple[Ref, ...] = ()
    subject: Ref = Ref("")
    predicate: Ref = Ref("")
    object: Ref = Ref("")
    locations: tuple[Ref, ...] = ()
    quantity: Quantity | None = None
    negated: bool = False
    text_only: bool = False
    holds_throughout: ImpreciseTime | None = None
    holds_sometime_in: ImpreciseTime | None = None

    @property
    def places(self) -> tuple[Ref, ...]:
        """The places that it is about: as its subject, its object or where it holds, each once."""
        named = (self.subject, self.object, *self.locations)
        return tuple(dict.fromkeys(ref for ref in named if kind(ref.iri) == "place"))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Stance:
    """A reading of a statement: its attitude to a claim, how sure, according to whom."""

    iri: str
    attitude: str
    certainty: str
    claim: Claim
    according_to: tuple[Ref, ...] = ()
    hedges: tuple[str, ...] = ()
    in_response_to: tuple[Ref, ...] = ()

    def __str__(self) -> str:
        return f"{self.attitude}: {self.claim}"


@dataclass(frozen=True, slots=True)
class Document:
    """A published page, post, broadcast or data set."""

    iri: str
    title: str
    publisher: Ref = Ref("")
    published: ImpreciseTime | None = None
    language: str = ""
    url: str = ""
    sha256: str = ""
    extent: str = ""

    def __str__(self) -> str:
        return f"{self.publisher}, {self.title}" if self.publisher else self.title


@dataclass(frozen=True, slots=True)
class Report:
    """A document's account of a statement; ``start`` and ``end`` are code points of its text."""

    iri: str
    document: Document
    statement: str
    wording: str
    quote: str = ""
    translation: str = ""
    prefix: str = ""
    suffix: str = ""
    start: int | None = None
    end: int | None = None
    via: tuple[Ref, ...] = ()

    def __str__(self) -> str:
        return f"“{self.quote}” ({self.document})" if self.quote else str(self.document)


@dataclass(frozen=True, slots=True)
class Statement:
    """A speech act, with the times that documents give it, its readings and its reports."""

    iri: str
    gist: str
    speaker: Ref
    said: tuple[ImpreciseTime, ...] = ()
    capacity: Ref = Ref("")
    channel: str = ""
    stances: tuple[Stance, ...] = ()
    reports: tuple[Report, ...] = ()

    @property
    def earliest(self) -> date | None:
        """The first day on which it can have been said."""
        return min((time.earliest for time in self.said if time.earliest), default=None)

    @property
    def latest(self) -> date | None:
        """The last day on which it can have been said."""
        return max((time.latest for time in self.said if time.latest), default=None)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents that report it."""
        return tuple(dict.fromkeys(report.document for report in self.reports))

    def __str__(self) -> str:
        when = " or ".join(dict.fromkeys(map(str, self.said))) or "date unknown"
        return f"{self.speaker}, {when}: {self.gist}"

    def _repr_html_(self) -> str:
        from html import escape

        quotes = "".join(
            f"<blockquote>{escape(report.quote)}<footer>{escape(str(report.document))}</footer>"
            "</blockquote>"
            for report in self.reports
            if report.quote
        )
        return f"<article><p>{escape(str(self))}</p>{quotes}</article>"


@dataclass(frozen=True, slots=True)
class Voice:
    """Who says so: a statement, and the stance that it takes to a claim."""

    statement: Statement
    stance: Stance

    def __str__(self) -> str:
        count = len(self.statement.documents)
        where = "1 document" if count == 1 else f"{count} documents"
        sure = "" if self.stance.certainty in ("certain", "") else f", {self.stance.certainty}"
        return f"{self.statement} [{self.stance.attitude}{sure}; {where}]"
