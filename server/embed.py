"""The map in other people's pages: without its frame, as an element, and as oEmbed tells of it.

oEmbed 1.0 is answered for our own addresses alone, with the page that may stand in a frame.
"""

import asyncio
from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode, urlsplit

import orjson
from fastapi import Response
from starlette.exceptions import HTTPException

from server import caching
from server.assets import ELEMENT_SCRIPT
from server.files import map_page
from server.headers import content_policy
from server.links import Links
from server.media import JSON
from server.params import Parameter, choice, pairs, parse_text, read, whole_number
from server.site import Call, CallDep
from server.view_params import VIEW

WIDTH, HEIGHT = 800, 600
NARROWEST, WIDEST = 200, 4_000

# What the page shows of itself; its own script reads them, as it does the view.
OPTIONS: tuple[Parameter[str], ...] = (
    Parameter("title", parse_text, "text", description="What stands over the map"),
    Parameter("legend", parse_text, "text", description="0 leaves the legend out"),
    Parameter("search", parse_text, "text", description="1 brings the search"),
    Parameter("filters", parse_text, "text", description="1 brings the filters"),
    Parameter("locked", parse_text, "text", description="1 where the map cannot be moved"),
)
# A page opens whatever its address says, and names what it does not know.
_LANG = Parameter("lang", parse_text, "text", description="zh or en")
EMBED = (*(one for one in VIEW if one.name != "lang"), _LANG, *OPTIONS)


def _room(name: str) -> Parameter[int]:
    return Parameter(
        name,
        whole_number(NARROWEST, WIDEST),
        f"a whole number of pixels from {NARROWEST} to {WIDEST}",
        {"type": "integer", "minimum": NARROWEST, "maximum": WIDEST},
        "Pixels that there is room for",
    )


def _address(text: str) -> str:
    if urlsplit(text).scheme not in ("http", "https"):
        raise ValueError
    return text


URL = Parameter(
    "url",
    _address,
    "an address that begins with http:// or https://",
    {"type": "string", "format": "uri"},
    "An address of this map",
    required=True,
)
OEMBED_FORMAT = Parameter(
    "format", choice("json", "xml"), "json, or xml, which is not offered",
    {"type": "string", "enum": ["json"]},
)  # fmt: skip
MAX_WIDTH, MAX_HEIGHT = _room("maxwidth"), _room("maxheight")
OEMBED = (URL, MAX_WIDTH, MAX_HEIGHT, OEMBED_FORMAT)


async def embed(call: CallDep) -> Response:
    """The map page for a frame. Whatever its address says is for the page's own script."""
    settings = call.site.settings
    policy = content_policy(settings.basemap, ancestors(settings.embed_origins))
    return await map_page(call, framed=True, headers={"Content-Security-Policy": policy})


async def element(call: CallDep) -> Response:
    """The module that makes <zone-atlas> known; asked for by pages of other origins."""
    read(call.query, ())
    return call.site.assets.files[ELEMENT_SCRIPT].answer(
        call.request, headers={"Cross-Origin-Resource-Policy": "cross-origin"}
    )


async def oembed(call: CallDep) -> Response:
    given = read(call.query, OEMBED)
    if given.get(OEMBED_FORMAT) == "xml":
        raise HTTPException(501, "oEmbed is offered as JSON only.")
    query = await shown(call, given.get(URL) or "")
    width = min(WIDTH, given.get(MAX_WIDTH) or WIDTH)
    height = min(HEIGHT, given.get(MAX_HEIGHT) or HEIGHT, max(NARROWEST, width * 3 // 4))
    zone = await call.look_up(lambda store: store.zone())
    lang = next((text for name, text in query if name == "lang"), "zh")
    title = next((text for name, text in query if name == "title"), zone.title.of(lang))
    address = f"{call.links.to('embed')}{'?' if query else ''}{urlencode(query, safe=',/')}"
    html = (
        f'<iframe src="{escape(address)}" title="{escape(title)}" width="{width}"'
        f' height="{height}" frameborder="0" loading="lazy" allow="fullscreen"></iframe>'
    )
    document = {
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": zone.title.of(lang),
        "provider_url": call.links.to(),
        "cache_age": 3600,
        "html": html,
        "width": width,
        "height": height,
    }
    return caching.answer(call.request, orjson.dumps(document), JSON)


async def shown(call: Call, address: str) -> list[tuple[str, str]]:
    """What the map at one of our addresses shows; 404 for any other address."""
    query = _ours(call.links, address)
    kind, _, rest = query.partition("?")
    if kind.startswith("s/"):
        found = await asyncio.to_thread(call.site.short_links.find, kind.removeprefix("s/"))
        kind, rest = ("", found) if found is not None else (kind, rest)
    if kind not in ("", "embed"):
        raise HTTPException(404, "This is no address of a map here.")
    known = {one.name for one in EMBED}
    return [(name, text) for name, text in pairs(rest.encode()) if name in known]


def _ours(links: Links, address: str) -> str:
    """What comes after our public address."""
    base = links.to()
    plain = urlsplit(address)._replace(fragment="").geturl()
    if plain == base.rstrip("/"):
        plain = base
    if not plain.startswith(base) or not plain.isascii():
        raise HTTPException(404, "This is no address of a map here.")
    return plain.removeprefix(base)


def ancestors(origins: Sequence[str]) -> str:
    """Who may frame the page, in the words of a content security policy; ourselves always may."""
    return "*" if "*" in origins else " ".join(["'self'", *origins])
