"""What a client prefers: media type, language and compression, by the q-values of its headers."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from layers.model import Lang


def weights(header: str) -> list[tuple[str, float]]:
    """The members of an Accept-* header with their q-values; what cannot be read is left out."""
    found = []
    for member in header[:4000].split(","):
        name, *parameters = (part.strip().lower() for part in member.split(";"))
        if name:
            found.append((name, quality(parameters)))
    return found


def quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


# Clients send the same header with every request.
known = lru_cache(maxsize=1024)


@known
def media_type(header: str | None, offered: tuple[str, ...]) -> str | None:
    """The offered media type the client likes best, the first of equals; None if it wants none."""
    if not header or not header.strip():
        return offered[0]
    accepted = weights(header)
    if not any("/" in name or name == "*" for name, _ in accepted):
        return offered[0]  # nothing in it can be read: as good as no header
    liked = [(weight_of(one, accepted, media_closeness), one) for one in offered]
    best = max(weight for weight, _ in liked)
    return next(one for weight, one in liked if weight == best) if best > 0 else None


def media_closeness(name: str, offered: str) -> int:
    """How closely a media range names a type: 3 itself, 2 its family, 1 anything, 0 not at all."""
    if name == offered:
        return 3
    if name == offered.split("/")[0] + "/*":
        return 2
    return 1 if name in ("*/*", "*") else 0


@known
def language(header: str | None) -> Lang:
    """English where the client prefers it to Chinese, else Chinese."""
    accepted = weights(header or "")
    english = weight_of("en", accepted, language_closeness)
    return "en" if english > weight_of("zh", accepted, language_closeness) else "zh"


def language_closeness(name: str, offered: str) -> int:
    if name.split("-")[0] == offered:
        return 2
    return 1 if name == "*" else 0


@known
def encoding(header: str | None) -> str | None:
    """The compression to use: zstd before gzip, None for plain bytes."""
    accepted = weights(header or "")
    for one in ("zstd", "gzip"):
        if weight_of(one, accepted, lambda name, offered: int(name == offered)) > 0:
            return one
    return None


def weight_of(
    offered: str, accepted: Sequence[tuple[str, float]], closeness: Callable[[str, str], int]
) -> float:
    """The q-value of the member that names `offered` most closely; the highest among equals."""
    named = [(closeness(name, offered), q) for name, q in accepted]
    return max((one for one in named if one[0]), default=(0, 0.0))[1]
