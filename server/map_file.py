"""The map of a view as one HTML file, over HTTP."""

from fastapi import Response

from layers.stores.store import Reading
from server import caching
from server.attachments import attachment
from server.caching import Kept
from server.media import HTML
from server.params import read
from server.scene import scene_key
from server.site import CallDep
from server.version import VERSION
from server.view_params import FILE_VIEW

SECONDS = 60.0


async def map_file(call: CallDep) -> Response:
    given = read(call.query, FILE_VIEW)
    call.must_accept(HTML)
    site, lang = call.site, call.lang(given)
    key = f"file {lang} {call.links.base} {call.query.decode('ascii', 'replace')}"

    def look(_: Reading) -> tuple[str, str, str]:
        zone = call.store.zone()
        tag = caching.digest(VERSION, site.assets.hash, key, scene_key(call.store))
        return tag, zone.id, zone.title.of(lang)

    tag, name, title = await site.pool.run(look)
    told = {"Content-Language": lang, "Vary": caching.VARIES, **attachment(name, title, "html")}
    async with site.shelf.lock(key):
        found = site.shelf.find(key, tag)
        if found is None:

            def write(_: Reading) -> Kept:
                source = call.source(lang)
                return Kept(site.one_file.html(source, given, call.query, lang), HTML, tag)

            found = await call.run(write, seconds=SECONDS, whoever=True)
            site.shelf.put(key, tag, found)
    return found.answer(call.request, headers=told)
