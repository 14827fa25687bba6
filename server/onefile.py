"""The map of a view as one HTML file, which opens from a disk and asks nobody for anything.

It is the page itself: its modules as one script, its sheets as one, and beside them what the server
would answer: the words, the features, and what the view asks that the page cannot find out.
"""

import base64
import hashlib
import re
import string
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import orjson
from markupsafe import Markup

from layers.errors import TooManyFeatures
from layers.model import LANGUAGES, Lang, Query
from layers.stores.store import Store
from server.assets import LEAFLET, Assets
from server.joined import joined_script, joined_sheets
from server.known import known
from server.packed import packed
from server.page import body_html, templates, words_of
from server.pages import draw, import_maps
from server.params import LANG, Given, pairs, read
from server.scene import file_scene
from server.source import Source
from server.view_params import FILE_VIEW

if TYPE_CHECKING:
    from server.maps import ZoneMap

MOST = 50_000  # features that a browser still opens from one file within seconds
ENTRY = "file.js"
LEAFLET_SHEET = "vendor/leaflet/leaflet.css"
SHEET = "file.css"  # what is not shown in a file
TAGS = {"zh": "zh-CN", "en": "en"}
# Leaflet's pictures of controls and markers that this page has not, and the map of its source.
_PICTURE = re.compile(r"url\(images/[^)]*\)")
_SOURCE_MAP = re.compile(r"//# sourceMappingURL=\S*")
_ENDS_ITSELF = re.compile(r"</script|</style|<!--", re.IGNORECASE)


class OneFile:
    """Writes such files; what is the same in all of them is put together once."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        own = {name: one.body.decode() for name, one in assets.files.items() if "/" not in name}
        leaflet, sheet = (assets.files[one].body.decode() for one in (LEAFLET, LEAFLET_SHEET))
        self._sheets = [_inline(_PICTURE.sub("none", sheet)), joined_sheets(own) + own[SHEET]]
        self._theme, self._unfold = own["theme.js"], own["unfold.js"]
        self._leaflet = _inline(_SOURCE_MAP.sub("", leaflet))
        self._page = _inline(joined_script(own, ENTRY))

    def of_view(self, source: Source, view: str, lang: Lang | None = None) -> bytes:
        """`view`: the parameters of an address of the page, however they are spelled."""
        query = quote(view.removeprefix("?"), safe=string.punctuation).encode()
        return self.html(source, read(query, FILE_VIEW), query, lang)

    def html(
        self,
        source: Source,
        given: Given,
        query: bytes,
        lang: Lang | None = None,
        chart: "ZoneMap | None" = None,
    ) -> bytes:
        """`given`: what the query means; `lang`: what it opens in, unless the query says that.

        `chart`: the map in that language, with whatever its maker has added to it.
        """
        lang = given.get(LANG) or lang or LANGUAGES[0]
        view = urlencode([one for one in pairs(query) if one[0] != LANG.name], safe=",/:'()")
        check_size(source.store)
        assets, public = self._assets, source.settings.public_url
        scene, maps = file_scene(source.store, source.settings), import_maps()
        bodies, map_script = [], ""
        for one in sorted(LANGUAGES, key=lambda one: one != lang):
            element, script = chart.parts() if chart and one == lang else draw(maps, scene, one)
            map_script = map_script or script
            html = body_html(scene, element, assets, one, f"{public}/" if public else None)
            bodies.append({"tag": TAGS[one], "title": scene.title.of(one), "html": Markup(html)})
        scripts = [self._unfold, self._leaflet, map_script, self._page]
        answers = held(source, assets, given)
        page = (
            templates()
            .get_template("onefile.html")
            .render(
                view=view,
                policy=policy([self._theme, *scripts], self._sheets),
                bodies=bodies,
                noscript=words_of(assets, lang)["file.noscript"],
                sheets=[Markup(one) for one in self._sheets],
                theme=Markup(self._theme),
                held=[(name, Markup(json_text(one))) for name, one in answers],
                scripts=[Markup(one) for one in scripts],
            )
        )
        return page.encode()


def check_size(store: Store) -> None:
    count = sum(store.count(layer.id, Query()) for layer in store.layers())
    if count > MOST:
        raise TooManyFeatures(count, MOST)


def held(source: Source, assets: Assets, given: Given) -> Iterator[tuple[str, object]]:
    """What the page asks for, by the names that it asks by (static/offline.js)."""
    for lang in LANGUAGES:
        yield f"words/{lang}", words_of(assets, lang)
    for layer in source.store.layers():
        yield f"features/{layer.id}", packed(source.store, layer)
    yield "known", known(source, given)


def policy(scripts: Iterable[str], sheets: Iterable[str]) -> str:
    """Nothing from anywhere, and of what stands in the file only this."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(_digest, scripts))}",
            f"style-src {' '.join(map(_digest, sheets))}",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def json_text(value: object) -> str:
    """JSON that cannot end the element it stands in."""
    return orjson.dumps(value).decode().replace("<", "\\u003c")


def _inline(text: str) -> str:
    """As a browser reads it, which knows one end of a line."""
    if ends := _ENDS_ITSELF.search(text):
        raise ValueError(f"{ends[0]} in what is to stand in a page")
    return text.replace("\r\n", "\n")
