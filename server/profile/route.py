"""/profiles/{layer}/{feature}.pdf and .docx: one page about a feature, to be handed over."""

import asyncio
import re
from collections.abc import Callable, Mapping
from typing import Literal

from fastapi import Response

from layers.stores.store import Store
from server import caching
from server.attachments import attachment
from server.caching import Kept
from server.html_values import feature_name
from server.media import DOCX, PDF
from server.params import LANG, Table, pairs, read
from server.picture.image import SHARED, is_held, key_of, tag_of
from server.picture.parameters import SELECTED
from server.picture.wording import on_one_line
from server.profile.content import Profile, profile_of
from server.profile.document import profile_docx
from server.profile.sheet import profile_pdf
from server.site import Call, CallDep

PROFILE: Table = (LANG,)
PATH = "/profiles/{layer_id}/{feature_id}"

LONGEST_NAME = 80

Form = Literal["pdf", "docx"]
MEDIA_TYPES: Mapping[Form, str] = {"pdf": PDF, "docx": DOCX}
_WRITERS: Mapping[Form, Callable[[Profile], bytes]] = {
    "pdf": profile_pdf,
    "docx": profile_docx,
}


async def pdf(call: CallDep, layer_id: str, feature_id: str) -> Response:
    return await profile(call, layer_id, feature_id, "pdf")


async def docx(call: CallDep, layer_id: str, feature_id: str) -> Response:
    return await profile(call, layer_id, feature_id, "docx")


async def profile(call: Call, layer_id: str, feature_id: str, form: Form) -> Response:
    """UnknownLayer and UnknownFeature are 404."""
    given = read(call.query, PROFILE)
    lang = call.lang(given)
    address = live_address(call, layer_id, feature_id)
    key = key_of(call, given, f"profile {layer_id}/{feature_id}.{form} {address}")

    def look(store: Store) -> tuple[str, str]:
        layer = store.layer(layer_id)
        found = store.feature(layer_id, feature_id)
        return tag_of(call, store, key), feature_name(layer, found._asdict(), lang)

    tag, name = await call.look_up(look)
    headers = {
        **SHARED,
        **attachment(f"{layer_id}-{feature_id}", file_name(name), form),
        "Content-Language": lang,
    }
    if is_held(call, tag):
        return caching.not_modified(tag, {"Cache-Control": caching.REVALIDATE, **headers})

    async def make() -> Kept:
        found = await call.run(lambda _: profile_of(call, layer_id, feature_id, lang, address))
        return Kept(await asyncio.to_thread(_WRITERS[form], found), MEDIA_TYPES[form], tag)

    kept = await call.site.pictures.kept(key, tag, make)
    return kept.answer(call.request, headers=headers)


def live_address(call: Call, layer_id: str, feature_id: str) -> str:
    """Of the map with the feature selected; in the language that was asked for, if one was."""
    asked = {name: text for name, text in pairs(call.query) if name == LANG.name}
    return call.links.to(query={SELECTED.name: f"{layer_id}/{feature_id}", **asked})


def file_name(name: str) -> str:
    """A name as a file may have it: Windows takes none of these characters."""
    found = re.sub(r'[<>:"/\\|?*]', "_", on_one_line(name, LONGEST_NAME))
    return found.strip(" .") or "profile"
