"""Layers whose look nobody has chosen: each its own, and the same as long as that can be."""

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from layers.catalog import Catalog
from layers.export.select import whole
from layers.formats import geojson
from layers.model import Style

COLOURS = 8
Looks = dict[str, tuple[str, str]]


def write(folder: Path, *names: str, kind: str = "Point", **layer: Any) -> None:
    """Layers with one feature."""
    coordinates: list[Any] = [10.0, 50.0]
    if kind != "Point":
        coordinates = [coordinates, [11.0, 51.0], [10.0, 51.0], coordinates]
        coordinates = [coordinates] if kind == "Polygon" else coordinates
    feature = {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {"name": "one"},
    }
    document: dict[str, Any] = {"type": "FeatureCollection", "features": [feature]}
    folder.mkdir(exist_ok=True)
    for name in names:
        content = document | ({"layer": layer} if layer else {})
        (folder / f"{name}.geojson").write_text(json.dumps(content), encoding="utf-8")


def styles(folder: Path, data: Path) -> dict[str, Style]:
    with closing(Catalog.open(folder, data)) as catalog:
        return {layer.id: layer.style for layer in catalog.store.layers()}


def looks(found: dict[str, Style]) -> Looks:
    return {name: (style.symbol, style.colour) for name, style in found.items()}


@pytest.fixture
def names() -> list[str]:
    """As many as there are colours, of which the hash alone would give some the same."""
    return ["schools", "parks", "roads", "stops", "plants", "labs", "depots", "wells"]


def test_as_many_layers_as_colours_have_one_each(tmp_path: Path, names: list[str]) -> None:
    write(tmp_path / "zone", *names)
    found = styles(tmp_path / "zone", tmp_path / "data")
    assert len(found) == len({one.colour for one in found.values()}) == COLOURS
    assert len({one.dark for one in found.values()}) == COLOURS
    assert {one.symbol for one in found.values()} == {"circle"}
    assert styles(tmp_path / "zone", tmp_path / "elsewhere") == found


def test_beyond_that_points_differ_in_shape_and_areas_share(
    tmp_path: Path, names: list[str]
) -> None:
    write(tmp_path / "zone", *names, *(f"more-{n}" for n in range(12)))
    found = looks(styles(tmp_path / "zone", tmp_path / "data"))
    assert len(set(found.values())) == len(found) == 20
    assert {symbol for symbol, _ in found.values()} == {"circle", "square", "triangle"}
    write(tmp_path / "areas", *names, "more", kind="Polygon")
    assert {one.symbol for one in styles(tmp_path / "areas", tmp_path / "data").values()} == {
        "area"
    }


def test_most_keep_theirs_when_others_come_and_go(tmp_path: Path, names: list[str]) -> None:
    folder, data = tmp_path / "zone", tmp_path / "data"
    write(folder, *names[:5])
    before = looks(styles(folder, data))
    write(folder, "aaa")  # stands before all others
    after = looks(styles(folder, data))
    assert len(set(after.values())) == 6
    assert sum(after[name] == before[name] for name in before) >= 3
    (folder / "aaa.geojson").unlink()
    assert looks(styles(folder, data)) == before


def test_what_is_chosen_stays_and_is_not_given_again(tmp_path: Path) -> None:
    """Chosen by the file: the colour of its id alone would be the same for each of these."""
    folder, data = tmp_path / "zone", tmp_path / "data"
    write(folder, "alone")
    [own] = styles(folder, data).values()
    write(folder, "chosen", style={"colour": own.colour, "symbol": "star"})
    write(folder, "shape", style={"symbol": "diamond", "importance": 3})
    found = styles(folder, data)
    assert (found["chosen"].symbol, found["chosen"].colour) == ("star", own.colour)
    assert found["chosen"].dark == own.colour
    assert found["alone"].colour != own.colour
    assert (found["shape"].symbol, found["shape"].importance) == ("diamond", 3)
    assert found["shape"].dark != found["shape"].colour
    assert len({one.colour for one in found.values()}) == 3


def test_a_layer_that_changes_its_look_has_another_version(tmp_path: Path) -> None:
    """Whoever keeps its documents has to ask again."""
    folder = tmp_path / "zone"
    write(folder, "alone")
    with closing(Catalog.open(folder, tmp_path / "data")) as catalog:
        before = catalog.store.layer("alone"), catalog.store.version("alone")
        write(folder, "chosen", style={"colour": before[0].style.colour})
        assert catalog.refresh()
        assert catalog.store.layer("alone").style != before[0].style
        assert catalog.store.version("alone") != before[1]


def test_a_layer_file_that_is_written_keeps_the_look_it_had(tmp_path: Path) -> None:
    write(tmp_path / "zone", *"abcdef")
    with closing(Catalog.open(tmp_path / "zone", tmp_path / "data")) as catalog:
        for layer in catalog.store.layers():
            written = b"".join(geojson.write(whole(catalog.store, layer.id)))
            found = json.loads(written)["layer"]["style"]
            assert (found["symbol"], found["colour"], found["dark"]) == (
                layer.style.symbol,
                layer.style.colour,
                layer.style.dark,
            )


@pytest.mark.parametrize("ground", ["#f4f1ea", "#ffffff", "#171b1f", "#262c33"])
def test_every_colour_is_seen_on_every_ground(
    tmp_path: Path, names: list[str], ground: str
) -> None:
    write(tmp_path / "zone", *names)
    found = styles(tmp_path / "zone", tmp_path / "data").values()
    dark = luminance(ground) < 0.5
    assert min(contrast(one.dark if dark else one.colour, ground) for one in found) >= 3


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, 1.4.11."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_tables_of_another_program_too(tmp_path: Path) -> None:
    import geopandas
    import pyogrio
    import shapely

    frame = geopandas.GeoDataFrame({"name": ["a"]}, geometry=[shapely.Point(10, 50)], crs=4326)
    for n in range(COLOURS):
        pyogrio.write_dataframe(frame, tmp_path / "f.gpkg", layer=f"table{n}")
    found = styles(tmp_path / "f.gpkg", tmp_path / "data")
    assert len({one.colour for one in found.values()}) == COLOURS
