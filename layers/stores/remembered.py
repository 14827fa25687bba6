"""What took a look at many rows, kept as long as the layer does not change."""

from collections.abc import Callable
from threading import Lock
from typing import TypeVar, cast

T = TypeVar("T")
MOST_KEPT = 512


class Remembered:
    """The latest findings, each with the version it was found in. Threads may share it."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._found: dict[object, tuple[str, object]] = {}
        self._lock = Lock()

    def get(
        self,
        key: object,
        version: str,
        find: Callable[[], T],
        fits: Callable[[T], bool] = lambda _: True,
    ) -> T:
        """What `find` gives, or gave before; what does not fit is not kept."""
        with self._lock:
            known = self._found.pop(key, None)
        if known is None or known[0] != version:
            known = (version, find())
        if not fits(cast("T", known[1])):
            return cast("T", known[1])
        with self._lock:
            self._found.pop(key, None)
            self._found[key] = known  # the latest asked for stands last
            while len(self._found) > self._most:
                del self._found[next(iter(self._found))]
        return cast("T", known[1])
