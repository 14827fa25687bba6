"""What stands in a picture of the map, read from its SVG."""

from typing import Any, NamedTuple

from lxml import etree

from server.drawing.fonts import text_width
from tests.server.sites import Site, until

SVG = "{http://www.w3.org/2000/svg}"


class Text(NamedTuple):
    """A line of text, where it is in the picture."""

    said: str
    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Text") -> bool:
        """By more than coordinates are rounded to."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return across > 0.1 and down > 0.1


def drawn(site: Site, **asked: object) -> Any:
    # Words are looked for when they have been read, which is said by 503 until then.
    until(lambda: site.get("/image.svg", params=asked).status_code != 503)
    answer = site.get("/image.svg", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/svg+xml"
    return etree.fromstring(answer.content)


def texts(root: Any) -> list[Text]:
    found = []
    for one in root.iter(f"{SVG}text"):
        said, size = one.text or "", float(one.get("font-size"))
        width = text_width(said, size, one.get("font-weight") == "700")
        width += len(said) * float(one.get("letter-spacing", 0))
        shift = {"middle": width / 2, "end": width}.get(one.get("text-anchor"), 0)
        x, base = float(one.get("x")), float(one.get("y"))
        # Letters without the room that a font keeps between lines.
        found.append(Text(said, x - shift, base - 0.8 * size, width, 0.9 * size))
    return found


def said(root: Any) -> str:
    return "\n".join(one.said for one in texts(root))
