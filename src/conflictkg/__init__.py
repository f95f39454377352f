"""conflictkg: a knowledge graph of reporting on armed conflict.

>>> from conflictkg import open_graph
>>> kg = open_graph("memory:")
>>> for statement in kg.statements(by="Kovalenko", document="espreso-belgorod-2025-04"):
...     print(statement.earliest, statement.gist)  # doctest: +ELLIPSIS
2025-03-18 ...
2025-03-24 ...
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conflictkg.errors import (
        AmbiguousName,
        ConflictkgError,
        InputError,
        NameNotFound,
        QueryError,
        StoreError,
    )
    from conflictkg.graph import ConflictGraph, open_graph
    from conflictkg.model import (
        Claim,
        Document,
        Entity,
        Event,
        Issue,
        Organization,
        Person,
        Place,
        Report,
        Stance,
        Statement,
        Unit,
        UnnamedSource,
        Voice,
    )
    from conflictkg.values import ImpreciseTime, Name, Quantity
    from conflictkg.walking.bonds import Bond, Meeting
    from conflictkg.walking.moments import Moment
    from conflictkg.walking.things import Step
    from conflictkg.walking.ties import Hop, Path, Tie

__version__ = "0.1.0"

_HOMES = {
    "errors": "AmbiguousName ConflictkgError InputError NameNotFound QueryError StoreError",
    "graph": "ConflictGraph open_graph",
    "model": "Claim Document Entity Event Issue Organization Person Place Report Stance Statement "
    "Unit UnnamedSource Voice",
    "values": "ImpreciseTime Name Quantity",
    "walking.bonds": "Bond Meeting",
    "walking.moments": "Moment",
    "walking.things": "Step",
    "walking.ties": "Hop Path Tie",
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "AmbiguousName",
    "Bond",
    "Claim",
    "ConflictGraph",
    "ConflictkgError",
    "Document",
    "Entity",
    "Event",
    "Hop",
    "ImpreciseTime",
    "InputError",
    "Issue",
    "Meeting",
    "Moment",
    "Name",
    "NameNotFound",
    "Organization",
    "Path",
    "Person",
    "Place",
    "Quantity",
    "QueryError",
    "Report",
    "Stance",
    "Statement",
    "Step",
    "StoreError",
    "Tie",
    "Unit",
    "UnnamedSource",
    "Voice",
    "__version__",
    "open_graph",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used."""
    if name not in _HOME_OF:
        raise AttributeError(f"conflictkg has no {name}")
    return getattr(import_module(f"conflictkg.{_HOME_OF[name]}"), name)
