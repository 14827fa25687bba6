"""The map as one file: how it is asked for, what is in it, and what is not."""

import base64
import hashlib
import json
import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest

from layers.catalog import Catalog
from layers.model import Query
from server import onefile
from server.hosts import parse_public_url
from server.packed import column
from tests.rows import first_zone_quick
from tests.server.commands import COMMAND, surroundings
from tests.server.sites import Site, serving

LARGEST = 1_500_000


class File(HTMLParser):
    """The scripts, sheets and addresses of a page, and what it holds as JSON."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.sheets: list[str] = []
        self.held: dict[str, str] = {}
        self.addresses: list[str] = []
        self.policy = ""
        self._into: list[str] | str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [str(given[one]) for one in ("src", "href", "action") if one in given]
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy":
            self.policy = given["content"] or ""
        self._into = {"style": self.sheets, "script": given.get("data-holds") or self.scripts}.get(
            tag
        )

    def handle_data(self, data: str) -> None:
        if isinstance(self._into, str):
            self.held[self._into] = data
        elif self._into is not None:
            self._into.append(data)
        self._into = None


def written(site: Site, query: str = "", **options: str) -> File:
    answer = site.get(f"/onefile.html{query}", **options)
    assert answer.status_code == 200, answer.text
    return File(answer.text)


@first_zone_quick()
def test_it_is_a_file_to_be_saved_and_kept_until_something_changes(site: Site) -> None:
    answer = site.get("/onefile.html?zoom=9")
    zone = site.catalog.store.zone()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert f'filename="{zone.id}.html"' in answer.headers["content-disposition"]
    again = site.get("/onefile.html?zoom=9", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert site.get("/onefile.html?zoom=8").headers["etag"] != answer.headers["etag"]


@first_zone_quick()
def test_it_leads_nowhere_and_lets_only_its_own_scripts_run(site: Site) -> None:
    file = written(site)
    assert {one for one in file.addresses if not one.startswith("#")} == set()
    assert not re.search(r"url\((?!['\"]?#)|@import|sourceMappingURL", "".join(file.sheets))
    allowed = set(re.findall(r"'sha256-[^']+'", file.policy))
    parts = [*file.scripts, *file.sheets]
    hashes = {base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in parts}
    assert allowed == {f"'sha256-{one}'" for one in hashes}
    assert "default-src 'none'" in file.policy
    assert "unsafe" not in file.policy


@first_zone_quick()
def test_every_feature_is_in_it_as_the_download_has_it(site: Site) -> None:
    file = written(site)
    for layer in site.catalog.store.layers():
        held = json.loads(file.held[f"features/{layer.id}"])
        features = site.json(f"/downloads/{layer.id}.geojson")["features"]
        assert held["ids"] == [one["id"] for one in features]
        for field in layer.schema.fields:
            values = held["fields"].get(field.name, {"of": [None]})
            if isinstance(values, dict):
                of, at = values["of"], values.get("at", [0] * len(features))
                values = [of[one] for one in at]
            assert values == [one["properties"][field.name] for one in features]


def test_the_bundled_zone_is_small(bundled_site: Site) -> None:
    assert len(bundled_site.get("/onefile.html").content) <= LARGEST


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("layers=nowhere", "layers"),
        ("filter=nothing=1", "filter"),
        ("filter=(", "filter"),
        ("area=box:1,2", "area"),
        ("area=feature:no/thing", "area"),
        ("certainty=certain", "certainty"),
        ("nonsense=1", "nonsense"),
    ],
)
@first_zone_quick()
def test_what_cannot_be_shown_is_said_by_its_name(site: Site, query: str, parameter: str) -> None:
    answer = site.get(f"/onefile.html?{query}")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter


@first_zone_quick()
def test_no_layer_may_be_on(site: Site) -> None:
    assert site.get("/onefile.html?layers=").status_code == 200


@first_zone_quick()
def test_it_opens_in_the_language_of_its_reader(site: Site) -> None:
    for query, reader, tag in [("", "zh", "zh-CN"), ("", "en", "en"), ("?lang=en", "zh", "en")]:
        answer = site.get(f"/onefile.html{query}", headers={"Accept-Language": reader})
        assert f'<html lang="{tag}"' in answer.text
        assert answer.text.count("<template ") == 2


@pytest.mark.slow
def test_a_link_to_the_live_map_where_its_address_is_known(bundled: Catalog) -> None:
    with serving(bundled, public_url=parse_public_url("https://maps.example.org/zone")) as site:
        text = site.get("/zone/onefile.html", headers={"Host": "maps.example.org"}).text
    assert 'id="live" class="plain" href="https://maps.example.org/zone/"' in text


def test_too_many_features_are_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    count = sum(
        site.catalog.store.count(layer.id, Query()) for layer in site.catalog.store.layers()
    )
    monkeypatch.setattr(onefile, "MOST", count - 1)
    answer = site.get("/onefile.html?zoom=3")
    assert answer.status_code == 403
    assert f"{count:,} features" in answer.json()["detail"]


def test_columns_are_as_short_as_they_can_be() -> None:
    assert column([None, None]) is None
    assert column(["a", "a"]) == {"of": ["a"]}
    assert column(
        ["a text that is long enough for this", "b", "a text that is long enough for this", None]
    ) == {
        "of": ["a text that is long enough for this", "b", None],
        "at": [0, 1, 0, 2],
    }
    assert column([1, 2, 3]) == [1, 2, 3]


@pytest.mark.slow
def test_the_command_writes_the_same_page(bundled: Catalog, tmp_path: Path) -> None:
    file = tmp_path / "map.html"
    store = str(bundled.store.path)

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [*COMMAND, "html", store, "-o", str(file), *words]
        environ = surroundings(tmp_path)
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    said = run("--view", "?zoom=10&q=吴江 园区", "--lang", "en")
    assert said.returncode == 0, said.stderr
    assert str(file) in said.stdout
    text = file.read_text(encoding="utf-8")
    assert 'data-view="zoom=10&amp;q=%E5%90%B4' in text
    assert '<html lang="en"' in text
    bad = run("--view", "layers=nowhere")
    assert bad.returncode == 2
    assert "layers must be" in bad.stderr
    assert file.read_text(encoding="utf-8") == text
