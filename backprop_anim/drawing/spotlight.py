"""What of a diagram is spoken of: how strong each node and line is, on its way from one passage to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from backprop_anim.engine import Array
from backprop_anim.story import Edge, Focus

__all__ = ["Spotlight", "blended", "light_on"]


class Spotlight(NamedTuple):
    """How strong the parts of a diagram are.

    Attributes
    ----------
    nodes : ndarray, shape (nodes,)
        What each node keeps of its strength.
    edges : ndarray, shape (lines,)
        What each line keeps of its own.
    strong : ndarray, shape (lines,)
        How far each line is raised to full strength, 0 to 1.
    ringed : int or None
        The node that is ringed.
    ring : str
        The ring's colour.
    """

    nodes: Array
    edges: Array
    strong: Array
    ringed: int | None
    ring: str


def light_on(
    focus: Focus | None, nodes: Mapping[tuple[int, int], int], edges: Sequence[Edge], dimmed: float, ring: str
) -> Spotlight:
    """Return the light on what a passage speaks of, the rest being dimmed; on all alike where it speaks of nothing."""
    if focus is None:
        return Spotlight(np.ones(len(nodes)), np.ones(len(edges)), np.zeros(len(edges)), None, ring)
    lit = {(mark.layer, mark.unit) for mark in focus.marks if mark.kind != "weight"} | {(focus.layer, focus.unit)}
    for layer, unit, source in focus.edges:
        lit |= {(layer, unit), (layer - 1, source)}
    shares, chosen = np.full(len(nodes), dimmed), set(focus.edges)
    shares[[nodes[node] for node in lit if node in nodes]] = 1.0
    strong = np.array([float(edge in chosen) for edge in edges])
    return Spotlight(shares, np.full(len(edges), dimmed), strong, nodes.get((focus.layer, focus.unit)), ring)


def blended(before: Spotlight, after: Spotlight, share: float) -> Spotlight:
    """Return a light on its way from one to another; the ring is the other's at once."""
    if share >= 1:
        return after

    def between(one: Array, other: Array) -> Array:
        mixed: Array = one + share * (other - one)
        return mixed

    nodes, edges = between(before.nodes, after.nodes), between(before.edges, after.edges)
    return Spotlight(nodes, edges, between(before.strong, after.strong), after.ringed, after.ring)
