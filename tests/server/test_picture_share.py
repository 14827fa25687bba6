"""What a view is shared with: QR codes, the press kit, and the picture beside a link."""

from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from zipfile import ZipFile

import numpy as np
import orjson
import pytest
import segno
from lxml import etree, html
from PIL import Image

from server.hosts import parse_public_url
from tests.rows import first_zone_quick
from tests.server.sites import Site, serving, until

LONG = {"filter": "bezeichnung IN ({})".format(",".join(f"'name {n}'" for n in range(60)))}


def modules(picture: bytes) -> list[list[int]]:
    """The code in a picture, module by module, without its quiet zone."""
    grey = np.asarray(Image.open(BytesIO(picture)).convert("L"))
    rows = (grey[4::8, 4::8] < 128).astype(int)
    assert not rows[:4].any()
    assert not rows[:, :4].any()
    return [row.tolist() for row in rows[4:-4, 4:-4]]


def code(address: str) -> list[list[int]]:
    made = segno.make_qr(address, error="m", boost_error=False)
    return [list(row) for row in made.matrix]


def test_the_code_holds_the_address_of_the_view(site: Site) -> None:
    asked = {"zoom": "9", "theme": "dark", "q": "园 & <b>"}
    # Words are looked for when they have been read, which is said by 503 until then.
    until(lambda: site.get("/qr.png", params=asked).status_code != 503)
    answer = site.get("/qr.png", params=asked)
    assert answer.headers["content-type"] == "image/png"
    assert modules(answer.content) == code(f"{site.url}/?{urlencode(asked, safe=',/')}")
    assert modules(site.get("/qr.png").content) == code(f"{site.url}/")
    drawn = etree.fromstring(site.get("/qr.svg", params=asked).content)
    assert drawn.tag == "{http://www.w3.org/2000/svg}svg"


def test_a_long_address_becomes_a_short_link(made_up_site: Site) -> None:
    code_of = made_up_site.get("/qr.png", params=LONG)
    assert code_of.status_code == 200
    short = made_up_site.client.post("/", params=LONG).json()["href"]
    assert modules(code_of.content) == code(short)
    followed = made_up_site.get(short)
    assert dict(parse_qsl(urlsplit(followed.headers["location"]).query)) == LONG


@pytest.mark.parametrize("address", ["/qr.png", "/qr.svg", "/presskit.zip"])
def test_what_is_no_view_has_no_code(site: Site, address: str) -> None:
    for name, text in {"zoom": "x", "layers": "nope", "filter": "1=", "width": "800"}.items():
        answer = site.get(address, params={name: text})
        assert answer.status_code == 400
        assert answer.json()["parameter"] == name


@pytest.fixture(scope="module")
def kit(bundled_site: Site) -> dict[str, bytes]:
    answer = bundled_site.get("/presskit.zip", params={"lang": "zh"})
    assert answer.headers["content-type"] == "application/zip"
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_press_kit_has_what_articles_ask_for(kit: dict[str, bytes]) -> None:
    pictures = {name for name in kit if name.endswith(".png") and name != "qr.png"}
    assert {Image.open(BytesIO(kit[name])).size for name in pictures} == {
        (1600, 900), (1200, 900), (1080, 1080), (1200, 630),
    }  # fmt: skip
    [vectors] = (body for name, body in kit.items() if name.endswith(".svg"))
    assert etree.fromstring(vectors).get("width") == "1600"


def test_its_caption_says_what_is_known(bundled_site: Site, kit: dict[str, bytes]) -> None:
    zone = bundled_site.catalog.store.zone()
    text = kit["caption.txt"].decode("utf-8-sig")
    link = kit["link.txt"].decode().strip()
    assert link == f"{bundled_site.url}/?lang=zh"
    assert modules(kit["qr.png"]) == code(link)
    for lang in ("zh", "en"):
        assert zone.title.of(lang) in text
        assert zone.credit.of(lang) in text
        assert zone.count_note.of(lang) in text
    assert text.count(link) == 2
    assert "来源：" in text
    assert "Sources:" in text
    assert "日期未注明" in text
    on = [one.id for one in bundled_site.catalog.store.layers() if one.visible]
    matches = bundled_site.json("/matches")["layers"]
    shown = sum(one["matched"] for one in matches if one["id"] in on)
    assert f"图上{shown}项" in text
    described = kit["alt.txt"].decode("utf-8-sig")
    assert f"图上{shown}项" in described
    assert f"{shown} on the map" in described


@pytest.mark.slow
def test_the_same_kit_is_the_same_bytes(made_up_site: Site) -> None:
    first = made_up_site.get("/presskit.zip", params={"lang": "en"})
    with serving(
        made_up_site.catalog, public_url=parse_public_url(f"{made_up_site.url}/")
    ) as other:
        again = other.get("/presskit.zip", params={"lang": "en"})
    assert first.content == again.content
    tag = {"If-None-Match": first.headers["etag"]}
    same = made_up_site.get("/presskit.zip", params={"lang": "en"}, headers=tag)
    assert same.status_code == 304


def tags(site: Site, address: str = "/", **headers: str) -> dict[str, str]:
    root = html.fromstring(site.page(address, **headers).content)
    found: dict[str, Any] = {
        one.get("property") or one.get("name"): one.get("content") for one in root.iter("meta")
    }
    return found


@first_zone_quick()
def test_a_link_to_the_map_brings_its_picture(site: Site) -> None:
    zone = site.catalog.store.zone()
    for lang, locale in {"zh": "zh_CN", "en": "en_GB"}.items():
        found = tags(site, f"/?lang={lang}")
        assert found["og:title"] == zone.title.of(lang)
        assert found["og:locale"] == locale
        assert found["twitter:card"] == "summary_large_image"
        assert found["og:url"] == f"{site.url}/?lang={lang}"
        assert found["og:image"].startswith(f"{site.url}/image.png?")
        answer = site.get(found["og:image"])
        size = Image.open(BytesIO(answer.content)).size
        assert size == (int(found["og:image:width"]), int(found["og:image:height"]))


def test_the_picture_is_that_of_the_view_alone(site: Site) -> None:
    asked = {"zoom": "9", "theme": "dark", "title": "x", "utm_source": "y", "nope": "<b>"}
    found = tags(site, f"/?{urlencode({**asked, 'center': 'broken', 'q': '</head><b>'})}")
    query = dict(parse_qsl(urlsplit(found["og:image"]).query))
    size = {"lang", "width", "height", "scale"}
    assert {name: text for name, text in query.items() if name not in size} == {
        "zoom": "9", "theme": "dark", "q": "</head><b>",
    }  # fmt: skip
    page = site.page(f"/?{urlencode({'q': '</head><b>'})}").text
    assert "</head><b>" not in page


def test_the_picture_of_a_link_has_only_what_is_drawn(site: Site) -> None:
    """A link with forty slides has a short address for its picture, which is the same picture."""
    layer = site.of_role("sites")[0].id
    area = f"{site.of_role('areas')[0].id}/{site.feature_of(site.of_role('areas')[0].id)}"
    number = next(
        field.name
        for one in site.of_role("sites")
        for field in one.schema.fields
        if field.type in ("integer", "number")
    )
    slides = orjson.dumps([["slide " * 9, {"zoom": "9"}]] * 40).decode()
    more = {
        "slides": slides, "drawer": "compare", "table": layer, "sort": "-id", "sum": number,
        "compare": f"{area},{area}",
    }  # fmt: skip
    asked = {"zoom": "9", "layers": layer, "theme": "dark"}
    found = tags(site, f"/?{urlencode({**asked, **more, 'certainty': 'certain'})}")
    query = dict(parse_qsl(urlsplit(found["og:image"]).query))
    size = {name: query.pop(name) for name in ("lang", "width", "height", "scale")}
    assert query == asked
    assert len(found["og:image"]) < 200
    assert dict(parse_qsl(urlsplit(found["og:url"]).query))["slides"] == slides
    short = site.get("/image.svg", params={**asked, "lang": size["lang"]})
    whole = site.get("/image.svg", params={**asked, **more, "lang": size["lang"]})
    assert short.status_code == whole.status_code == 200
    assert short.content == whole.content
    shaded = tags(site, f"/?{urlencode({'shade': '1', 'sum': number})}")
    assert f"sum={number}" in shaded["og:image"]


def test_pages_of_the_same_view_are_kept(site: Site) -> None:
    first = site.page("/?zoom=9")
    assert first.headers["etag"] == site.page("/?zoom=9").headers["etag"]
    tag = {"If-None-Match": first.headers["etag"]}
    assert site.page("/?zoom=9", **tag).status_code == 304
    assert "<!-- preview -->" not in first.text


def test_a_page_in_a_frame_has_none(site: Site) -> None:
    assert not any(name and name.startswith("og:") for name in tags(site, "/embed"))


def test_addresses_are_public_ones(bundled_site: Site) -> None:
    with serving(
        bundled_site.catalog, public_url=parse_public_url("https://maps.example.org/atlas/")
    ) as site:
        found = tags(site, "/?zoom=9")
        assert found["og:url"] == "https://maps.example.org/atlas/?zoom=9"
        assert found["og:image"].startswith("https://maps.example.org/atlas/image.png?zoom=9&")
        assert modules(site.get("/qr.png").content) == code("https://maps.example.org/atlas/")
