"""What a request is answered from: the store, and what is found beside it by words and by areas.

What is found becomes keys that are joined with the filter inside of the store, so paging, counting
and sorting go on as they are.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TypeVar

import numpy as np

from layers.certainty.areas import Area
from layers.certainty.find import Keys, Within, among, find, furthest_m, undecided
from layers.districts import Districts, district_areas
from layers.filter import tree
from layers.model import Lang, Layer
from layers.search.find import find_all
from layers.stores.remembered import Remembered
from layers.stores.store import Store
from server import params
from server.area_text import Written
from server.areas import Located, located
from server.params import Given
from server.search_index import SearchIndex
from server.settings import Settings

MOST_KEPT = 64  # of findings
MOST_KEYS = 100_000  # of one that is kept

T = TypeVar("T")


class Source:
    """Made for one answer, inside of one reading of the store."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        index: SearchIndex,
        remembered: Remembered,
        lang: Lang = "zh",
    ) -> None:
        self.store, self.settings, self.lang = store, settings, lang
        self._index, self._remembered = index, remembered
        self._located: dict[Written, Located] = {}

    def of(self, lang: Lang) -> "Source":
        """The same, in the words of a language."""
        return Source(self.store, self.settings, self._index, self._remembered, lang)

    def get_ready(self, given: Given) -> None:
        """Outside of a reading: bring the index of words up to the store, if it is to be asked."""
        if given.get(params.NARROWED) is not None:
            self._index.read()

    def versions(self, layers: Sequence[Layer], given: Given) -> list[str]:
        """Of all layers that an answer about some of them depends on."""
        beyond = any(given.get(one) is not None for one in params.LOOKED_UP)
        return [self.store.version(one.id) for one in (self.store.layers() if beyond else layers)]

    def check(self, given: Given) -> None:
        """InvalidQuery where what is to be looked up cannot be."""
        if given.get(params.AREA) is not None:
            self.located(given)
        elif given.get(params.CERTAINTY) is not None:
            raise given.misfit(params.CERTAINTY, "left out where no area is given")

    def located(self, given: Given) -> Located | None:
        written = given.get(params.AREA)
        if written is None:
            return None
        if written not in self._located:
            text = given.text(params.AREA)
            districts = self._districts()
            self._located[written] = located(self.store, districts, written, text, self.lang)
        return self._located[written]

    def terms(self, layer: Layer, given: Given) -> list[tree.Node]:
        """Conditions for the features that are found in a layer."""
        self.check(given)
        terms = []
        text = given.get(params.NARROWED)
        if text is not None:
            terms.append(among(self._found(text).get(layer.id, [])))
        within = self.within(layer, given)
        if within is not None:
            only = given.get(params.CERTAINTY) == params.CERTAIN
            terms.append(among(within.keys[within.certain] if only else within.keys))
        return terms

    def within(self, layer: Layer, given: Given) -> Within | None:
        """What of a layer lies in the area, certainly or possibly; None where none is given."""
        area = self._area(given)
        if area is None:
            return None
        furthest = self._kept(("furthest", layer.id), lambda: furthest_m(self.store, layer))
        return self._kept(
            ("within", layer.id, given.get(params.AREA)),
            lambda: find(self.store, layer, area, self._districts(), furthest),
            lambda found: len(found.keys),
        )

    def undecided(self, layer: Layer, given: Given) -> Keys | None:
        """What of a layer may be inside as well as outside; None where no area is given."""
        area = self._area(given)
        if area is None:
            return None
        return self._kept(
            ("undecided", layer.id, area.district),
            lambda: undecided(self.store, layer, area, self._districts()),
            len,
        )

    def _area(self, given: Given) -> Area | None:
        found = self.located(given)
        return None if found is None else found.area

    def _districts(self) -> Districts:
        return self._kept(("districts",), lambda: Districts(district_areas(self.store)))

    def _found(self, text: str) -> dict[str, Keys]:
        """Of all layers, whichever are asked: words with a typo count where nothing else does."""
        layers = [layer.id for layer in self.store.layers()]

        def look() -> dict[str, Keys]:
            with self._index.of(self.store, layers) as connection, self.store.reading() as reading:
                found = find_all(connection, reading, layers, text)
            return {layer: np.array(keys, np.int64) for layer, keys in found.items()}

        return self._kept(("words", text), look, lambda found: sum(map(len, found.values())))

    def _kept(
        self, key: object, find: Callable[[], T], size: Callable[[T], int] = lambda _: 0
    ) -> T:
        return self._remembered.get(key, self._state, find, lambda found: size(found) <= MOST_KEYS)

    @cached_property
    def _state(self) -> str:
        """Areas are of one layer, districts of another: what is found is of the state of all."""
        return " ".join(self.store.version(layer.id) for layer in self.store.layers())
