"""The map page and the files it loads, over HTTP."""

from collections.abc import Mapping

from fastapi import Response
from starlette.exceptions import HTTPException

from layers.model import LANGUAGES
from server.caching import IMMUTABLE, VARIES
from server.params import LANG, Given, view
from server.preview import tags
from server.site import Call, CallDep

LONGEST_TOLD = 2_000


async def map_page(
    call: Call, framed: bool = False, headers: Mapping[str, str] | None = None
) -> Response:
    """The map; whatever its address says beside the language is for the page's own script.

    `framed` is the page that stands in pages of others.
    """
    asked = view(call.query).get(LANG.name)
    lang = next((one for one in LANGUAGES if one == asked), None) or call.lang(Given({}))
    page = (await call.site.pages.current()).html[lang, framed]
    if not framed:
        zone = await call.look_up(lambda store: store.zone())
        page = call.site.previews.page(page, tags(call.links, zone, lang, call.query))
    told = {"Content-Language": lang, "Vary": VARIES, **(headers or {})}
    query = call.query.decode("ascii", "replace")
    if len(query) < LONGEST_TOLD:
        # Whoever makes previews of pages learns here how this one is put into a page.
        here = f"{call.links.to(*(['embed'] if framed else []))}{'?' if query else ''}{query}"
        address = call.links.to("oembed", query={"url": here})
        told["Link"] = f'<{address}>; rel="alternate"; type="application/json+oembed"'
    return page.answer(call.request, headers=told)


async def map_script(call: CallDep, hash: str) -> Response:
    script = await call.site.pages.script(hash)
    if script is None:
        raise HTTPException(404)
    return script.answer(call.request, IMMUTABLE)


async def asset(call: CallDep, hash: str, path: str) -> Response:
    found = call.site.assets.find(hash, path)
    if found is None:
        raise HTTPException(404)
    return found.answer(call.request, IMMUTABLE)


async def no_icon() -> Response:
    """Browsers ask for it unbidden; the page names its own icon."""
    return Response(None, 204, {"Cache-Control": "max-age=86400"})
