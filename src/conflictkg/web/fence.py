"""What a query may not do, found in its tokens before any parser sees it.

Oxigraph's parser is more liberal: it needs
no space after a keyword (``SERVICESILENT<x>``), and it takes ``<`` as an operator wherever one may
stand, so that ``?a<'x>'`` begins a string for it and an IRI for others. A fence that reads the text
in one way only can be climbed; this one follows both readings of every ``<``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from conflictkg.lexing import CLOSING, OPENING, Token, position, token_at
from conflictkg.queries import MAX_DEPTH
from conflictkg.web.http import Refused

MAX_LINKS = 500
"""How many operators, and how many clauses that are joined one after the other, a query may have.

The engine turns such chains into nested terms and recurses into them: 3,000 BINDs overflow its
stack. Triples, VALUES, the members of an IN and INSERT DATA are not counted."""

_CHAINED = re.compile(r"(OPTIONAL|UNION|MINUS|BIND|FILTER|LATERAL|SERVICE)$", re.IGNORECASE)
_OPERATORS = frozenset("|&+-*/!^")
_LINK = re.compile(r"[|&+\-*/!^]|OPTIONAL|UNION|MINUS|BIND|FILTER|LATERAL|SERVICE", re.IGNORECASE)
_IRI = re.compile(r'<[^<>"{}|^`\\\x00-\x20]*>')


def check(
    text: str, *, services: Sequence[str] = (), gateway: str = "", update: bool = False
) -> str:
    """Return a query or an update that neither nests or chains too much, nor reaches elsewhere.

    ``services`` are the addresses that SERVICE and LOAD may name, each exactly as it is written
    there. In the text that is returned they are replaced by addresses of the ``gateway``, which
    looks at what they stand for. Without one that is done here: an address that is private,
    loopback, link-local or not http(s) is refused. Raises Refused: 400 for nesting, 403 for an
    address.
    """
    opened = sum(text.count(mark) for mark in OPENING)
    linked = len(_LINK.findall(_IRI.sub("", text)))
    lowered = text.lower()
    reaching = "service" in lowered or (update and "load" in lowered)
    if opened <= MAX_DEPTH and linked <= MAX_LINKS and not reaching:
        return text
    through: dict[int, tuple[int, str]] = {}
    for token, before, longest in _readings(text):
        if reaching and (address := _address(text, token, before, update)):
            at = _allow(text, token, address, services, gateway)
            if gateway and not longest:  # what is an address to one may lie in a text for another
                line, column = position(text, token.start)
                raise Refused(
                    400,
                    f"{token.text} can be read in two ways",
                    "write a blank after each < that compares, and ' in an address as %27",
                    line=line,
                    column=column,
                )
            if gateway:
                through[address.start] = (address.end, f"<{gateway}/{at}>")
    for start, (end, other) in sorted(through.items(), reverse=True):
        text = text[:start] + other + text[end:]
    return text


def _readings(text: str) -> Iterator[tuple[Token, Token | None, bool]]:
    """Yield each token of every reading once, the token before it, and if the longest lead to it.

    Raises Refused where a reading nests deeper than MAX_DEPTH, or the one by the longest tokens
    chains more than MAX_LINKS.
    """
    waiting: dict[int, tuple[int, Token | None]] = {0: (0, None)}
    longest, links = 0, 0
    while waiting:
        at = min(waiting) if len(waiting) > 1 else next(iter(waiting))
        depth, before = waiting.pop(at)
        token = token_at(text, at)
        if token is None:
            continue
        yield token, before, at == longest
        ends = [(token.end, token)]
        if token.kind == "iri":
            operator = Token("mark", "<", token.start, token.start + 1)
            ends.append((operator.end, operator))
        elif token.kind == "mark":
            depth += (token.text in OPENING) - (token.text in CLOSING)
        if at == longest:
            longest = token.end
            links += token.text in _OPERATORS
            links += token.kind == "name" and bool(_CHAINED.search(token.text))
        if depth > MAX_DEPTH or links > MAX_LINKS:
            line, column = position(text, token.start)
            too_deep = f"nests more than {MAX_DEPTH} brackets"
            too_long = f"chains more than {MAX_LINKS} operators or clauses"
            raise Refused(
                400,
                f"the query {too_deep if depth > MAX_DEPTH else too_long}",
                "split it, or use VALUES",
                line=line,
                column=column,
            )
        for end, last in ends:
            other = waiting.get(end, (depth, last))
            waiting[end] = (max(depth, other[0]), last if last == other[1] else None)


def _address(text: str, token: Token, before: Token | None, update: bool) -> Token | None:
    """Return what stands where a SERVICE or a LOAD has its address, or None if it is neither.

    A keyword may stick to what is around it: ``trueSERVICEx:y {``, ``LOADSILENTx:y``.
    """
    name = token.text.lower()
    if token.kind == "prefixed":
        prefix = name.partition(":")[0]
        names_graph = before and before.kind == "name" and before.text.lower().endswith("graph")
        if "service" in prefix and not names_graph:
            return token if _follows(text, token, ("{",)) else None
        is_start = before is None or before.text == ";" or before.kind == "iri"
        is_load = update and prefix.startswith("load") and is_start
        return token if is_load and _follows(text, token, _AFTER_LOAD) else None
    is_load = update and name in ("load", "loadsilent")
    if token.kind != "name" or not (is_load or name.endswith(("service", "servicesilent"))):
        return None
    address = token_at(text, token.end)
    if address and address.text.lower() == "silent":
        address = token_at(text, address.end)
    if address and address.kind == "mark" and not address.text.isascii():
        return address
    if not address or address.kind not in _ADDRESSES:
        return None
    return address if _follows(text, address, _AFTER_LOAD if is_load else ("{",)) else None


_AFTER_LOAD = ("", ";", "into")
_ADDRESSES = ("iri", "variable", "prefixed")
"""What the grammar takes for an address; a character that it does not know is refused, too."""


def _follows(text: str, token: Token, beginnings: Sequence[str]) -> bool:
    """Say whether the token after one is, or begins with, one of some; "" is the end."""
    after = token_at(text, token.end)
    shown = after.text.lower() if after else ""
    return any(shown.startswith(begin) if begin else not shown for begin in beginnings)


def _allow(text: str, token: Token, address: Token, services: Sequence[str], gateway: str) -> int:
    """Return which of the allowed addresses one is; raises Refused (403) if it is none."""
    line, column = position(text, token.start)
    where = address.text[1:-1] if address.kind == "iri" else ""
    if not where or where not in services:
        shown = address.text if address is not token else token.text.partition(":")[2]
        raise Refused(
            403,
            f"the query would reach out to {shown}, which is not allowed here",
            "ask there yourself; or the server is started with --allow-service and that address, "
            "and the query names it in full, as <...>",
            line=line,
            column=column,
        )
    if not gateway and (reason := unreachable(where)):
        raise Refused(403, f"{where} is never reached: {reason}", line=line, column=column)
    return services.index(where)


class NotReached(Exception):
    """An address that a server must not reach: why."""


def unreachable(address: str) -> str:
    """Return why a server must not reach an address, or "" if it may.

    >>> unreachable("http://169.254.169.254/latest")
    '169.254.169.254 is not a public address'
    >>> unreachable("file:///etc/passwd")
    'it is not http or https'
    """
    try:
        public_addresses(address)
    except NotReached as error:
        return str(error)
    return ""


def public_addresses(address: str) -> list[str]:
    """Return the IP addresses that the host of an address stands for at this moment.

    Raises NotReached unless there are some and every one is public.
    """
    import socket

    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise NotReached(f"it is not an address ({error})") from error
    if parts.scheme not in ("http", "https"):
        raise NotReached("it is not http or https")
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise NotReached(f"nothing is known by the name {host} ({error})") from error
    numbers = sorted(map(str, found))
    for number in numbers:
        public = ip_address(number.partition("%")[0])
        leads = _leads(public)
        if not leads.is_global or leads.is_multicast or not _is_assigned(leads):
            raise NotReached(f"{number} is not a public address")
    return numbers


_ASSIGNED = IPv6Network("2000::/3")
"""Where all public addresses of IPv6 lie; beside it are old and local kinds (IANA)."""
_CARRYING = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
"""Networks whose addresses end in one of IPv4: translated (RFC 6052), compatible (RFC 4291)."""


def _is_assigned(address: IPv4Address | IPv6Address) -> bool:
    return isinstance(address, IPv4Address) or address in _ASSIGNED


def _leads(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the address of IPv4 that one of IPv6 carries (6to4, too), or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if any(address in network for network in _CARRYING):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
