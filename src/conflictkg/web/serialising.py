"""Results as bytes, in pieces, in every format; a result that is cut says so.

SELECT results are SPARQL 1.1 JSON, XML, CSV and TSV; RDF is Turtle, TriG, N-Triples, N-Quads,
JSON-LD and RDF/XML. Where a result is cut at the limit, ``X-Conflictkg-Truncated`` gives the number
of rows if it is known before the first byte is sent; if not, the body raises Cut after its end, and
the connection is left incomplete: no client takes what it got for the whole. In any case the body
says so at its end:

- JSON: a member ``truncated`` beside ``head`` and ``results``, ``{"rows": 1000}``;
- XML and RDF/XML: a processing instruction ``<?truncated rows="1000"?>``;
- CSV and TSV: a last row whose first field is ``# truncated after 1000 rows``;
- Turtle, TriG, N-Triples, N-Quads: a comment ``# truncated after 1000 triples``;
- JSON-LD: a last node with nothing but ``"truncated": 1000``, which means no triple.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from json.encoder import encode_basestring
from typing import Any, Generic, TypeVar
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from conflictkg.terms import PREFIXES, XSD
from conflictkg.web.http import Cut, Refused, Request, Response, negotiate

TRUNCATED = "X-Conflictkg-Truncated"

SOLUTIONS = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
"""Media types of the results of SELECT and ASK, the preferred first, and how they are written."""

GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/xml": ox.RdfFormat.RDF_XML,
    "text/xml": ox.RdfFormat.RDF_XML,
    "text/plain": ox.RdfFormat.N_TRIPLES,
}
"""Media types of RDF, the preferred first."""

NAMED_FORMATS = {
    **dict.fromkeys(("json", "srj"), ("application/sparql-results+json", "application/ld+json")),
    **dict.fromkeys(("xml", "srx"), ("application/sparql-results+xml", "application/rdf+xml")),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    **dict.fromkeys(("ttl", "turtle", "n3"), ("text/turtle",)),
    **dict.fromkeys(("nt", "ntriples", "n-triples"), ("application/n-triples",)),
    "trig": ("application/trig",),
    **dict.fromkeys(("nq", "nquads", "n-quads"), ("application/n-quads",)),
    **dict.fromkeys(("jsonld", "json-ld"), ("application/ld+json",)),
    **dict.fromkeys(("rdf", "rdfxml", "rdf+xml"), ("application/rdf+xml",)),
    "html": ("text/html",),
}
"""Names of formats, as in ``format=`` and suffixes, and the media types that they stand for."""

_PIECE = 64 * 1024
_TRIPLES = 1000
_AHEAD = 3
"""How many pieces are made before the first is sent: a result that ends there is sent whole."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_TO_ESCAPE = re.compile("[&<>\x00-\x08\x0b-\x1f\ufffe\uffff]")
_TO_QUOTE = re.compile('[,"\r\n]')
_XML_NAME = re.compile(r"[^\W\d][\w.·-]*$")
_XML_START = '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'

Item = TypeVar("Item")


def content_type(media_type: str) -> str:
    """Return the Content-Type of a media type: texts say that they are UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def accepted(request: Request, format: str = "") -> str:
    """Return what a request accepts: the Accept field, or what a name of a format stands for.

    Raises Refused (406) for a name that is not known.
    """
    if not format:
        return request.headers.get("accept", "")
    if format.lower() in NAMED_FORMATS:
        return ", ".join(NAMED_FORMATS[format.lower()])
    if "/" in format:
        return format.replace(" ", "+")
    raise Refused(
        406, f"there is no format “{format}”", f"the formats are {', '.join(NAMED_FORMATS)}"
    )


def chosen(accept: str, offered: tuple[str, ...]) -> str:
    """Return the media type to answer with; raises Refused (406) if none offered is accepted."""
    media_type = negotiate(accept, offered)
    if media_type is None:
        raise Refused(406, f"this cannot be had as {accept}", f"ask for {', '.join(offered)}")
    return media_type


class _Limited(Generic[Item]):
    """Items up to a limit (0: all); at their end ``cut`` says whether there were more."""

    def __init__(self, items: Iterable[Item], limit: int) -> None:
        self._items = iter(items)
        self.limit = limit
        self.cut = False

    def __iter__(self) -> Iterator[Item]:
        yield from islice(self._items, self.limit or None)
        self.cut = bool(self.limit) and next(self._items, None) is not None


def _response(pieces: Iterator[bytes], items: _Limited[Any], media_type: str) -> Response:
    ahead = list(islice(pieces, _AHEAD))
    if len(ahead) == _AHEAD and not items.cut:
        return Response(200, content_type(media_type), _noticed(chain(ahead, pieces), items))
    headers = ((TRUNCATED, str(items.limit)),) if items.cut else ()
    return Response(200, content_type(media_type), b"".join(chain(ahead, pieces)), headers)


def _noticed(pieces: Iterator[bytes], items: _Limited[Any]) -> Iterator[bytes]:
    yield from pieces
    if items.cut:
        raise Cut(f"it has more than {items.limit:,} rows")


def boolean(value: bool, media_type: str) -> Response:
    """Return the answer to an ASK; CSV and TSV, which have no form for it, get the bare word."""
    said = "true" if value else "false"
    text = {
        "json": f'{{"head":{{}},"boolean":{said}}}',
        "xml": f"{_XML_START}<head/><boolean>{said}</boolean></sparql>",
    }.get(SOLUTIONS[media_type], f"{said}\n")
    return Response(200, content_type(media_type), text.encode())


def solutions(results: ox.QuerySolutions, media_type: str, *, limit: int = 0) -> Response:
    """Return the rows of a SELECT; ``limit`` is the number of rows that it may have (0: any)."""
    form = _FORMS[SOLUTIONS[media_type]]([variable.value for variable in results.variables])
    rows = _Limited(results, limit)

    def pieces() -> Iterator[bytes]:
        waiting, size, between = [form.start], 0, ""
        for row in rows:
            text = between + form.row(row)
            waiting.append(text)
            size += len(text)
            between = form.between
            if size >= _PIECE:
                yield "".join(waiting).encode()
                waiting, size = [], 0
        waiting.append(form.cut(limit) if rows.cut else form.end)
        yield "".join(waiting).encode()

    return _response(pieces(), rows, media_type)


@dataclass(frozen=True, slots=True)
class _Form:
    """How rows are written: what begins, a row, what stands between two, and either end."""

    start: str
    row: Callable[[Any], str]
    between: str
    cut: Callable[[int], str]
    end: str


def _json(names: Sequence[str]) -> _Form:
    keys = [f"{encode_basestring(name)}:" for name in names]

    def row(solution: Iterable[Any]) -> str:
        bound = zip(keys, solution, strict=True)
        cells = [key + _json_term(term) for key, term in bound if term is not None]
        return "{" + ",".join(cells) + "}"

    listed = ",".join(map(encode_basestring, names))
    return _Form(
        f'{{"head":{{"vars":[{listed}]}},"results":{{"bindings":[',
        row,
        ",\n",
        lambda limit: f']}},"truncated":{{"rows":{limit}}}}}',
        "]}}",
    )


def _json_term(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return f'{{"type":"uri","value":{encode_basestring(term.value)}}}'
    if isinstance(term, ox.Literal):
        value = encode_basestring(term.value)
        if term.language:
            return f'{{"type":"literal","value":{value},"xml:lang":"{term.language}"}}'
        if term.datatype == XSD.string:
            return f'{{"type":"literal","value":{value}}}'
        kind = encode_basestring(term.datatype.value)
        return f'{{"type":"literal","value":{value},"datatype":{kind}}}'
    if isinstance(term, ox.BlankNode):
        return f'{{"type":"bnode","value":{encode_basestring(term.value)}}}'
    parts = (term.subject, term.predicate, term.object)
    subject, predicate, object = map(_json_term, parts)
    return (
        f'{{"type":"triple","value":{{"subject":{subject},"predicate":{predicate},'
        f'"object":{object}}}}}'
    )


def _xml(names: Sequence[str]) -> _Form:
    starts = [f"<binding name={quoteattr(name)}>" for name in names]

    def row(solution: Iterable[Any]) -> str:
        bound = zip(starts, solution, strict=True)
        cells = [f"{start}{_xml_term(term)}</binding>" for start, term in bound if term is not None]
        return f"<result>{''.join(cells)}</result>"

    head = "".join(f"<variable name={quoteattr(name)}/>" for name in names)
    return _Form(
        f"{_XML_START}<head>{head}</head><results>",
        row,
        "\n",
        lambda limit: f'</results><?truncated rows="{limit}"?></sparql>',
        "</results></sparql>",
    )


def _xml_term(term: Any) -> str:
    if isinstance(term, ox.NamedNode):
        return f"<uri>{_xml_text(term.value)}</uri>"
    if isinstance(term, ox.Literal):
        kind = f' xml:lang="{term.language}"' if term.language else ""
        if not kind and term.datatype != XSD.string:
            kind = f" datatype={quoteattr(term.datatype.value)}"
        return f"<literal{kind}>{_xml_text(term.value)}</literal>"
    if isinstance(term, ox.BlankNode):
        return f"<bnode>{_xml_text(term.value)}</bnode>"
    parts = (("subject", term.subject), ("predicate", term.predicate), ("object", term.object))
    inner = "".join(f"<{name}>{_xml_term(part)}</{name}>" for name, part in parts)
    return f"<triple>{inner}</triple>"


def _xml_text(text: str) -> str:
    """Return a text as XML has it; characters that XML 1.0 cannot have become U+FFFD."""
    if not _TO_ESCAPE.search(text):
        return text
    return escape(_NOT_XML.sub("\ufffd", text), {"\r": "&#13;"})


def _csv(names: Sequence[str]) -> _Form:
    def row(solution: Iterable[Any]) -> str:
        return ",".join(map(_csv_field, solution)) + "\r\n"

    rest = "," * (len(names) - 1)
    return _Form(
        ",".join(map(_quoted, names)) + "\r\n",
        row,
        "",
        lambda limit: f"# truncated after {limit} rows{rest}\r\n",
        "",
    )


def _csv_field(term: Any) -> str:
    if term is None:
        return ""
    is_plain = isinstance(term, ox.NamedNode | ox.Literal)
    return _quoted(term.value if is_plain else str(term))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text


def _tsv(names: Sequence[str]) -> _Form:
    def row(solution: Iterable[Any]) -> str:
        return "\t".join("" if term is None else str(term) for term in solution) + "\n"

    rest = "\t" * (len(names) - 1)
    return _Form(
        "\t".join(f"?{name}" for name in names) + "\n",
        row,
        "",
        lambda limit: f'"# truncated after {limit} rows"{rest}\n',
        "",
    )


_FORMS: dict[str, Callable[[Sequence[str]], _Form]] = {
    "json": _json,
    "xml": _xml,
    "csv": _csv,
    "tsv": _tsv,
}


def triples(
    statements: Iterable[ox.Triple] | Iterable[ox.Quad], media_type: str, *, limit: int = 0
) -> Response:
    """Return RDF; ``limit`` is the number of triples that it may have (0: any).

    Raises Refused (406) if RDF/XML cannot write a property.
    """
    format = GRAPHS[media_type]
    items: _Limited[Any] = _Limited(statements, limit)
    return _response(_graph_pieces(items, format), items, media_type)


def _graph_pieces(items: _Limited[Any], format: ox.RdfFormat) -> Iterator[bytes]:
    """Yield RDF in pieces that make one document: a piece is serialised, its frame taken off."""
    given = iter(items)
    some = list(islice(given, _TRIPLES))
    prefixes = dict(PREFIXES) if len(some) == _TRIPLES else _used_prefixes(some)
    start, end = _frame(format, prefixes)
    is_list = format == ox.RdfFormat.JSON_LD
    opening = start
    while some:
        written = _written(some, format, prefixes)
        inner = written[len(start) : len(written) - len(end)]
        yield opening + inner
        opening = b"," if is_list else b""
        some = list(islice(given, _TRIPLES))
    cut = _cut_mark(format, items.limit) if items.cut else b""
    yield (opening if opening == start else opening if cut else b"") + cut + end


def _frame(format: ox.RdfFormat, prefixes: dict[str, str]) -> tuple[bytes, bytes]:
    """Return what begins and what ends a document of a format, with nothing in it."""
    empty = _written([], format, prefixes)
    if format == ox.RdfFormat.JSON_LD:
        return b"[", b"]"
    if format == ox.RdfFormat.RDF_XML:
        at = empty.rindex(b"</")
        return empty[:at], empty[at:]
    declared = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in sorted(prefixes.items()))
    return (declared.encode() if format in _WITH_PREFIXES else b""), b""


_WITH_PREFIXES = (ox.RdfFormat.TURTLE, ox.RdfFormat.TRIG)


def _written(some: Sequence[Any], format: ox.RdfFormat, prefixes: dict[str, str]) -> bytes:
    if format == ox.RdfFormat.RDF_XML:
        for item in some:
            if not _XML_NAME.search(item.predicate.value):
                raise Refused(
                    406,
                    f"RDF/XML cannot write the property <{item.predicate.value}>",
                    "ask for Turtle or N-Triples",
                )
    written = ox.serialize(some, format=format, prefixes=prefixes)
    assert written is not None
    if format == ox.RdfFormat.RDF_XML:
        return _NOT_XML.sub("\ufffd", written.decode()).encode()
    return written


def _used_prefixes(some: Sequence[Any]) -> dict[str, str]:
    """Return the known prefixes whose namespaces occur in some triples or quads."""
    text = "\n".join(map(str, some))
    return {name: iri for name, iri in PREFIXES.items() if f"<{iri}" in text}


def _cut_mark(format: ox.RdfFormat, limit: int) -> bytes:
    if format == ox.RdfFormat.RDF_XML:
        return f'<?truncated rows="{limit}"?>\n'.encode()
    if format == ox.RdfFormat.JSON_LD:
        return f'{{"truncated":{limit}}}'.encode()
    return f"# truncated after {limit} triples\n".encode()
