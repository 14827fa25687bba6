"""A GeoPackage as another program writes it."""

from pathlib import Path

import geopandas
import pyogrio
import shapely


def frame(crs: int = 4326, count: int = 50) -> geopandas.GeoDataFrame:
    """A grid of squares around 120.5, 31, with columns of many kinds."""
    squares = [
        shapely.box(
            120 + n % 10 * 0.1, 30.5 + n // 10 * 0.1, 120.05 + n % 10 * 0.1, 30.55 + n // 10 * 0.1
        )
        for n in range(count)
    ]
    return geopandas.GeoDataFrame(
        {
            "名称": [f"第{n}块" for n in range(count)],
            "id": range(100, 100 + count),
            "wert": [n / 7 for n in range(count)],
            "offen": [n % 2 == 0 for n in range(count)],
            "tag": [f"2024-01-{n % 28 + 1:02d}" for n in range(count)],
        },
        geometry=squares,
        crs=4326,
    ).to_crs(crs)


def write(path: Path, crs: int = 4326, index: bool = True, **options: str) -> Path:
    pyogrio.write_dataframe(
        frame(crs), path, layer="parcels", SPATIAL_INDEX="YES" if index else "NO", **options
    )
    return path
