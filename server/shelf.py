"""The whole-layer files kept in memory."""

import asyncio
from collections import OrderedDict
from weakref import WeakValueDictionary

from server.caching import Kept

MOST_KEPT = 64_000_000


class Shelf:
    """The kept files by layer and version; those asked for least lately make room."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def find(self, layer_id: str, version: str) -> Kept | None:
        kept = self._kept.get((layer_id, version))
        if kept:
            self._kept.move_to_end((layer_id, version))
        return kept

    def lock(self, layer_id: str) -> asyncio.Lock:
        """One writes a file while the others who want it wait."""
        return self._locks.setdefault(layer_id, asyncio.Lock())

    def put(self, layer_id: str, version: str, kept: Kept) -> None:
        for key in [key for key in self._kept if key[0] == layer_id]:
            del self._kept[key]
        self._kept[layer_id, version] = kept
        while sum(one.size for one in self._kept.values()) > MOST_KEPT and len(self._kept) > 1:
            self._kept.popitem(last=False)
