"""The narrow door to wherever features are kept; each passes tests/layers/test_store*.py."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from geo.extent import Extent
    from layers.model import Batch, By, Feature, Group, Layer, NewFeature, Query, Zone


class Reading(Protocol):
    """One look at the store that another thread may end."""

    def interrupt(self) -> None:
        """Stop what this reading is doing; it raises QueryStopped. Callable from any thread."""

    def check(self) -> None:
        """QueryStopped if it has been stopped: to be asked between the steps of other work."""


class Store(Protocol):
    @property
    def read_only(self) -> bool: ...

    def reading(self) -> AbstractContextManager[Reading]:
        """Whatever this thread reads inside sees one state of the store and can be interrupted.

        Not needed for a single call. An iterator of `features` begun inside may be finished
        outside, on any thread, and stays interruptible by the same handle.
        """

    def zone(self) -> Zone: ...

    def layers(self) -> list[Layer]:
        """All layers in the order of the panel."""

    def layer(self, id: str) -> Layer:
        """Raises UnknownLayer."""

    def features(self, layer: str, query: Query) -> Iterator[Feature]:
        """Features ordered by fid. Checks now (UnknownLayer, InvalidQuery), reads later."""

    def batches(
        self, layer: str, query: Query, fields: Collection[str] | None = None
    ) -> Iterator[Batch]:
        """The same field by field, some hundreds at a time: less work where they are many.

        With all fields unless some are named, which is less work again.
        """

    def feature(self, layer: str, id: str) -> Feature:
        """Raises UnknownFeature."""

    def count(self, layer: str, query: Query) -> int:
        """How many features `features` would give without its `limit` and `after`."""

    def keys(self, layer: str, query: Query) -> Sequence[int]:
        """The fid of every feature, in the order of `features`; compact, there may be millions."""

    def groups(
        self,
        layer: str,
        query: Query,
        by: Sequence[By],
        of: Sequence[str | None] = (),
        spread: bool = False,
    ) -> Iterator[Group]:
        """The features, whatever the page, by their values of some fields; of others a summary.

        `by` and `of` are fields or the public id, None is the fid. Without `by` it is one group.
        Values that are spelled in several ways may come in as many groups, and where there are very
        many values the same ones may come again. `spread` asks for the squares too.
        """

    def sample(self, layer: str, extent: Extent, most: int) -> tuple[Iterator[Feature], int]:
        """The features about an extent, spread evenly if they are more; and how many there are.

        For drawing: their number is about `most`, and some may lie just outside of the extent.
        """

    def extent(self, layer: str, query: Query | None = None) -> Extent | None:
        """The box around all geometries that match; None if there is none.

        Of a large layer that is not kept in CRS84 it may be a little larger, never smaller.
        """

    def version(self, layer: str) -> str:
        """Changes with anything in the layer or its definition, whoever changed it: for an ETag."""

    def numbers(self) -> dict[str, int]:
        """A number for each layer's id that stays the same whatever other layers come and go."""

    def load(self, layer: Layer, features: Iterable[NewFeature]) -> int:
        """Replace the layer and all its features in one transaction; returns how many there are."""

    def save_zone(self, zone: Zone) -> None: ...

    def close(self) -> None: ...
