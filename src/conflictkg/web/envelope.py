"""What a request that writes carries besides its own: all that its outcome depends on.

A change is made again after a crash from its request (see ``server.journal``). So the moment of its
arrival and the options it was accepted under go with it, as headers that no client can set; and a
change that depends on more than that, such as ``NOW()``, says so in the response.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from conflictkg.lexing import tokens
from conflictkg.web.http import Options, Request, Response

_OWN = "conflictkg-"
_RECEIVED, _REPEATED = f"{_OWN}received", f"{_OWN}repeated"
_OPTIONS = ("validate", "strict_dataset")
_ONCE = (f"{_OWN}once", "1")
_CHANGING = ("rand", "now", "uuid", "bnode", "load")
"""Ends of the keywords whose value is another one each time (UUID and STRUUID have one end)."""


def enclosed(request: Request, options: Options, now: datetime) -> Request:
    """Return a request with what its outcome depends on; what a client set of it is dropped."""
    own = {_RECEIVED: now.isoformat()}
    own |= {f"{_OWN}{name}": "1" if getattr(options, name) else "0" for name in _OPTIONS}
    return replace(request, headers={**_foreign(request.headers), **own})


def again(request: Request) -> Request:
    """Return a request that was accepted before as one that is made again."""
    return replace(request, headers={**request.headers, _REPEATED: "1"})


def options_of(request: Request, options: Options) -> Options:
    """Return the options that a request was accepted under; the limits are those of now."""

    def as_then(name: str) -> bool:
        said = request.headers.get(f"{_OWN}{name}")
        return said == "1" if said else bool(getattr(options, name))

    validate, strict = map(as_then, _OPTIONS)
    return replace(options, validate=validate, strict_dataset=strict)


def received(request: Request) -> datetime:
    """Return when a request arrived."""
    text = request.headers.get(_RECEIVED)
    return datetime.fromisoformat(text) if text else datetime.now(UTC)


def is_repeated(request: Request) -> bool:
    """Say whether a request was accepted before, and is made again."""
    return _REPEATED in request.headers


def once(response: Response) -> Response:
    """Return the response to a change that would have another outcome if it were made again."""
    return replace(response, headers=(*response.headers, _ONCE))


def opened(response: Response) -> tuple[Response, bool]:
    """Return a response as clients get it, and whether its change can be made only once."""
    headers = tuple(pair for pair in response.headers if pair != _ONCE)
    return replace(response, headers=headers), _ONCE in response.headers


def changes_by_itself(update: str) -> bool:
    """Say whether an update has a function or an operation whose result is another each time.

    >>> changes_by_itself("INSERT { ?s ?p ?t } WHERE { BIND(NOW() AS ?t) }")
    True
    >>> changes_by_itself("INSERT DATA { <now:> <p:> 'now()' }")
    False
    """
    return any(t.kind == "name" and t.text.lower().endswith(_CHANGING) for t in tokens(update))


def _foreign(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if not name.startswith(_OWN)}
