"""How often one client may ask for something that leaves a trace: so many times in an hour."""

import time
from collections import OrderedDict, deque

from layers.errors import AtlasError

HOUR = 3600.0
MOST_CLIENTS = 10_000


class TooMany(AtlasError):
    """Refused for now: `seconds` is when to ask again."""

    def __init__(self, reason: str, seconds: float) -> None:
        self.seconds = max(1, round(seconds))
        super().__init__(reason)


class HourlyRate:
    """Remembers for each client when it was allowed; of many clients those seen last."""

    def __init__(self, most: int, refusal: str) -> None:
        self.most, self.refusal = most, refusal
        self._allowed: OrderedDict[str, deque[float]] = OrderedDict()

    def check(self, client: str) -> None:
        """TooMany if it has had its share."""
        now, times = time.monotonic(), self._times(client)
        while times and times[0] < now - HOUR:
            times.popleft()
        if len(times) >= self.most:
            # Of a share of none nothing will ever be free: ask again in an hour, in vain.
            raise TooMany(self.refusal, HOUR - (now - times[0]) if times else HOUR)

    def count(self, client: str) -> None:
        self._times(client).append(time.monotonic())

    def _times(self, client: str) -> deque[float]:
        times = self._allowed.setdefault(client, deque())
        self._allowed.move_to_end(client)
        while len(self._allowed) > MOST_CLIENTS:
            self._allowed.popitem(last=False)
        return times
