"""A server for one layer with the traits of the OGC's own test data."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely

from layers.catalog import Catalog
from layers.filter import parse_text
from layers.model import NewFeature
from layers.stores.geopackage import GeoPackage
from tests.layers.filter.places import LAYER, features
from tests.layers.filter.write_json import to_json
from tests.rows import first_quick
from tests.server.sites import Site, serving

ITEMS = "/collections/places/items"


class Places:
    """The layer over HTTP, asked the way the OGC's suites ask."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def ids(self, **parameters: str) -> list[str]:
        answer = self.site.get(ITEMS, params={"limit": "1000", **parameters})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/geo+json"
        page = answer.json()
        assert page["numberMatched"] == page["numberReturned"] == len(page["features"])
        return [feature["id"] for feature in page["features"]]

    def status(self, **parameters: str) -> int:
        return self.site.get(ITEMS, params=parameters).status_code

    def queryables(self) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = self.site.json("/collections/places/queryables")[
            "properties"
        ]
        return found

    def of_type(self, *types: str) -> list[str]:
        """The queryables of a type, quoted as CQL2 text wants names."""
        return [
            '"' + name.replace('"', '""') + '"'
            for name, schema in self.queryables().items()
            if schema.get("format", schema.get("type")) in types
        ]

    def operation(self, path: str) -> dict[str, Any]:
        paths = self.site.json("/api")["paths"]
        found: dict[str, Any] = paths[path]["get"]
        return found


@pytest.fixture(scope="session")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    yield from _served(tmp_path_factory.mktemp("conformance"), features())


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """The same layer with what lies about one city, and what lies nowhere."""
    near = [one for one in features() if one.id in ("shanghai", "lost")]
    shapes = {
        "quay": shapely.LineString([(121.48, 31.22), (121.5, 31.26)]),
        "lake": shapely.box(120.9, 31.02, 121.02, 31.1),
    }
    near += [NewFeature(name, shape, {}) for name, shape in shapes.items()]
    yield from _served(tmp_path_factory.mktemp("town"), near)


def _served(folder: Path, of: list[NewFeature]) -> Iterator[Places]:
    store = GeoPackage.create(folder / "places.gpkg")
    store.load(LAYER, of)
    store.close()
    catalog = Catalog.open(folder / "places.gpkg", folder)
    with serving(catalog) as site:
        yield Places(site)
    catalog.close()


@pytest.fixture(params=first_quick(1, ["cql2-text", "cql2-json"]))
def ask(request: pytest.FixtureRequest, places: Places) -> Callable[[str], list[str]]:
    """The ids that match a filter, which is sent in one of the encodings."""

    def ids(filter: str) -> list[str]:
        text = to_json(parse_text(filter)) if request.param == "cql2-json" else filter
        return places.ids(filter=text, **{"filter-lang": request.param})

    return ids
