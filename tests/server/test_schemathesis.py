"""schemathesis tries what our API definition promises: every phase and every check that it has.

SCHEMATHESIS_EXAMPLES=100 tries more of each operation than there is time for in ./test.
"""

import os
import sys
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
import schemathesis
import shapely
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import events, from_schema

from layers.catalog import Catalog
from layers.model import Field, Layer, NewFeature, Schema, Text
from layers.stores.geopackage import GeoPackage
from layers.style import default_style
from tests.server.sites import Site, serving

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "5"))
Json = dict[str, Any]

TYPES = ("text", "integer", "number", "boolean", "date", "datetime", "list")
ROWS: tuple[tuple[Any, ...], ...] = (
    ("Ash", 1, 1.5, True, "2024-08-23", "2024-08-23T10:00:00.000Z", ["a", "b"]),
    ("Birch", -2, None, False, None, None, []),
    (None,) * len(TYPES),
)

# What no schema can say of a text: instead of one that was made up, one of these is sent.
RIGHT: dict[str, Sequence[Any]] = {
    "datetime": ("2024-08-23", "2024-01-01T00:00:00Z/..", "../2024-12-31", "2024-08-01/P1M"),
    "bbox": ("9,49,11,51", "10,50,10,50", "-5.5,-90,0,5.5,90,1"),
    "area": (
        "box:9,49,11,51",
        "polygon:9,49,11,49,10,51",
        "circle:10,50,1000",
        "feature:bare/only",
        "near:full/f1,1000",
        "near:bare/only,1000000",
    ),
    "extent": ("9,49,11,51", "170,-20,-170,-10", "10,50,10,50"),
    "center": ("10,50", "-180,0", "120.9,-31.5"),
    "selected": ("full/f1", "bare/only"),
    "compare": ("full/f1", "full/f1,bare/only"),
    "sort": ("text", "-integer"),
    "table": ("full", "none"),
    "slides": ('[["a",{}]]', '[["a",{"zoom":"9"}]]'),
    "where": ("1=1", "fid < 2", "id LIKE '%1' OR NOT id IS NULL"),
    "geometry": ("10,50", "9,49,11,51", '{"x":10,"y":50}'),
    "inSR": ("4326", '{"wkid":4490}'),
    "defaultSR": ("4326", "102100"),
    "outSR": ("4326", "3857", "4549", "102100"),
    "outFields": ("*", "id", "FID, id"),
    "orderByFields": ("fid", "id DESC", "id, fid ASC"),
    "groupByFieldsForStatistics": ("id",),
    "outStatistics": ('[{"statisticType":"count","onStatisticField":"id"}]',),
}
FILTERS = {
    "cql2-text": ("id = 'f1'", "id LIKE '%1' OR NOT id IS NULL", "true"),
    "cql2-json": ('{"op":"=","args":[{"property":"id"},"f1"]}', "false"),
}
# One path stands for all downloads: what fits only the layer and the format can tell.
OF_DOWNLOADS = ("layers", "properties", "sortby", "crs", "encoding")
# Only a link can tell these, they go with one order and one of them with another; and there is no
# basemap here.
MARKS = ("after", "before", "basemap")
# What is sent with the first would have to fit to it.
FIT_EACH_OTHER = {
    "geometry": ("geometryType", "distance"),
    "outStatistics": ("orderByFields",),
    "returnDistinctValues": ("orderByFields",),
    "group": ("layers",),
    "sum": ("layers",),
    "bins": ("layers",),
    "scale": ("width", "height"),
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A layer with a field of each type, one without fields, and one without features."""
    folder = tmp_path_factory.mktemp("promises")
    store = GeoPackage.create(folder / "promises.gpkg")
    schema = Schema("Point", tuple(Field(one, one, Text(one, one)) for one in TYPES))
    rows = [
        NewFeature(
            f"f{n}", shapely.Point(10 + n, 50) if n else None, dict(zip(TYPES, row, strict=True))
        )
        for n, row in enumerate(ROWS)
    ]
    area = [NewFeature("only", shapely.box(9, 49, 11, 51), {})]
    for name, made_of, features in (
        ("full", schema, rows),
        ("bare", Schema("Polygon", ()), area),
        ("none", schema, []),
    ):
        style = default_style(name, made_of.geometry)
        store.load(Layer(name, Text(name, name), made_of, style), features)
    store.close()
    catalog = Catalog.open(folder / "promises.gpkg", folder)
    with serving(catalog) as found:
        yield found
    catalog.close()


def one_of(right: Sequence[Any], made_up: object) -> Any:
    """The same for the same value: a run can be repeated."""
    return right[zlib.crc32(repr(made_up).encode()) % len(right)]


def put_right(given: Json) -> None:
    """Values of the query or the form that a program would send who has read the descriptions."""
    if "certainty" in given:
        given.setdefault("area", given["certainty"])
    for name in set(given) & set(RIGHT):
        given[name] = one_of(RIGHT[name], given[name])
    if "filter" in given:
        lang = given.get("filter-lang", "cql2-text")
        given["filter"] = one_of(FILTERS.get(lang, ("",)), given["filter"])
    for name in MARKS:
        given.pop(name, None)
    for name, others in FIT_EACH_OTHER.items():
        if name in given:
            for other in others:
                given.pop(other, None)


def right_path(path: Json, site: Site) -> None:
    if "featureId" in path:
        path["featureId"] = one_of(("f1", "only", path["featureId"]), path)
    if "number" in path:
        numbers = list(site.catalog.store.numbers().values())
        path["number"] = one_of([*numbers, path["number"]], path)


def is_meant(failure: Failure, case: Any, answer: Any) -> bool:
    """The only two things that schemathesis may find."""
    limit = str((case.query or {}).get("limit", ""))
    html = "text/html" in answer.headers.get("content-type", [""])[0]
    # More than the most is answered with the most (OGC API Features, 7.15.2), with no error.
    more = limit.isdigit() and int(limit) > 10_000 and "parameter `limit`" in str(failure)
    # The map opens whatever its address says, most of which is for its own script.
    the_map = case.operation.path in ("/", "/embed") and html
    return answer.status_code == 200 and (more or the_map)


@pytest.fixture
def tried(site: Site) -> Iterator[Any]:
    config = SchemathesisConfig(seed=1)
    schema = schemathesis.openapi.from_url(f"{site.url}/api", config=config)
    schema.config.generation.max_examples = EXAMPLES
    schema.config.generation.no_shrink = True
    schema.config.generation.database = "none"  # a run depends on none before it
    schema.config.continue_on_failure = True

    @schemathesis.hook
    def before_call(context: Any, case: Any, kwargs: Json) -> None:
        if case.meta is None or case.meta.generation.mode.is_positive:
            put_right(case.query)
            if case.operation.path.startswith("/downloads/"):
                for name in OF_DOWNLOADS:
                    case.query.pop(name, None)
            if isinstance(case.body, dict):
                put_right(case.body)
            right_path(case.path_parameters, site)

    @schema.hook
    def filter_failure(context: Any, failure: Failure, case: Any, response: Any) -> bool:
        return not is_meant(failure, case, response)

    yield schema
    schemathesis.hooks.unregister_all()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of schemathesis, to those who write definitions
def test_the_definition_is_kept(tried: Any) -> None:
    counted: Counter[str] = Counter()
    failed: dict[str, str] = {}
    for event in from_schema(tried).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            failed[repr(event)] = ""
        elif isinstance(event, events.ScenarioFinished):
            answers = event.recorder.interactions.values()
            counted.update(str(one.response and one.response.status_code) for one in answers)
            counted[event.phase.value] += len(answers)
            for one in (one for found in event.recorder.checks.values() for one in found):
                counted["checks"] += 1
                if one.failure_info is not None:
                    found = one.failure_info
                    failed[f"{event.label}: {one.name}"] = f"{found.failure}\n{found.code_sample}"
    sys.stdout.write(f"{dict(counted)}\n")  # for those who look at it with -s
    assert not failed, "\n\n".join(f"{name}: {text}" for name, text in failed.items())
    assert counted["coverage"] > 2_000
    assert counted["fuzzing"] > 20 * EXAMPLES
    assert counted["stateful"] > 0 < counted["200"]
