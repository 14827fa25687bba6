"""What Python asks as an address writes it, so that it means the same and is checked alike."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from numbers import Real
from urllib.parse import urlencode

from layers.errors import InvalidQuery, UnknownFeature, UnknownLayer
from layers.model import LANGUAGES, Lang
from layers.stores.store import Store
from server.params import parsed
from server.picture.parameters import COMPARE, DEEPEST, DRAWER, FURTHEST, SHADE, SLIDES, THEME

# The page would leave out what these cannot be, and name it to whoever opens the map.
CHECKED = {one.name: one for one in (DRAWER, SHADE, COMPARE, SLIDES, THEME)}
LOWEST, HIGHEST = 100, 10_000


def query_of(asked: Mapping[str, object]) -> bytes:
    texts = {name: _written(name, value) for name, value in asked.items()}
    return urlencode({name: text for name, text in texts.items() if text is not None}).encode()


def _written(name: str, value: object) -> str | None:
    match name, value:
        case _, None:
            return None
        case "center", _:
            return _place(value)
        case "zoom", _:
            return _number(value, 0, DEEPEST) or _refuse(
                name, value, f"a number from 0 to {DEEPEST}"
            )
        case "shade", bool():
            return "1" if value else None
    text = (
        ",".join(map(str, value))
        if isinstance(value, Sequence) and not isinstance(value, str)
        else str(value)
    )
    if name in CHECKED:
        try:
            parsed(CHECKED[name], text)
        except InvalidQuery as error:
            _refuse(name, value, error.allowed)
    return text


def _place(value: object) -> str:
    numbers = list(value) if isinstance(value, Iterable) and not isinstance(value, str) else []
    texts = [_number(one, -most, most) for one, most in zip(numbers, (180, FURTHEST), strict=False)]
    if len(numbers) != 2 or not all(texts):
        _refuse("center", value, f"longitude and latitude in degrees, at most 180 and {FURTHEST}")
    return ",".join(filter(None, texts))


def _number(value: object, least: float, most: float) -> str | None:
    """As the page reads it; None if it is no number between these. Those of numpy are numbers."""
    if isinstance(value, bool) or not isinstance(value, Real | Decimal):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    if not least <= number <= most:
        return None
    text = f"{number:.9f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _refuse(name: str, value: object, allowed: str) -> str:
    raise InvalidQuery(name, value, allowed)


def check_selected(store: Store, asked: Mapping[str, str]) -> None:
    """What the page would leave out and name, where its reader may have mistyped it."""
    selected = asked.get("selected")
    if selected is None:
        return
    layer, _, feature = selected.partition("/")
    try:
        store.feature(layer, feature)
    except (UnknownLayer, UnknownFeature):
        raise InvalidQuery("selected", selected, "layer/id of a feature of the map") from None


def lang_of(lang: object) -> Lang:
    for one in LANGUAGES:
        if lang == one:
            return one
    raise InvalidQuery("lang", lang, " or ".join(LANGUAGES))


def height_of(value: object) -> int:
    """Whole pixels."""
    text = _number(value, LOWEST, HIGHEST)
    if text is None:
        raise InvalidQuery("height", value, f"a number of pixels from {LOWEST:,} to {HIGHEST:,}")
    return round(float(text))
