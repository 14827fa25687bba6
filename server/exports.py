"""Long downloads over HTTP: POST the address of a download, look how far it is, fetch the file."""

from datetime import UTC, datetime
from typing import Any

import orjson
from fastapi import Response
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from layers.errors import StoreReadOnly
from layers.stores.store import Reading
from server.background import Export
from server.downloads import named
from server.errors import problem
from server.links import Links
from server.media import JSON
from server.order import content_of, order_of
from server.params import Given, read
from server.rate import TooMany
from server.site import Call, CallDep

NOT_KEPT = {"Cache-Control": "no-store"}


async def begin(call: CallDep, layer_id: str, extension: str) -> Response:
    """202 with the address that says how far it is."""
    settings, store = call.site.settings, call.store
    order = order_of(layer_id, extension, call.query, call.lang(Given({})), settings)
    exports = call.site.exports
    if not exports.offered(store):
        raise StoreReadOnly("This store is read only: nothing is kept here; GET the same address.")

    def look(_: Reading) -> tuple[int, int, dict[str, str]]:
        content = content_of(call.source(order.lang), order)
        for part in content.parts:
            next(part.batches(), None)  # an order that a layer does not have is refused now
        return content.count(), content.placeless(), named(store, order)

    count, placeless, headers = await call.run(look)
    try:
        export = await exports.start(
            call.source(order.lang),
            order,
            headers["Content-Disposition"],
            (count, placeless),
            call.request.state.caller,
        )
    except TooMany as error:
        return problem(429, str(error), {"Retry-After": str(error.seconds)})
    here = call.links.to("exports", export.id)
    return Response(
        orjson.dumps(document(export, call.links)), 202, {**NOT_KEPT, "Location": here}, JSON
    )


async def state(call: CallDep, export_id: str) -> Response:
    export = found(call, export_id)
    return Response(orjson.dumps(document(export, call.links)), 200, NOT_KEPT, JSON)


async def file(call: CallDep, export_id: str) -> Response:
    export = found(call, export_id)
    if export.state != "ready":
        return problem(409, f"This export is {export.state}: it has no file.")
    headers = {**NOT_KEPT, "Content-Disposition": export.disposition}
    path = call.site.exports.path(export)
    return FileResponse(path, headers=headers, media_type=export.media_type)


async def remove(call: CallDep, export_id: str) -> Response:
    """It ends if it is still written, and its file goes."""
    await call.site.exports.remove(found(call, export_id).id)
    return Response(None, 204, NOT_KEPT)


def found(call: Call, export_id: str) -> Export:
    read(call.query, ())
    export = call.site.exports.find(export_id)
    if export is None:
        raise HTTPException(404, "There is no such export; exports are kept for a day.")
    return export


def document(export: Export, links: Links) -> dict[str, Any]:
    here = ("exports", export.id)
    found: dict[str, Any] = {
        "state": export.state,
        "written": export.written,
        "numberMatched": export.total,
        "withoutGeometry": export.placeless,
        "expires": datetime.fromtimestamp(export.expires, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "links": [{"rel": "self", "href": links.to(*here), "type": JSON}],
    }
    if export.state == "ready":
        found["size"] = export.size
        href = links.to(*here, "file")
        found["links"].append({"rel": "enclosure", "href": href, "type": export.media_type})
    if export.reason:
        found |= {"reason": export.reason, "detail": export.detail}
    return found
