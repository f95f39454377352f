"""How things look: a colour for each kind of node and of edge, sizes, and dashes for doubt.

The colours keep apart for colour-blind eyes (Okabe and Ito, Color Universal Design, 2008); those of
edges are told apart by their dashes as well.
"""

from __future__ import annotations

import numpy as np

from conflictkg.network.columns import Array

SMALLEST, MIDDLING, LARGEST = 4.0, 10.0, 100.0
"""Sizes of nodes; Gephi rescales positions if they do not span 4 to 100."""

NODES: dict[str, str] = {
    "person": "#0072b2",
    "organization": "#56b4e9",
    "unit": "#005a5a",
    "source": "#999999",
    "place": "#009e73",
    "event": "#d55e00",
    "claim": "#e69f00",
    "issue": "#b07800",
    "statement": "#cc79a7",
    "report": "#c9b3c4",
    "document": "#6a51a3",
    "thing": "#8c6d31",
}
OTHER = "#777777"

EDGES: dict[str, tuple[str, str]] = {
    "asserts": ("#1b7837", "solid"),
    "confirms": ("#00441b", "double"),
    "predicts": ("#2166ac", "dotted"),
    "denies": ("#b2182b", "dashed"),
    "doubts": ("#e08214", "dotted"),
    "leavesOpen": ("#8c8c8c", "dotted"),
    "congruent": ("#1b7837", "solid"),
    "conflicting": ("#b2182b", "dashed"),
    "contradicts": ("#b2182b", "dashed"),
    "reverses": ("#b2182b", "solid"),
    "retracts": ("#b2182b", "dotted"),
    "repeats": ("#8c8c8c", "solid"),
    "softens": ("#e08214", "solid"),
    "hardens": ("#7b3294", "solid"),
    "narrows": ("#2166ac", "dotted"),
    "broadens": ("#2166ac", "solid"),
    "shiftsFocus": ("#bf812d", "dashed"),
    "updatesQuantity": ("#35978f", "dashed"),
    "publishes": ("#8c8c8c", "solid"),
    "quotes": ("#1b7837", "solid"),
    "paraphrases": ("#2166ac", "dashed"),
    "cites": ("#7b3294", "solid"),
    "attributesToUnnamed": ("#e08214", "dotted"),
    "initiator": ("#b2182b", "solid"),
    "target": ("#2166ac", "dashed"),
    "location": ("#01665e", "solid"),
    "instrument": ("#bf812d", "solid"),
    "loss": ("#7b3294", "dashed"),
    "witness": ("#8c8c8c", "dotted"),
    "within": ("#8c8c8c", "dotted"),
    "borders": ("#2166ac", "dashed"),
    "near": ("#35978f", "dashed"),
    "coReported": ("#bf812d", "solid"),
    "mentionedWith": ("#4393c3", "solid"),
    "attacked": ("#b2182b", "solid"),
    "destroyed": ("#7b3294", "dashed"),
    "supports": ("#1b7837", "solid"),
    "event": ("#bf812d", "solid"),
    "actor": ("#e08214", "solid"),
    "place": ("#35978f", "dotted"),
    "inDocument": ("#8c8c8c", "solid"),
    "reports": ("#bf812d", "solid"),
    "speaker": ("#2166ac", "solid"),
    "subject": ("#7b3294", "solid"),
    "object": ("#35978f", "dashed"),
    "mentions": ("#bf812d", "dotted"),
}
"""Kind of edge -> its colour and its line: solid, dashed, dotted or double (GEXF's words)."""

_SPARE = ("#5e4fa2", "#3288bd", "#66c2a5", "#f46d43", "#9e0142", "#8c8c8c")


def node_colour(kind: str) -> str:
    """Return the colour of a kind of node, as #rrggbb."""
    return NODES.get(kind, OTHER)


def edge_style(kind: str) -> tuple[str, str]:
    """Return the colour and the line of a kind of edge; an unknown kind has always the same."""
    if kind in EDGES:
        return EDGES[kind]
    return (_SPARE[sum(map(ord, kind)) % len(_SPARE)], "solid")


def rgb(colour: str) -> tuple[int, int, int]:
    """Return a colour as red, green and blue, 0 to 255.

    >>> rgb("#0072b2")
    (0, 114, 178)
    """
    return (int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16))


def sizes(weights: Array) -> Array:
    """Return sizes whose areas grow with weights, from 4 to 100; of equal weights all are 10.

    >>> sizes(np.array([0.0, 1.0, 4.0])).tolist()
    [4.0, 52.0, 100.0]
    """
    low, high = np.min(weights, initial=np.inf), np.max(weights, initial=-np.inf)
    if low >= high:
        return np.full(len(weights), MIDDLING)
    reach = (LARGEST - SMALLEST) / np.sqrt(high - low)
    grown: Array = np.round(SMALLEST + reach * np.sqrt(weights - low), 2)
    return grown
