"""The map's point symbols as small PNG images, drawn here: filled, or hollow in their outline."""

import struct
import zlib
from functools import lru_cache
from math import cos, pi, sin

import numpy as np
import shapely
from numpy.typing import NDArray

SIZE = 64  # pixels
_EDGE, _HALO = 7.0, 3.0  # width of a hollow symbol's line, and of the white around every symbol

Image = NDArray[np.float64]


def _regular(corners: int, radius: float, turn: float = 0.0) -> list[tuple[float, float]]:
    """Around the middle of a box of 16 x 16, the first corner at the top."""
    angles = [turn - pi / 2 + 2 * pi * n / corners for n in range(corners)]
    return [(8 + radius * cos(one), 8 + radius * sin(one)) for one in angles]


def _star() -> list[tuple[float, float]]:
    outer, inner = _regular(5, 7.2), _regular(5, 3.2, pi / 5)
    return [corner for pair in zip(outer, inner, strict=True) for corner in pair]


_CORNERS = {
    "square": [(3, 3), (13, 3), (13, 13), (3, 13)],
    "hexagon": _regular(6, 6.4),
    "diamond": _regular(4, 6.8),
    "triangle": [(8, 2), (14.6, 13.6), (1.4, 13.6)],
    "circle": _regular(72, 5.8),
    "star": _star(),
    "pentagon": _regular(5, 6.6),
    "cross": [
        (5.8, 1.8), (10.2, 1.8), (10.2, 5.8), (14.2, 5.8), (14.2, 10.2), (10.2, 10.2),
        (10.2, 14.2), (5.8, 14.2), (5.8, 10.2), (1.8, 10.2), (1.8, 5.8), (5.8, 5.8),
    ],
    "dot": _regular(48, 3.4),
}  # fmt: skip


@lru_cache(maxsize=64)
def symbol_png(symbol: str, colour: tuple[int, int, int], hollow: bool) -> bytes:
    """A symbol of the style (circle where it is none of a point) on a transparent ground."""
    outline = shapely.Polygon(np.array(_CORNERS.get(symbol, _CORNERS["circle"])) * (SIZE / 16))
    middle = np.arange(SIZE) + 0.5
    x, y = np.meshgrid(middle, middle)
    away = shapely.distance(outline.boundary, shapely.points(x, y))
    outside = np.where(shapely.contains_xy(outline, x, y), -away, away)
    image = np.zeros((SIZE, SIZE, 4))
    image = _over(image, (255, 255, 255), _cover(outside - _HALO))
    image = _over(image, colour, _cover(outside))
    if hollow:
        image = _over(image, (255, 255, 255), _cover(outside + _EDGE))
    return _png(np.rint(image).astype(np.uint8))


def _cover(distance: Image) -> Image:
    """How much of each pixel lies inside of the line that is `distance` away."""
    return np.clip(0.5 - distance, 0, 1)


def _over(image: Image, colour: tuple[int, int, int], cover: Image) -> Image:
    below = image[..., 3] / 255 * (1 - cover)
    alpha = cover + below
    share = np.divide(cover, alpha, out=np.zeros_like(cover), where=alpha > 0)[..., None]
    blended = share * np.array(colour, dtype=float) + (1 - share) * image[..., :3]
    return np.concatenate([blended, alpha[..., None] * 255], axis=2)


def _png(image: NDArray[np.uint8]) -> bytes:
    height, width, _ = image.shape
    rows = b"".join(b"\0" + row.tobytes() for row in image)
    head = struct.pack(">2I5B", width, height, 8, 6, 0, 0, 0)  # 8 bits a channel, RGBA
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
