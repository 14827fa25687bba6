"""The pictures of a site: those made lately, the ground they lie on, and whose turn it is."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from layers.stores.remembered import Remembered
from server.caching import Kept
from server.pool import Turns
from server.shelf import Shelf

GROUNDS = 2  # one for each language


@dataclass(frozen=True)
class Pictures:
    """Two are made at a time, for each takes a core; more wait than any page would ask for.

    Boards take ten times as long: one at a time, so that pictures never wait for them.
    """

    shelf: Shelf = field(default_factory=Shelf)
    ground: Remembered = field(default_factory=lambda: Remembered(GROUNDS))
    turns: Turns = field(default_factory=lambda: Turns(at_once=2, waiting=128, seconds=60.0))
    board_turns: Turns = field(default_factory=lambda: Turns(at_once=1, waiting=32, seconds=60.0))

    async def kept(
        self,
        key: str,
        tag: str,
        make: Callable[[], Awaitable[Kept]],
        turns: Turns | None = None,
    ) -> Kept:
        """As it was made for this state; who asks while it is made waits for the same."""
        async with self.shelf.lock(key):
            found = self.shelf.find(key, tag)
            if found is None:
                async with (turns or self.turns).turn():
                    found = await make()
                self.shelf.put(key, tag, found)
        return found
