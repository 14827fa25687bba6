"""The page's HTML: our own template around the element that folium drew."""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import orjson
from markupsafe import Markup

from server.assets import Assets
from server.caching import Kept
from server.media import HTML
from server.scene import Scene

TEMPLATES = Path(__file__).parent / "templates"


@cache
def templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,  # new templates go with new code, at the next start
    )


def words_of(assets: Assets, lang: str) -> Mapping[str, str]:
    words: Mapping[str, str] = orjson.loads(assets.files[f"text/{lang}.json"].body)
    return words


def page_html(
    scene: Scene,
    element: str,
    script_tag: str,
    assets: Assets,
    lang: str,
    framed: Sequence[str] | None = None,
) -> Kept:
    """`framed`: for pages of others, the origins that it exchanges messages with."""
    html = (
        templates()
        .get_template("page.html")
        .render(
            **_said(scene, element, assets, lang),
            framed=framed,
            is_file=False,
            asset=lambda name: scene.base + assets.path(name),
            map_script=f"{scene.base}map-{script_tag}.js",
            description=scene.zone.description.of(lang) or scene.zone.full_name.of(lang),
            words_url=scene.config["text"][lang],
        )
    )
    return Kept(html.encode(), HTML)


def body_html(scene: Scene, element: str, assets: Assets, lang: str, live: str | None) -> str:
    """What a map that is a file has in the place of the page's body; `live`: of the same map."""
    said = _said(scene, element, assets, lang)
    template = templates().get_template("map.html")
    return template.render(**said, framed=None, is_file=True, live=live)


def _said(scene: Scene, element: str, assets: Assets, lang: str) -> dict[str, Any]:
    return {
        "lang": lang,
        "other": "zh" if lang == "en" else "en",
        "words": words_of(assets, lang),
        "base": scene.base,
        # folium's own output: an element whose values folium's template has escaped
        "element": Markup(element),
        "title": scene.title.of(lang),
        "subtitle": scene.zone.subtitle.of(lang),
        "credit": scene.zone.credit.of(lang),
        "headline": [one.text.of(lang) for one in scene.zone.headline],
        "layers": scene.layers,
    }
