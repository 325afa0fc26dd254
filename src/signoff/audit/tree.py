"""A hash tree over the heads that a checkpoint covers. Pure.

The tree of RFC 9162, section 2.1: leaves and nodes are hashed with different first bytes, so that
a node cannot be passed off as a leaf; a node without a neighbour goes up unchanged.

A proof is the list of the neighbours on the way from a leaf to the root, each 64 hexadecimal
digits behind `<` if it stands on the left and `>` if on the right. Whoever has a leaf and its
proof can compute the root, and learns nothing of the other leaves.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from signoff.audit.rules import canonical

LEFT, RIGHT = "<", ">"


def leaf(head: Mapping[str, Any]) -> bytes:
    """Of a head as JSON."""
    return hashlib.sha256(b"\x00" + canonical(head)).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(leaves: Sequence[bytes]) -> tuple[str, list[list[str]]]:
    """The root in hexadecimal, and a proof for each leaf. Raises ValueError without leaves."""
    if not leaves:
        raise ValueError("a tree has at least one leaf")
    proofs: list[list[str]] = [[] for _ in leaves]
    level = [(one, range(place, place + 1)) for place, one in enumerate(leaves)]
    while len(level) > 1:
        above = []
        for (left, under_left), (right, under_right) in zip(level[::2], level[1::2], strict=False):
            for place in under_left:
                proofs[place].append(RIGHT + right.hex())
            for place in under_right:
                proofs[place].append(LEFT + left.hex())
            above.append((_node(left, right), range(under_left.start, under_right.stop)))
        level = above + level[len(above) * 2 :]
    return level[0][0].hex(), proofs


def root_from(one: bytes, proof: Sequence[str]) -> str:
    """The root to which this proof leads from a leaf. Raises ValueError if it is no proof."""
    for step in proof:
        side, other = step[:1], bytes.fromhex(step[1:])
        if side not in {LEFT, RIGHT}:
            raise ValueError("a step of a proof begins with < or >")
        one = _node(other, one) if side == LEFT else _node(one, other)
    return one.hex()
