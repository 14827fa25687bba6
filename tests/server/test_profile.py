"""One page about a feature or a district: what it says, what it never says, and that it is one."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import docx
import httpx
import pypdfium2 as pdfium
import pytest
import shapely
from docx.document import Document
from docx.oxml.ns import qn
from lxml import etree
from PIL import Image
from starlette.requests import Request

from layers.catalog import Catalog
from layers.model import Feature, Layer, Query
from server.app import make_site
from server.assets import read_assets
from server.figures import figure_text, figures_of, is_joint
from server.hosts import parse_public_url
from server.html_values import decimal, facts_of, position, text_of_role
from server.links import Links
from server.page import words_of
from server.picture.colours import STATIC
from server.profile.content import SAID_APART, Profile, profile_of
from server.profile.document import SPARE, fitted
from server.profile.fitting import Fitting
from server.profile.layout import HEIGHT
from server.settings import Settings
from server.site import Call
from tests.server.sites import Site, serving, serving_folder

W = qn("w:t").removesuffix("t")
LANGS = ("zh", "en")
# A layer of more is looked at by its first ones.
MOST = 60


class Page(NamedTuple):
    """A profile's text without any white space, for lines may end anywhere; and its pages."""

    text: str
    pages: int


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def got(site: Site, key: str, form: str, lang: str = "zh") -> httpx.Response:
    answer = site.get(f"/profiles/{key}.{form}", params={"lang": lang})
    assert answer.status_code == 200, (key, answer.text)
    return answer


def pdf(site: Site, key: str, lang: str = "zh") -> Page:
    with pdfium.PdfDocument(got(site, key, "pdf", lang).content) as opened:
        texts = [page.get_textpage().get_text_range() for page in opened]
    return Page(squeezed("".join(texts)), len(texts))


def word(site: Site, key: str, lang: str = "zh") -> Document:
    return docx.Document(BytesIO(got(site, key, "docx", lang).content))


def written(document: Document) -> str:
    """All of its text, the footer's too."""
    [section] = document.sections
    parts = [document.element.body, section.footer._element]
    return squeezed("".join(one.text or "" for part in parts for one in part.iter(f"{W}t")))


def features(site: Site) -> Iterator[tuple[Layer, Feature]]:
    store = site.catalog.store
    for layer in store.layers():
        for feature in store.features(layer.id, Query(limit=MOST)):
            yield layer, feature


def some(site: Site) -> list[tuple[Layer, Feature]]:
    """One of each layer, and one of each way of placing."""
    found: dict[object, tuple[Layer, Feature]] = {}
    for layer, feature in features(site):
        field = layer.schema.with_role("placement")
        placement = field and feature.properties[field.name]
        if (placement,) not in found or layer.id not in found:
            found[layer.id] = found[(placement,)] = (layer, feature)
    return list({id(one): one for one in found.values()}.values())


def key_of(layer: Layer, feature: Feature) -> str:
    return f"{layer.id}/{feature.id}"


class Desk:
    """Profiles made as a request makes them, but not written."""

    def __init__(self, catalog: Catalog, folder: Path) -> None:
        site = make_site(catalog, Settings(data_dir=folder))
        self.call = Call(Request({"type": "http"}), site, Links("http://127.0.0.1:8000"))

    def profile(self, layer: str, feature: str, lang: Any) -> Profile:
        with self.call.store.reading():
            return profile_of(self.call, layer, feature, lang, "http://127.0.0.1:8000/?a=b")


def overflow(profile: Profile) -> dict[str, float]:
    """By how much each of the two is higher than its page; the document for letters of any font."""
    sheet, document = Fitting(profile).fit(), fitted(profile)
    assert sheet.map_height >= 160
    return {"pdf": sheet.height - HEIGHT, "docx": document.height + SPARE - HEIGHT}


# --- one page --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_each_feature_fits_its_page(site: Site, tmp_path: Path, lang: str) -> None:
    desk = Desk(site.catalog, tmp_path)
    for layer, feature in features(site):
        over = overflow(desk.profile(layer.id, feature.id, lang))
        assert max(over.values()) <= 0.01, (layer.id, feature.id, over)


LONG = "很长的一句话，" * 1500
EVIL = (
    LONG,
    "word " * 2000,
    "x" * 10_000,
    "\u202e\u200f مرحبا \u202c 😀👩‍👩‍👧 \u2028 \ufffe \ufdd0",
    "\x01\x02\x1b[31m & <w:p> ]]> </w:t> \"'",
    "&#0; \r\n\t {name} ${x}",
    "Z̷a̷l̷g̷o̷" * 500,
)


def hostile_zone(folder: Path) -> Path:
    """One layer of features that say as much as they can, and the district they all lie in."""
    folder.mkdir()
    fields = [
        {"name": "n", "type": "text", "role": "name"},
        {"name": "s", "type": "text", "role": "summary"},
        {"name": "p", "type": "text", "role": "placement"},
        {"name": "d", "type": "text", "role": "district"},
        {"name": "r", "type": "list", "role": "related"},
        {"name": "q", "type": "list", "role": "sources"},
        *({"name": f"f{n}", "type": "text", "label": EVIL[n % 7][:300]} for n in range(40)),
        *({"name": f"u{n}", "type": "text", "label": EVIL[n % 7][:80]} for n in range(30)),
    ]
    for field in fields[-30:]:
        field["expected"] = True
    ids = [f"e{number}" for number in range(len(EVIL))]
    sources = [{"id": f"q{n}", "title": EVIL[n % 7], "publisher": LONG} for n in range(30)]
    figures = [
        {"id": f"g{n}", "value": 5, "unit": "x" * 400, "label": EVIL[n % 7], "members": ids}
        for n in range(9)
    ]
    shape = {"type": "Polygon", "coordinates": [[[9, 49], [11, 49], [11, 51], [9, 51], [9, 49]]]}
    point = {"type": "Point", "coordinates": [10, 50]}
    more = {
        "r": ids, "q": [one["id"] for one in sources], "p": "township", "d": "D",
        **{f"f{n}": EVIL[n % 7] for n in range(40)},
    }  # fmt: skip
    for name, role, geometry in (("sites", "sites", point), ("areas", "areas", shape)):
        layer = {
            "title": EVIL[0][:200], "role": role, "sources": sources, "figures": figures,
            "schema": {"geometry": "Geometry", "fields": fields},
        }  # fmt: skip
        found = [
            {
                "type": "Feature",
                "id": one,
                "geometry": None if one == "e1" else geometry,
                "properties": {**more, "n": EVIL[n], "s": EVIL[n]},
            }
            for n, one in enumerate(ids)
        ]
        document = {"type": "FeatureCollection", "layer": layer, "features": found}
        (folder / f"{name}.geojson").write_text(json.dumps(document), encoding="utf-8")
    return folder


@pytest.mark.slow
def test_nothing_makes_it_two_pages_or_breaks_the_file(tmp_path: Path) -> None:
    with serving_folder(hostile_zone(tmp_path / "zone")) as site:
        desk = Desk(site.catalog, tmp_path / "desk")
        for layer in ("sites", "areas"):
            for number in range(len(EVIL)) if layer == "sites" else (0, 3):
                over = overflow(desk.profile(layer, f"e{number}", LANGS[number % 2]))
                assert max(over.values()) <= 0.01, (layer, number, over)
                if number not in ((0, 4) if layer == "sites" else (3,)):
                    continue
                key = f"{layer}/e{number}"
                assert pdf(site, key).pages == 1
                body = got(site, key, "docx").content
                valid(body)
                document = docx.Document(BytesIO(body))
                assert len(document.paragraphs[2].text) < 300
                said = written(document)
                assert "另有" in said
                assert not set("\x01\x02\x1b\ufffe\u202e\u2028") & set(said)


def valid(body: bytes) -> None:
    """Well-formed XML in a whole archive, and nothing that runs."""
    with ZipFile(BytesIO(body)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            assert not re.search(r"vba|\.bin$|customXml|thumbnail", name)
            if name.endswith((".xml", ".rels")):
                etree.fromstring(archive.read(name))


def test_an_empty_zone_has_profiles_too(folder_site: Site) -> None:
    """Without districts, names of its own fields, placements or sources."""
    assert pdf(folder_site, "places/place-0").pages == 1
    assert "Ash" in written(word(folder_site, "places/place-0"))


# --- what it says ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGS)
def test_it_says_what_is_known_and_what_is_not_published(bundled_site: Site, lang: str) -> None:
    zone = bundled_site.catalog.store.zone()
    words = words_of(read_assets(), lang)
    for layer, feature in some(bundled_site):
        if layer.role == "areas":
            continue  # which have more to say than a page holds
        key = key_of(layer, feature)
        sheet, document = pdf(bundled_site, key, lang), written(word(bundled_site, key, lang))
        assert sheet.pages == 1
        assert "〓" not in sheet.text
        facts = facts_of(layer, feature.properties, words, lang, SAID_APART)
        always = [
            zone.credit.of(lang), layer.title.of(lang), words["strip.unapproved"], *facts.unknown,
            text_of_role(layer, feature.properties, "name", lang),
            f"{bundled_site.url}/?selected={key}&lang={lang}",
        ]  # fmt: skip
        short = [value.text for _, value in facts.known if len(value.text) < 60]
        for said in (sheet.text, document):
            assert [text for text in always if plain(text) not in plain(said)] == [], key
            missing = [text for text in short if plain(text) not in plain(said)]
            assert len(missing) <= left_out(said), (key, missing)


def plain(text: str) -> str:
    """PDFium reads the square of a km² as a sign or as a figure."""
    return squeezed(text).replace("²", "2")


def left_out(text: str) -> int:
    found = re.findall(r"另有(\d+)项|and(\d+)more", text)
    return sum(int(zh or en) for zh, en in found)


def test_a_place_that_is_not_published_has_no_coordinates(site: Site) -> None:
    seen = set()
    words = words_of(read_assets(), "en")
    for layer, feature in some(site):
        field = layer.schema.with_role("placement")
        point = _point(feature)
        if field is None or point is None:
            continue
        placement = feature.properties[field.name]
        geometry = {"type": "Point", "coordinates": point}
        told = position(layer, {**feature._asdict(), "geometry": geometry}, words)
        text = pdf(site, key_of(layer, feature), "en").text
        assert (squeezed(told.text) in text) == told.known, (layer.id, feature.id)
        numbers = [decimal(one) for one in point]
        said = written(word(site, key_of(layer, feature), "en"))
        assert all(one in said for one in numbers) or not told.known
        assert told.known or not any(one in said for one in numbers)
        seen.add(placement)
    assert {"district", "township"} <= seen


def _point(feature: Feature) -> list[float] | None:
    shape = shapely.from_wkb(feature.geometry) if feature.geometry else None
    is_point = shape is not None and shape.geom_type == "Point"
    return [shape.x, shape.y] if is_point else None


def test_what_the_map_shows_in_place_of_a_site_is_said(bundled_site: Site) -> None:
    store = bundled_site.catalog.store
    wanted = {"unknown": "图上为全区，不标这一项的位置", "district": "图上突出的是"}
    for layer, feature in features(bundled_site):
        field = layer.schema.with_role("placement")
        placement = str(feature.properties[field.name]) if field else ""
        if layer.role == "sites" and placement in wanted:
            sentence = wanted.pop(placement)
            assert sentence in pdf(bundled_site, key_of(layer, feature)).text
            [picture, _] = pictures(word(bundled_site, key_of(layer, feature)))
            assert sentence in picture.words
    assert not wanted
    assert store.layers()


def test_a_figure_of_several_is_never_one_of_theirs(site: Site) -> None:
    found = 0
    words = words_of(read_assets(), "zh")
    for layer, feature in features(site):
        figures = [one for one in figures_of(layer, feature.id) if is_joint(one)]
        if not figures or found > 3:
            continue
        found += 1
        said = (
            pdf(site, key_of(layer, feature)).text,
            written(word(site, key_of(layer, feature))),
        )
        for one in figures:
            amount = squeezed(figure_text(one, "zh", words))
            joint = f"这是{len(one.members)}项的合计，单项未公布"
            for text in said:
                # Its amount, what it is of, and at once for how many it was published.
                label = squeezed(one.label.zh)
                assert re.search(f"{re.escape(amount)}{re.escape(label)}；{joint}", text), text
                assert text.count(amount) == text.count(f"{amount}{label}；{joint}")
    assert found


@pytest.mark.parametrize("lang", LANGS)
def test_a_district_counts_what_the_statistics_count(site: Site, tmp_path: Path, lang: str) -> None:
    """Known and inferred apart, for each layer of sites that says where its features lie."""
    desk, checked = Desk(site.catalog, tmp_path), 0
    for area in site.of_role("areas"):
        field = area.schema.with_role("district")
        assert field is not None
        for feature in site.catalog.store.features(area.id, Query()):
            code = str(feature.properties[field.name])
            profile = desk.profile(area.id, feature.id, lang)
            rows = [one for block in profile.blocks for one in block.rows if one.layer]
            counts = {row.layer.id: (row.strong, row.text) for row in rows if row.layer}
            for layer in site.of_role("sites"):
                known, inferred, several = stated(site, layer, code)
                said = [
                    text.format(f"{number:,}")
                    for text, number in zip(COUNTS[lang], (known, inferred, several), strict=True)
                    if number
                ]
                others = BESIDES[lang].format(JOIN[lang].join(said[1:])) if said[1:] else ""
                assert counts.get(layer.id, ("", "")) == ("".join(said[:1]), others)
                checked += bool(said)
            text = pdf(site, key_of(area, feature), lang).text
            assert all(squeezed(f"{one.strong} {one.text}") in text for one in rows[:2])
    assert checked > 2


BESIDES = {"zh": "另有{}", "en": "and {}"}
JOIN = {"zh": "、", "en": ", "}
COUNTS = {
    "zh": ("{}项", "{}项编者推定", "{}项涉及多个区县"),
    "en": ("{}", "{} inferred", "{} across districts"),
}


def stated(site: Site, layer: Layer, code: str) -> tuple[int, int, int]:
    """Of a layer in a district: known, inferred and of several districts, by the statistics."""
    by = layer.schema.with_role("district")
    if by is None:
        return 0, 0, 0
    groups = site.json("/stats", params={"group": by.name, "layers": layer.id})["groups"]
    [own] = [one for one in groups if one["values"][by.name] == code]
    several = [one for one in groups if one["kind"] == "several"]
    also = [one for one in several if code in (one["values"][by.name] or [])]
    return own["count"], own["inferred"], sum(one["count"] + one["inferred"] for one in also)


def test_names_of_what_lies_in_a_district_add_up(bundled: Catalog, tmp_path: Path) -> None:
    desk = Desk(bundled, tmp_path)
    for layer in bundled.store.layers():
        if layer.role != "areas":
            continue
        for feature in bundled.store.features(layer.id, Query()):
            profile = desk.profile(layer.id, feature.id, "zh")
            [block] = [one for one in profile.blocks if one.title == "区内各项"]
            for row in block.rows:
                assert row.count == len(row.names)
                told = f"{row.strong} {row.text}"
                assert sum(map(int, re.findall(r"(\d+)项", told))) == row.count
                for key, mark in {"编者推定": "（推定）", "涉及多个区县": "（多区）"}.items():
                    counted = sum(map(int, re.findall(rf"(\d+)项{key}", told)))
                    assert sum(one.endswith(mark) for one in row.names) == counted


def test_roles_that_are_said_apart_are_those_of_the_panel() -> None:
    script = (STATIC / "fields.js").read_text(encoding="utf-8")
    [names] = re.findall(r"SAID_APART = new Set\(\[(.*?)\]\)", script)
    assert json.loads(f"[{names}]") == list(SAID_APART)


# --- the files -------------------------------------------------------------------------------


class Picture(NamedTuple):
    body: bytes
    words: str


def pictures(document: Document) -> list[Picture]:
    """Of the page and of its footer."""
    [section] = document.sections
    found = []
    for part, root in (
        (document.part, document.element.body),
        (section.footer.part, section.footer._element),
    ):
        for inline in root.iter("{*}inline"):
            [about] = inline.iter("{*}docPr")
            [blip] = inline.iter("{*}blip")
            name = next(value for key, value in blip.attrib.items() if key.endswith("}embed"))
            found.append(Picture(part.related_parts[name].blob, about.get("descr")))
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_a_document_is_one_of_word(site: Site, lang: str) -> None:
    layer = next(one for one in site.of_role("sites") if one.schema.with_role("name"))
    feature = next(site.catalog.store.features(layer.id, Query(limit=1)))
    body = got(site, key_of(layer, feature), "docx", lang).content
    valid(body)
    document = docx.Document(BytesIO(body))
    styles = [one.style.name for one in document.paragraphs if one.style]
    assert styles.count("Heading 1") == 1
    heads = [one.text for one in document.paragraphs if one.style and "Head" in str(one.style.name)]
    about = document.core_properties
    assert about.title.split()[0] in heads[0]
    assert about.language == {"zh": "zh-CN", "en": "en-GB"}[lang]
    assert about.created == about.modified
    assert about.author == site.catalog.store.zone().title.of(lang)
    facts = document.tables[-1]
    assert facts.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
    assert {
        one.style.name for row in facts.rows for one in row.cells[0].paragraphs if one.style
    } >= {"Heading 2"}
    assert document.styles["Normal"].element.rPr.rFonts.get(f"{W}eastAsia") == "宋体"
    assert document.styles["Heading 1"].element.rPr.rFonts.get(f"{W}eastAsia") == "黑体"
    [map_, code] = pictures(document)
    assert Image.open(BytesIO(map_.body)).width > 800
    assert map_.words
    assert code.words
    assert Image.open(BytesIO(code.body)).size[0] > 200


def test_letters_are_in_the_pdf(site: Site) -> None:
    layer = site.of_role("sites")[0]
    body = got(site, f"{layer.id}/{site.feature_of(layer.id)}", "pdf").content
    assert body.startswith(b"%PDF-1.7")
    assert body.count(b"/FontFile2") == body.count(b"/Type/FontDescriptor") == 2
    with pdfium.PdfDocument(body) as opened:
        assert opened.get_metadata_dict()["Title"]
        assert [round(one) for one in opened[0].get_size()] == [595, 842]


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_the_same_is_the_same_bytes_and_is_kept(made_up_site: Site, form: str) -> None:
    layer = made_up_site.of_role("sites")[0]
    key = f"{layer.id}/{made_up_site.feature_of(layer.id)}"
    first = got(made_up_site, key, form)
    assert first.headers["content-language"] == "zh"
    assert "Accept-Language" in first.headers["vary"]
    told = first.headers["content-disposition"]
    assert f'filename="{layer.id}-{made_up_site.feature_of(layer.id)}.{form}"' in told
    assert f".{form}" in told.partition("filename*=UTF-8''")[2]
    tag = {"If-None-Match": first.headers["etag"]}
    address = f"/profiles/{key}.{form}"
    assert made_up_site.get(address, params={"lang": "zh"}, headers=tag).status_code == 304
    english = made_up_site.get(address, params={"lang": "en"}, headers=tag)
    assert english.status_code == 200
    assert english.headers["etag"] != first.headers["etag"]
    with serving(
        made_up_site.catalog, public_url=parse_public_url(f"{made_up_site.url}/")
    ) as other:
        assert got(other, key, form).content == first.content


def test_addresses_are_public_ones(bundled_site: Site) -> None:
    layer = bundled_site.of_role("sites")[0]
    key = f"{layer.id}/{bundled_site.feature_of(layer.id)}"
    public = parse_public_url("https://maps.example.org/atlas/")
    with serving(bundled_site.catalog, public_url=public) as site:
        answer = site.get(f"/profiles/{key}.pdf")
        with pdfium.PdfDocument(answer.content) as opened:
            text = opened[0].get_textpage().get_text_range()
        assert f"https://maps.example.org/atlas/?selected={key}" in squeezed(text)


def test_what_there_is_not_is_404(site: Site) -> None:
    layer = site.of_role("sites")[0].id
    feature = site.feature_of(layer)
    for path in (
        f"nope/{feature}.pdf", f"{layer}/nope.pdf", f"{layer}/nope.docx", f"{layer}/{feature}.xyz",
        f"{layer}/{feature}", f"{layer}/.pdf", f"{layer}/%00.pdf", f"{layer}/{feature}.pdf.docx",
    ):  # fmt: skip
        answer = site.get(f"/profiles/{path}")
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_what_it_does_not_know_is_refused_by_name(site: Site, form: str) -> None:
    layer = site.of_role("sites")[0].id
    address = f"/profiles/{layer}/{site.feature_of(layer)}.{form}"
    for name, text in {"lang": "de", "theme": "dark", "utm_source": "x"}.items():
        answer = site.get(address, params={name: text})
        assert answer.status_code == 400, name
        assert answer.json()["parameter"] == name


def test_the_page_of_a_feature_leads_to_both(site: Site) -> None:
    layer = site.of_role("sites")[0].id
    feature = site.feature_of(layer)
    page = site.page(f"/collections/{layer}/items/{feature}?lang=en").text
    for form in ("pdf", "docx"):
        [href] = re.findall(rf'href="([^"]*/profiles/[^"]*\.{form}[^"]*)"', page)
        assert site.get(href).status_code == 200
