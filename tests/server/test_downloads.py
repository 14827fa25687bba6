"""Whole layers: kept, packed, streamed, and known by their entity tags."""

import gzip
import json
import time
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import pytest
import zstandard

from layers.model import Query
from layers.registry import all_formats
from server import downloads, streams
from tests.server.sites import Site, layer_file, until


def test_a_layer_is_whole_and_a_layer_file_again(site: Site) -> None:
    for layer in site.catalog.store.layers():
        answer = site.get(f"/downloads/{layer.id}.geojson")
        assert answer.headers["content-type"] == "application/geo+json"
        document = answer.json()
        assert document["type"] == "FeatureCollection"
        assert len(document["features"]) == site.catalog.store.count(layer.id, Query())
        assert document["layer"]["title"] == {"zh": layer.title.zh, "en": layer.title.en}
        disposition = answer.headers["content-disposition"]
        assert disposition.startswith(f'attachment; filename="{layer.id}.geojson"; ')
        assert disposition.isascii()
        assert unquote(disposition).endswith(f"UTF-8''{layer.title.of('zh')}.geojson")


def unpacked(site: Site, address: str, encoding: str) -> tuple[bytes, str]:
    """The bytes behind an encoding, and the entity tag they came with."""
    with site.client.stream("GET", address, headers={"Accept-Encoding": encoding}) as answer:
        body = b"".join(answer.iter_raw())
        assert answer.headers.get("content-encoding", "identity") == encoding
        tag = answer.headers["etag"]
    if encoding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(body), tag
    return (gzip.decompress(body) if encoding == "gzip" else body), tag


def packings_agree(site: Site) -> None:
    address = f"/downloads/{site.largest()}.geojson"
    found = [unpacked(site, address, encoding) for encoding in ("zstd", "gzip", "identity")]
    bodies, tags = zip(*found, strict=True)
    assert len(set(bodies)) == 1
    assert len(set(tags)) == 3
    assert not any(tag.startswith("W/") for tag in tags)
    for tag in tags:
        again = site.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")
        assert "content-length" not in again.headers or again.headers["content-length"] == "0"
    other = site.get(address, headers={"If-None-Match": '"other", W/"one"'})
    assert other.status_code == 200


def test_packings_hold_the_same(site: Site) -> None:
    packings_agree(site)


@pytest.fixture
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "LARGEST_KEPT", 1000)
    monkeypatch.setattr(streams, "PIECE", 10_000)


@pytest.mark.slow
@pytest.mark.usefixtures("everything_is_large")
def test_a_large_layer_is_streamed(folder_site: Site, folder: Path) -> None:
    names = [f"name {number}" for number in range(2000)]
    (folder / "many.geojson").write_text(layer_file(names), encoding="utf-8")
    until(lambda: folder_site.get("/collections/many").status_code == 200)
    until(lambda: folder_site.json("/collections/many/items?limit=1")["numberMatched"] == 2000)
    packings_agree(folder_site)
    body, _ = unpacked(folder_site, "/downloads/many.geojson", "zstd")
    document = json.loads(body)
    assert [one["properties"]["name"] for one in document["features"]] == names
    head = folder_site.client.head("/downloads/many.geojson")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.slow
@pytest.mark.usefixtures("everything_is_large")
def test_a_client_that_leaves_a_stream_holds_nothing(folder_site: Site, folder: Path) -> None:
    names = [f"name {number}" * 20 for number in range(3000)]
    (folder / "many.geojson").write_text(layer_file(names), encoding="utf-8")
    until(lambda: folder_site.get("/collections/many").status_code == 200)
    for _ in range(20):
        with folder_site.client.stream("GET", "/downloads/many.geojson") as answer:
            next(answer.iter_raw())
    assert folder_site.json("/collections/many/items?limit=1")["numberReturned"] == 1


def is_new(site: Site, address: str, headers: dict[str, str]) -> bool:
    return site.get(address, headers=headers).status_code == 200


def test_a_change_of_the_data_changes_every_tag(folder_site: Site, folder: Path) -> None:
    addresses = ["/downloads/places.geojson", "/collections/places/items", "/"]
    headers = {"Accept": "text/html,*/*;q=0.5"}
    before = {one: folder_site.get(one, headers=headers).headers["etag"] for one in addresses}
    for address, tag in before.items():
        again = folder_site.get(address, headers={**headers, "If-None-Match": tag})
        assert again.status_code == 304
    (folder / "places.geojson").write_text(layer_file(["Ash", "Cedar", "Elm"]), encoding="utf-8")
    for address, tag in before.items():
        asked = {**headers, "If-None-Match": tag}
        until(partial(is_new, folder_site, address, asked))
    names = [
        one["properties"]["name"]
        for one in folder_site.json("/downloads/places.geojson")["features"]
    ]
    assert names == ["Ash", "Cedar", "Elm"]
    assert folder_site.json("/collections/places/items")["numberMatched"] == 3


def test_documents_have_tags_too(site: Site) -> None:
    layer = site.largest()
    for address in (
        "/?f=json",
        "/conformance",
        "/collections",
        f"/collections/{layer}",
        f"/collections/{layer}/items?limit=3",
        f"/collections/{layer}/items/{site.feature_of(layer)}",
    ):
        tag = site.get(address).headers["etag"]
        assert site.get(address, headers={"If-None-Match": tag}).status_code == 304
        assert site.get(address, headers={"If-None-Match": "*"}).status_code == 304
        assert site.get(address, headers={"If-None-Match": '"else"'}).status_code == 200


def test_a_tag_is_for_one_address(site: Site) -> None:
    layer = site.largest()
    tag = site.get(f"/collections/{layer}/items?limit=3").headers["etag"]
    other = site.get(f"/collections/{layer}/items?limit=4", headers={"If-None-Match": tag})
    assert other.status_code == 200


@pytest.mark.parametrize("extension", sorted(all_formats()))
def test_the_head_of_a_file_says_what_the_file_would(places_site: Site, extension: str) -> None:
    address = f"/downloads/places.{extension}"
    plain = {"Accept-Encoding": "identity"}
    whole = places_site.get(address, headers=plain)
    head = places_site.client.head(address, headers=plain)
    # A file that nobody has written has a length that nobody knows: none is said then, and not 0.
    length = head.headers.get("content-length", whole.headers["content-length"])
    assert int(length) == len(whole.content) > 0
    current = places_site.get(address, headers={**plain, "If-None-Match": head.headers["etag"]})
    assert (head.status_code, current.status_code) == (200, 304)
    for name in ("etag", "vary", "cache-control", "content-disposition", "content-language"):
        assert head.headers[name] == current.headers[name] == whole.headers[name], name
    assert "Accept-Language" in whole.headers["vary"]  # titles come in the reader's language


@pytest.mark.slow
def test_a_strong_tag_is_that_of_the_same_bytes(places_site: Site) -> None:
    """Whenever they were written: what tells the time of its writing has a weak one."""
    # With a question nothing of them is kept: each is written when it is asked for.
    addresses = [f"/downloads/places.{one}?lang=en" for one in sorted(all_formats())]
    before = {one: places_site.get(one) for one in addresses}
    time.sleep(2.1)  # the seconds that the time in a zip is counted in
    for address, one in before.items():
        again = places_site.get(address, headers={"Range": "bytes=0-9"})
        assert again.status_code == 200, address
        assert again.headers["etag"] == one.headers["etag"], address
        is_same = again.content == one.content
        assert one.headers["etag"].startswith('"' if is_same else 'W/"'), address


@pytest.mark.parametrize("address", ["places.csv", "places", "map.csv", "map"])
def test_what_an_address_knows_is_said_where_it_is_asked_for_more(
    places_site: Site, address: str
) -> None:
    answer = places_site.get(f"/downloads/{address}?limit=5")
    assert answer.status_code == 400
    known = answer.json()["allowed"].split(": ")[1].split(", ")
    assert {"filter", "geometry", "name"} <= set(known)
    assert "limit" not in known
    assert ("encoding" in known) == address.endswith(".csv")


def test_a_method_that_is_not_there_is_told_all_that_are(places_site: Site) -> None:
    for address, more in (("/downloads/places.csv", "POST"), ("/exports/nothing", "DELETE")):
        answer = places_site.client.put(address)
        assert answer.status_code == 405
        assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", more}


@pytest.mark.parametrize("extension", ["shp", "gdb", "kmz", "xlsx", "parquet"])
def test_what_is_packed_is_not_packed_again(places_site: Site, extension: str) -> None:
    answer = places_site.get(f"/downloads/places.{extension}", headers={"Accept-Encoding": "gzip"})
    assert len(answer.content) > 1024  # smaller ones never are
    assert "content-encoding" not in answer.headers


def test_a_text_in_another_encoding_says_which(folder_site: Site) -> None:
    answer = folder_site.get("/downloads/places.csv?encoding=gbk")
    assert answer.headers["content-type"] == "text/csv; charset=gb18030"
    same = folder_site.get("/downloads/places.csv")
    assert same.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.decode("gb18030") == same.content.decode("utf-8-sig")
    export = folder_site.client.post("/downloads/places.csv?encoding=gbk").headers["location"]
    until(lambda: folder_site.json(export)["state"] == "ready")
    kept = folder_site.get(f"{export}/file")
    assert kept.headers["content-type"] == "text/csv; charset=gb18030"
    assert kept.content == answer.content
