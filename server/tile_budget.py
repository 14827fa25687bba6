"""How much a tile may hold: of small layers everything, of large ones what the budget leaves.

Features are left out evenly, by their order, and how many is said. Which of them a map would miss
least is another matter, for layers that are prepared for it.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from geo.mvt import TileLayer, encode
from geo.tiles import Tile
from layers.model import Feature

MOST_FEATURES = 12_000
MOST_BYTES = 500_000
# Of the shapes of one layer before they are drawn: two million vertices, a second of work.
MOST_SHAPE_BYTES = 32_000_000
_SOME_LESS = 0.95

Check = Callable[[], None]


class Drawn(NamedTuple):
    body: bytes
    shown: list[int]  # features of each layer


def shares(wanted: Sequence[int], most: int) -> list[int]:
    """What each may have of `most`: the small ones all they want, the others parts of the rest."""
    given = [0] * len(wanted)
    by_size = sorted(range(len(wanted)), key=lambda place: wanted[place])
    for behind, place in enumerate(by_size):
        given[place] = min(wanted[place], (most - sum(given)) // (len(wanted) - behind))
    return given


def bounded(found: Iterable[Feature]) -> list[Feature]:
    """The features that have a shape: each, or every second, fourth ... if they are too large."""
    kept: list[Feature] = []
    step, size = 1, 0
    for place, feature in enumerate(one for one in found if one.geometry is not None):
        if place % step:
            continue
        kept.append(feature)
        size += len(feature.geometry or b"")
        while size > MOST_SHAPE_BYTES and len(kept) > 1:
            kept, step = kept[::2], 2 * step
            size = sum(len(one.geometry or b"") for one in kept)
    return kept


def draw(layers: Sequence[TileLayer], tile: Tile, check: Check) -> Drawn:
    """The tile within the budget; `check` is asked between the steps and may stop it."""
    drawn: list[bytes] = []
    for layer in layers:
        check()
        drawn.append(encode([layer], tile))
    shown = [len(layer.fids) for layer in layers]
    for place, share in enumerate(shares([*map(len, drawn)], MOST_BYTES)):
        while len(drawn[place]) > share:
            check()
            most = int(shown[place] * share / len(drawn[place]) * _SOME_LESS)
            fewer = thinned(layers[place], most)
            drawn[place], shown[place] = encode([fewer], tile), most
    return Drawn(b"".join(drawn), shown)


def thinned(layer: TileLayer, most: int) -> TileLayer:
    rows = [place * len(layer.fids) // most for place in range(most)]
    attributes = {name: [column[row] for row in rows] for name, column in layer.attributes.items()}
    return TileLayer(layer.name, layer.fids[rows], layer.geometries[rows], attributes)
