"""Who may write: those who know the token."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Mapping
from pathlib import Path

from conflictkg.errors import InputError
from conflictkg.web.http import Refused

VARIABLE = "CONFLICTKG_TOKEN"
SHORTEST = 16


class Access:
    """Lets requests write that carry the token: ``Bearer``, or as the password of ``Basic``."""

    def __init__(self, token: str = "") -> None:
        self._token = token.encode()

    def check(self, headers: Mapping[str, str]) -> None:
        """Raise Refused unless a request may write (RFC 6750, section 2.1; RFC 7617).

        The token is compared in a time that does not depend on where it differs.
        """
        if not self._token:
            raise Refused(403, "this server is for reading only", "start it with --writable")
        scheme, _, given = headers.get("authorization", "").partition(" ")
        secret = given.strip().encode("latin-1", "replace")
        if scheme.lower() == "basic":
            try:
                secret = base64.b64decode(secret, validate=True).partition(b":")[2]
            except binascii.Error:
                secret = b""
        elif scheme.lower() != "bearer":
            secret = b""
        if not hmac.compare_digest(secret, self._token):
            raise Refused(
                401,
                "writing needs the token of this server",
                "send it as Authorization: Bearer TOKEN",
                headers=[("www-authenticate", 'Bearer realm="conflictkg"')],
            )


def token(file: str | None) -> str:
    """Return the token for writing, from a file or the environment; raises InputError."""
    if file:
        try:
            found = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"the token cannot be read: {error}", "name a file that holds it", source=file
            ) from error
    else:
        found = os.environ.get(VARIABLE, "").strip()
    if not found:
        raise InputError(
            "writing needs a token", f"put one into {VARIABLE} or into a file: --token-file"
        )
    if len(found) < SHORTEST or not found.isascii() or " " in found:
        raise InputError(
            f"the token must have at least {SHORTEST} characters of ASCII and no space",
            "make one with: python -c 'import secrets; print(secrets.token_urlsafe(32))'",
        )
    return found
