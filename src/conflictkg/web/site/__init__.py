"""The pages that people read: each a function from a request to a response."""

from conflictkg.web.site.rendering import warm
from conflictkg.web.site.routes import answer

__all__ = ["answer", "warm"]
