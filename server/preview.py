"""What messengers and articles show of a link to the map: Open Graph and Twitter card tags.

They hold absolute addresses, and those of the view that the link is to; so they are put into the
page as it is sent, and the pages made so are kept like the page itself.
"""

from collections import OrderedDict
from collections.abc import Mapping

from markupsafe import escape

from layers.errors import InvalidQuery
from layers.model import Lang, Zone
from server.caching import Kept
from server.links import Links
from server.params import parsed, view
from server.picture.parameters import VIEW_PARTS, drawn
from server.picture.wording import plain

MARK = b"<!-- preview -->"
MOST_KEPT = 64
LOCALES: Mapping[Lang, str] = {"zh": "zh_CN", "en": "en_GB"}
# 1200 x 630 pixels, what they are laid out for; letters as large as in a picture of 800 points.
SIZE: Mapping[str, object] = {"width": 800, "height": 420, "scale": 1.5}
PIXELS = (1200, 630)


class Previews:
    """Pages with their tags; those asked for least lately make room."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], Kept] = OrderedDict()

    def page(self, page: Kept, tags: str) -> Kept:
        key = (page.tag, tags)
        found = self._kept.get(key)
        if found is None:
            found = Kept(page.body.replace(MARK, tags.encode(), 1), page.media_type)
            self._kept[key] = found
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return found


def tags(links: Links, zone: Zone, lang: Lang, query: bytes) -> str:
    """Of a page in a language, at an address that may say anything."""
    asked = readable(query)
    title = plain(zone.title.of(lang))
    description = plain(zone.description.of(lang) or zone.full_name.of(lang) or title)
    image = links.to("image.png", query={**drawn(asked), "lang": lang, **SIZE})
    properties = {
        "og:type": "website",
        "og:title": title,
        "og:site_name": title,
        "og:description": description,
        "og:url": links.to(query=asked),
        "og:locale": LOCALES[lang],
        "og:image": image,
        "og:image:type": "image/png",
        "og:image:width": str(PIXELS[0]),
        "og:image:height": str(PIXELS[1]),
        "og:image:alt": title,
    }
    names = {
        "twitter:card": "summary_large_image",
        "twitter:title": title,
        "twitter:description": description,
        "twitter:image": image,
        "twitter:image:alt": title,
    }
    return "\n".join(
        f'<meta {kind}="{name}" content="{escape(text)}">'
        for kind, found in (("property", properties), ("name", names))
        for name, text in found.items()
    )


def readable(query: bytes) -> dict[str, str]:
    """The parts of a view in an address that can be read: nothing else gets into the tags."""
    known = {one.name: one for one in VIEW_PARTS}
    found = {}
    for name, text in view(query).items():
        try:
            parsed(known[name], text)
        except (KeyError, InvalidQuery):
            continue
        found[name] = text
    return found
