"""What the servers are asked: seeded kinds of requests, no two of a run the same."""

from dataclasses import dataclass
from itertools import count, islice
from typing import NamedTuple
from urllib.parse import urlencode

import numpy as np

from bench import sites
from bench.sites import Floats
from geo.extent import Extent

LIMIT = 100
MANY = 10_000
SEED = 21


@dataclass(frozen=True)
class Ask:
    """One request in no server's dialect."""

    id: int | None = None
    box: Extent | None = None
    area: str | None = None
    block: str | None = None
    filter: str | None = None
    limit: int = LIMIT
    offset: int = 0

    def path(self, collection: str, filter_lang: str) -> str:
        items = f"/collections/{collection}/items"
        if self.id is not None:
            return f"{items}/{self.id}"
        asked: dict[str, object] = {"limit": self.limit}
        if self.offset:
            asked["offset"] = self.offset
        if self.box is not None:
            asked["bbox"] = ",".join(f"{side:.7f}" for side in self.box)
        if self.area is not None:
            asked["area"] = self.area
        if self.block is not None:
            asked["block"] = self.block
        if self.filter is not None:
            asked |= {"filter": self.filter, "filter-lang": filter_lang}
        return f"{items}?{urlencode(asked)}"


class Kind(NamedTuple):
    """Requests of one kind; the first few warm the servers up, the others are timed."""

    name: str
    asks: list[Ask]
    warm: int


class Asker:
    """Makes requests for one set of sites."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.places: Floats = sites.all_places(number)
        self.random = np.random.default_rng((SEED, number))
        self._blocks = iter(self.random.permutation(sites.blocks_of(number)).tolist())
        self._starts = count(step=7)

    def boxes(self, hits: int, times: int, warm: int = 10, limit: int = LIMIT) -> Kind:
        """Around sites, so wide that about so many are inside."""
        asks = [Ask(box=self._box(hits), limit=limit) for _ in range(times + warm)]
        pages = "" if limit == LIMIT else f", {limit:,} a page"
        return Kind(f"box with about {hits:,} hits{pages}", asks, warm)

    def circles(self, metres: int, times: int, warm: int = 5) -> Kind:
        """Around sites."""
        centres = self.places[self.random.integers(self.number, size=times + warm)].tolist()
        asks = [Ask(area=f"circle:{lon},{lat},{metres}") for lon, lat in centres]
        return Kind(f"circle of {metres / 1000:g} km", asks, warm)

    def features(self, times: int, warm: int = 50) -> Kind:
        ids = self.random.choice(self.number, times + warm, replace=False)
        return Kind("one feature", [Ask(id=one + 1) for one in ids.tolist()], warm)

    def blocks(self, times: int, warm: int = 10) -> Kind:
        """About a thousand hits each."""
        blocks = islice(self._blocks, times + warm)
        return Kind("one property", [Ask(block=sites.block(one)) for one in blocks], warm)

    def two_predicates(self, times: int, warm: int = 10) -> Kind:
        """One of them leaves a thousand sites, both of them a few hundred."""
        blocks = self.random.integers(0, sites.blocks_of(self.number), times + warm)
        least = 2_000 + self.random.permutation(2_000)[: times + warm]
        asks = [
            Ask(filter=f"block='{sites.block(block)}' AND employees>={employees}")
            for block, employees in zip(blocks.tolist(), least.tolist(), strict=True)
        ]
        return Kind("two predicates in CQL2", asks, warm)

    def two_wide_predicates(self, times: int, warm: int = 5) -> Kind:
        """Either leaves tens of thousands of a million sites, both of them thousands."""
        least = 4_000 + self.random.permutation(800)[: times + warm]
        asks = [
            Ask(filter=f"sector='{sector}' AND employees>={employees}")
            for sector, employees in zip(
                self.random.choice(sites.SECTORS, times + warm).tolist(),
                least.tolist(),
                strict=True,
            )
        ]
        return Kind("two wide predicates in CQL2", asks, warm)

    def pages_of_many(self, times: int, warm: int = 2) -> Kind:
        """Each begins a little further on, so that no two are the same."""
        asks = [Ask(limit=MANY, offset=start) for start in islice(self._starts, times + warm)]
        return Kind(f"{MANY:,} features", asks, warm)

    def pages(self, start: int, times: int, warm: int = 5) -> Kind:
        """One page after the other, by their offset."""
        asks = [Ask(offset=start + LIMIT * n) for n in range(times + warm)]
        return Kind(f"page by page from {start:,}", asks, warm)

    def _box(self, hits: int) -> Extent:
        centre = self.places[self.random.integers(self.number)]
        wanted = round(hits * self.random.uniform(0.9, 1.1))
        # half as high as wide in degrees, as a window on a map is
        away = np.abs((self.places - centre) * (1, 2)).max(axis=1)
        half = float(np.partition(away, wanted)[wanted])
        (x, y), (dx, dy) = centre, (half, half / 2)
        return Extent(*np.round((x - dx, y - dy, x + dx, y + dy), 7).tolist())
