"""The hash tree over a volume's items (RFC 6962 §2.1 with labels of our own; docs/formats/bundle.md).

Leaves and nodes have different labels, so an item can never pass for a node. The tree is built as leaves come, in
memory of the order of its height.
"""

from __future__ import annotations

import functools
import hashlib

_LEAF = b"kzdoc-bundle-leaf-1\0"
_NODE = b"kzdoc-bundle-node-1\0"


@functools.cache
def _leaf_start(kind: int) -> hashlib._Hash:
    return hashlib.sha256(_LEAF + bytes((kind,)))


def leaf(kind: int, payload: bytes | memoryview) -> bytes:
    """Return the hash of one item."""
    start = _leaf_start(kind).copy()
    start.update(payload)
    return start.digest()


class Tree:
    """A tree that grows leaf by leaf."""

    def __init__(self) -> None:
        self._full: list[bytes] = []
        self.count = 0

    def add(self, digest: bytes) -> None:
        """Append the next leaf."""
        self.count += 1
        size = self.count
        while size & 1 == 0:
            digest = hashlib.sha256(_NODE + self._full.pop() + digest).digest()
            size >>= 1
        self._full.append(digest)

    def root(self) -> bytes:
        """Return the root over all leaves added so far."""
        if not self._full:
            return hashlib.sha256(_NODE).digest()
        digest = self._full[-1]
        for left in reversed(self._full[:-1]):
            digest = hashlib.sha256(_NODE + left + digest).digest()
        return digest
