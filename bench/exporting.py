"""One export in a process of its own: `python -m bench.exporting SIDE EXTENSION STORE FOLDER`.

Prints processor seconds and the peak of the process. It is done twice and the second time counts,
so that nobody pays for imports.
"""

import json
import resource
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

# What geopandas writes through GDAL, by extension; the other formats it writes by itself.
DRIVERS = {
    "fgb": "FlatGeobuf",
    "gdb": "OpenFileGDB",
    "geojsonseq": "GeoJSONSeq",
    "gpkg": "GPKG",
    "kml": "KML",
    "shp": "ESRI Shapefile",
}
ITS_OWN = ("csv", "geojson", "parquet")


def ours(extension: str, store: Path) -> Callable[[Path], object]:
    """What `zoneatlas export` does."""
    from layers.catalog import Catalog
    from layers.stores.remembered import Remembered
    from server.export import write_file
    from server.order import order_of
    from server.search_index import SearchIndex
    from server.settings import Settings
    from server.source import Source

    settings = Settings()
    order = order_of("sites", extension, b"", "zh", settings)

    def export(file: Path) -> None:
        with closing(Catalog.open(str(store), file.parent)) as catalog:
            index = SearchIndex(catalog, settings)
            source = Source(catalog.store, settings, index, Remembered())
            write_file(source, order, file, lambda _: None)

    return export


def geopandas(extension: str, store: Path) -> Callable[[Path], object]:
    """Read the whole layer, write the whole layer."""
    import geopandas

    def export(file: Path) -> None:
        frame = geopandas.read_file(store, layer="sites")
        if extension == "gdb":  # its whole numbers have 32 bits, as in ours
            frame = frame.astype(dict.fromkeys(frame.select_dtypes("int64"), "int32"))
        if extension in DRIVERS:
            frame.to_file(file, driver=DRIVERS[extension], use_arrow=True)
        elif extension == "geojson":
            file.write_text(frame.to_json(default=str), encoding="utf-8")
        elif extension == "csv":
            frame.to_csv(file, index=False)  # the geometry as WKT, as ours
        else:
            frame.to_parquet(file)

    return export


def main() -> None:
    side, extension, store, folder = sys.argv[1:]
    make = {"ours": ours, "geopandas": geopandas}[side]
    export = make(extension, Path(store))
    export(Path(folder, f"first.{extension}"))
    started = time.process_time()
    export(Path(folder, f"second.{extension}"))
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": peak}))


if __name__ == "__main__":
    main()
