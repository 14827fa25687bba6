"""The map page and the files it loads, over HTTP."""

from fastapi import Response
from starlette.exceptions import HTTPException

from layers.model import LANGUAGES
from server.caching import IMMUTABLE, VARIES
from server.params import LANG, Given, view
from server.site import Call, CallDep


async def map_page(call: Call) -> Response:
    """The map; whatever its address says beside the language is for the page's own script."""
    asked = view(call.query).get(LANG.name)
    lang = next((one for one in LANGUAGES if one == asked), None) or call.lang(Given({}))
    page = (await call.site.pages.current()).html[lang]
    return page.answer(call.request, headers={"Content-Language": lang, "Vary": VARIES})


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
