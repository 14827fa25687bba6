"""What Shapefile and File Geodatabase have no shape for, and what their readme says of it."""

import json
from pathlib import Path
from zipfile import ZipFile

import pyogrio
import pytest

from layers.catalog import Catalog
from tests.rows import first_quick
from tests.server.sites import serving

POINT = {"type": "Point", "coordinates": [121.0, 31.0]}
LINE = {"type": "LineString", "coordinates": [[121.0, 31.0], [121.1, 31.1]]}
SHAPES = {
    "placed": POINT,
    "nowhere": None,
    "both": {"type": "GeometryCollection", "geometries": [POINT, LINE]},
}


@pytest.mark.parametrize("extension", first_quick(1, ["shp", "gdb"]))
def test_the_readme_counts_collections_among_them(tmp_path: Path, extension: str) -> None:
    features = [
        {"type": "Feature", "id": one, "geometry": shape, "properties": {"name": one}}
        for one, shape in SHAPES.items()
    ]
    (tmp_path / "zone").mkdir()
    (tmp_path / "zone/sites.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    catalog = Catalog.open(tmp_path / "zone", tmp_path / "data")
    file = tmp_path / f"sites.{extension}.zip"
    with serving(catalog) as site:
        file.write_bytes(site.get(f"/downloads/sites.{extension}").content)
    catalog.close()
    table = pyogrio.read_dataframe(file, layer="sites_nogeometry", read_geometry=False)
    assert table["id"].tolist() == ["nowhere", "both"]
    assert table["wkt"].tolist()[1].startswith("GEOMETRYCOLLECTION")
    with ZipFile(file) as bundle:
        text = bundle.read("readme.txt").decode("utf-8-sig")
    assert "3 项，其中 2 项没有坐标" in text
    assert "3 features, 2 of them without coordinates" in text
