"""Pictures over HTTP: what is refused, what is kept, and how many may be asked for."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import httpx
import numpy as np
import pytest
from lxml import etree
from PIL import Image

from tests.rows import first_quick, first_zone_quick
from tests.server.sites import Site, run_apart, until
from tests.server.svg_texts import drawn

XSS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "]]></style><svg onload=alert(1)>",
    "${alert(1)} {{7*7}} & &amp; \u202e \u200f 😀 \u2028",
    "名" * 200,
]
BROKEN = {
    "center": ["1", "a,b", "200,0", "0,89", "1,2,3", "nan,0"],
    "zoom": ["-1", "25", "x", "1e3", "nan"],
    "layers": ["nope", "a,,b", ","],
    "filter": ["", "nope = 1", "1 = ", "(" * 100],
    "q": ["", "x" * 201],
    "area": ["circle:1", "feature:nope/x", "box:1,2,3", "x"],
    "certainty": ["certain", "x"],
    "selected": ["x", "nope/x", "a/b/c"],
    "drawer": ["x"],
    "sort": ["", "-"],
    "table": ["nope", ""],
    "group": ["nope", ""],
    "sum": ["nope", "a,b"],
    "shade": ["0", "x"],
    "compare": ["x", "nope/x"],
    "basemap": ["nope"],
    "slides": [
        "x",
        "{}",
        "[]",
        "[1]",
        '[["a"]]',
        '[["a","b"]]',
        "[[1,{}]]",
        '[["a",{"zoom":9}]]',
    ],
    "theme": ["x", ""],
    "lang": ["de"],
    "width": ["99", "2001", "1.5", "x", ""],
    "height": ["99", "2001", "٣٠٠"],
    "scale": ["0", "4", "1.2", "x"],
    "legend": ["yes"],
    "credit": ["2"],
    "title": ["x" * 201],
    "nobody_knows": ["1"],
    "utm_source": ["x"],
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_refused_by_name(site: Site, name: str) -> None:
    for text in BROKEN[name]:
        answer = site.get("/image.png", params={name: text})
        assert answer.status_code == 400, (name, text)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["parameter"] == name
        assert problem["detail"]


def test_no_more_pixels_than_there_is_memory_for(bundled_site: Site) -> None:
    answer = bundled_site.get("/image.png", params={"width": 2000, "height": 2000, "scale": 2})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "scale"
    asked = {"width": 2000, "height": 2000, "scale": 3}
    assert bundled_site.get("/image.svg", params=asked).status_code == 200


@pytest.mark.parametrize("form", ["png", "webp"])
@first_zone_quick()
def test_pixels_are_as_many_as_asked_for(site: Site, form: str) -> None:
    asked = {"width": 500, "height": 400, "scale": "1.5"}
    answer = site.get(f"/image.{form}", params=asked)
    assert answer.headers["content-type"] == f"image/{form}"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    picture = Image.open(BytesIO(answer.content))
    assert picture.size == (750, 600)
    # Each pixel as one number, in which its last byte is the same everywhere.
    pixels = np.asarray(picture.convert("RGB").convert("RGBA")).view(np.uint32)
    colours, counts = np.unique(pixels, return_counts=True)
    assert len(colours) > 50
    assert counts.max() < 0.9 * 750 * 600


@first_zone_quick()
def test_light_and_dark_and_languages_differ(site: Site) -> None:
    asked = [{}, {"theme": "dark"}, {"lang": "en"}, {"lang": "zh"}]
    zh = {"Accept-Language": "zh"}
    found = [site.get("/image.png", params=one, headers=zh).content for one in asked]
    assert found[0] == found[3]
    assert len(set(found)) == 3


def test_it_is_known_by_its_tag_until_something_changes(folder_site: Site, folder: Any) -> None:
    first = folder_site.get("/image.png", params={"zoom": 5, "lang": "en"})
    again = folder_site.get("/image.png", params={"lang": "en", "zoom": 5})
    assert first.content == again.content
    tag = {"If-None-Match": first.headers["etag"]}
    same = folder_site.get("/image.png", params={"zoom": 5, "lang": "en"}, headers=tag)
    assert same.status_code == 304
    assert not same.content
    other = folder_site.get("/image.png", params={"zoom": 6, "lang": "en"}, headers=tag)
    assert other.status_code == 200
    path = folder / "places.geojson"
    path.write_text(path.read_text(encoding="utf-8").replace("Ash", "Elm"), encoding="utf-8")

    def changed() -> bool:
        params = {"zoom": 5, "lang": "en"}
        return folder_site.get("/image.png", params=params, headers=tag).status_code == 200

    until(changed)


@pytest.mark.slow
def test_fifty_at_once_are_all_answered(made_up_site: Site) -> None:
    """More than are made at a time; the same one asked for twice is one picture."""

    async def ask() -> None:
        async with httpx.AsyncClient(base_url=made_up_site.url, timeout=120) as client:
            sizes = [300 + n // 2 for n in range(50)]
            asked = [client.get("/image.png", params={"width": one}) for one in sizes]
            answers = await asyncio.gather(*asked)
        assert {one.status_code for one in answers} == {200}
        assert len({one.content for one in answers}) == 25

    run_apart(ask)


@pytest.mark.slow
def test_more_than_can_wait_are_told_to_come_again(made_up_site: Site) -> None:
    async def ask() -> list[httpx.Response]:
        free = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=made_up_site.url, timeout=120, limits=free) as client:
            sizes = [{"width": 101 + n, "height": 100} for n in range(200)]
            return await asyncio.gather(*(client.get("/image.svg", params=one) for one in sizes))

    def check() -> None:
        answers = asyncio.run(ask())
        assert {one.status_code for one in answers} <= {200, 503}
        assert sum(one.status_code == 200 for one in answers) >= 64
        assert all(one.headers["retry-after"] for one in answers if one.status_code == 503)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(check).result()


@pytest.mark.parametrize("text", first_quick(2, XSS))
def test_nothing_of_what_people_write_is_markup(made_up_site: Site, text: str) -> None:
    for asked in ({"title": text}, {"q": text}):
        root = drawn(made_up_site, width=1000, **asked)
        names = {etree.QName(one).localname for one in root.iter() if isinstance(one.tag, str)}
        assert names <= {"svg", "title", "style", "path", "text", "clipPath", "g", "a", "rect"}
        for one in root.iter():
            assert not any(name.lower().startswith("on") for name in one.attrib)
            assert not (one.get("href") or "").startswith("javascript:")
