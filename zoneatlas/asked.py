"""What Python asks as an address writes it, so that it means the same and is checked alike."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from layers.errors import InvalidQuery, UnknownFeature, UnknownLayer
from layers.stores.store import Store


def query_of(asked: Mapping[str, object]) -> bytes:
    return urlencode(
        {name: _written(value) for name, value in asked.items() if value is not None}
    ).encode()


def _written(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ",".join(map(str, value))
    return str(value)


def check_place(store: Store, asked: Mapping[str, object]) -> None:
    """What the page would leave out and name, where its reader may have mistyped it."""
    center, zoom, selected = (asked.get(one) for one in ("center", "zoom", "selected"))
    numbers = list(center) if isinstance(center, Sequence) else [center]
    if center is not None and not (
        len(numbers) == 2 and _fits(numbers[0], 180, -180) and _fits(numbers[1], 85, -85)
    ):
        raise InvalidQuery("center", center, "longitude and latitude in degrees")
    if zoom is not None and not _fits(zoom, 99):
        raise InvalidQuery("zoom", zoom, "a number from 0 to 99")
    if selected is not None:
        layer, _, feature = str(selected).partition("/")
        try:
            store.feature(layer, feature)
        except (UnknownLayer, UnknownFeature):
            raise InvalidQuery("selected", selected, "layer/id of a feature of the map") from None


def _fits(value: object, most: float, least: float = 0) -> bool:
    return isinstance(value, int | float) and least <= value <= most
