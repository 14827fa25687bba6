"""The layers as Esri's clients ask for them: a feature service, for reading only.

Errors are problem documents with Esri's `error` beside, under the status that says what happened:
one document for both kinds of clients. Esri's own servers answer errors with 200.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import FastAPI, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from layers.errors import AtlasError
from layers.stores.store import Reading
from server import caching, esri_answers, esri_documents, esri_query
from server.errors import on_http_error, problem_of
from server.esri_layers import STEP, Published, of_layer, published
from server.gate import LONGEST_BODY
from server.media import FORM, GEOJSON, JSON, PROBLEM
from server.params import Given, Parameter, UnknownParameter, pairs, read
from server.site import Call, CallDep

BODY_SECONDS = 10.0
READ = ["GET", "HEAD", "POST"]
DOCUMENT: tuple[Parameter[Any], ...] = (
    esri_query.one_of("f", "json", "pjson", "html"),
    esri_query.LANG,
    *(Parameter(name, str, "anything") for name in ("token", "_", "returnDomainNames")),
)
QUERY = (
    *esri_query.HONOURED,
    *esri_query.REFUSED,
    *(Parameter(name, str, "anything") for name in esri_query.IGNORED),
)

Json = dict[str, Any]


def add_routes(app: FastAPI) -> None:
    service = "/rest/services/{zone_id}/FeatureServer"
    for path, endpoint in (
        ("/rest/info", info),
        ("/rest/services", catalog),
        (service, whole_service),
        (f"{service}/layers", layers),
        (f"{service}/{{number}}", layer),
        (f"{service}/{{number}}/query", query),
    ):
        app.add_api_route(path, endpoint, methods=READ, response_model=None)


async def info(call: CallDep) -> Response:
    async def work() -> Response:
        given = read_known(await whole_query(call), DOCUMENT)
        return await sent(call, written(given, esri_documents.info_document()))

    return await said(call, work)


async def catalog(call: CallDep) -> Response:
    async def work() -> Response:
        given = read_known(await whole_query(call), DOCUMENT)
        zone = await call.look_up(lambda store: store.zone())
        return await sent(call, written(given, esri_documents.catalog_document(zone)))

    return await said(call, work)


async def whole_service(call: CallDep, zone_id: str) -> Response:
    return await described(
        call,
        zone_id,
        lambda found, lang: esri_documents.service_document(
            call.store, call.store.zone(), found, call.site.settings, lang
        ),
    )


async def layers(call: CallDep, zone_id: str) -> Response:
    def document(found: list[Published], lang: str) -> Json:
        settings = call.site.settings
        each = [esri_documents.layer_document(call.store, one, settings, lang) for one in found]
        return {"layers": each, "tables": []}

    return await described(call, zone_id, document)


async def layer(call: CallDep, zone_id: str, number: str) -> Response:
    async def work() -> Response:
        given = read_known(await whole_query(call), DOCUMENT)
        lang = call.lang(given)

        def document(_: Reading) -> Json:
            one = numbered(call, zone_id, number)
            return esri_documents.layer_document(call.store, one, call.site.settings, lang)

        return await sent(call, written(given, await call.site.pool.run(document, call.request)))

    return await said(call, work)


async def query(call: CallDep, zone_id: str, number: str) -> Response:
    async def work() -> Response:
        given = read_known(await whole_query(call), QUERY)
        lang = call.lang(given)

        def body(reading: Reading) -> tuple[bytes, str]:
            one = numbered(call, zone_id, number)
            asked = esri_query.wanted(one, given, call.site.settings)
            return written(given, esri_answers.answer(call.store, reading, one, given, asked, lang))

        return await sent(call, await call.site.pool.run(body, call.request))

    return await said(call, work)


async def described(
    call: Call, zone_id: str, document: Callable[[list[Published], str], Json]
) -> Response:
    async def work() -> Response:
        given = read_known(await whole_query(call), DOCUMENT)
        lang = call.lang(given)

        def find(_: Reading) -> Json:
            check_zone(call, zone_id)
            return document(published(call.store, call.site.remembered), lang)

        return await sent(call, written(given, await call.site.pool.run(find, call.request)))

    return await said(call, work)


def numbered(call: Call, zone_id: str, number: str) -> Published:
    """Only the layer that is asked for gets looked at."""
    check_zone(call, zone_id)
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else -1
    for layer_id, own in call.store.numbers().items():
        if own == wanted % STEP:
            found = of_layer(call.store, call.store.layer(layer_id), own, call.site.remembered)
            for one in found:
                if one.number == wanted:
                    return one
    raise HTTPException(404, "There is no such layer in this service.")


def check_zone(call: Call, zone_id: str) -> None:
    if zone_id != call.store.zone().id:
        raise HTTPException(404, "There is no such service.")


async def whole_query(call: Call) -> bytes:
    """The parameters of the address, and those of a form."""
    if call.request.method != "POST":
        return call.query
    media_type = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in ("", FORM):
        raise HTTPException(415, f"A query is sent as {FORM}.")
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in call.request.stream():
                body += chunk
                if len(body) > LONGEST_BODY:
                    raise HTTPException(413, f"The body is longer than {LONGEST_BODY} bytes.")
    except TimeoutError:
        raise HTTPException(408, "The form did not arrive in time.") from None
    except ClientDisconnect:
        raise HTTPException(400, "The form was not sent whole.") from None
    return b"&".join(part for part in (call.query, bytes(body)) if part)


def read_known(query: bytes, parameters: tuple[Parameter[Any], ...]) -> Given:
    """Empty values ask for nothing, whatever they are called: clients send whole forms.

    Names count in any case.
    """
    names = {one.name.lower(): one.name for one in parameters}
    given = []
    for name, text in pairs(query):
        if not text.strip(" "):
            continue
        if name.lower() not in names:
            raise UnknownParameter(name, text, [one.name for one in parameters])
        given.append((names[name.lower()], text))
    return read(urlencode(given).encode("ascii"), parameters)


def written(given: Given, document: Json) -> tuple[bytes, str]:
    """The body of an answer and its media type."""
    form = given.get(esri_query.FORMAT) or "json"
    pretty = orjson.OPT_INDENT_2 if form in ("pjson", "html") else 0
    media_type = GEOJSON if document.get("type") == "FeatureCollection" else JSON
    return orjson.dumps(document, option=pretty | orjson.OPT_SERIALIZE_NUMPY), media_type


async def sent(call: Call, body: tuple[bytes, str]) -> Response:
    """Packed aside: nobody else has to wait for that."""
    return await asyncio.to_thread(caching.answer, call.request, *body)


async def said(call: Call, work: Callable[[], Awaitable[Response]]) -> Response:
    """The answer, or what is wrong said to both kinds of clients."""
    try:
        return await work()
    except AtlasError as error:
        answer = problem_of(error)
    except HTTPException as error:
        answer = await on_http_error(call.request, error)
    document = orjson.loads(answer.body)
    facts = [f"{name}: {document[name]}" for name in ("parameter", "allowed") if name in document]
    told = {"code": document["status"], "message": document["detail"], "details": facts}
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("content-length", "content-type")
    }
    body = orjson.dumps({**document, "error": told})
    return Response(body, answer.status_code, headers, PROBLEM)
