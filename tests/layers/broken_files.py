"""Layer files that are refused, and what is said of each."""

import json
from typing import Any

from tests.layers.layer_documents import collection, point, with_fields

BAD: dict[str, tuple[Any, str]] = {
    "not json": ("{", r"bad\.geojson: the file ends before it is complete"),
    "empty": ("", r"bad\.geojson: the file ends before it is complete"),
    "binary": (b"\x89PNG\r\n", r"bad\.geojson: is not valid JSON"),
    "gbk": (
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,'
        '"properties":{"名":"园"}}]}'.encode("gbk"),
        r"^bad\.geojson: is not written in UTF-8; perhaps GBK: save it as UTF-8\.$",
    ),
    "gbk in the definition": (
        '{"type":"FeatureCollection","layer":{"title":"园区"},"features":[]}'.encode("gbk"),
        r"^bad\.geojson: is not written in UTF-8; perhaps GBK",
    ),
    "neither": (
        b'{"type":"FeatureCollection","features":[],"x":"\xe9"}',
        r"^bad\.geojson: is not written in UTF-8\.$",
    ),
    "cut": (
        json.dumps(collection(point("a"), point("b")))[:-40],
        r"feature number 2: the file ends before",
    ),
    "nan": (
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":NaN}}]}',
        "feature number 1: is not valid JSON",
    ),
    "huge": (
        collection(point(n=10**30)),
        "feature number 1: has a whole number too large for 64 bits",
    ),
    "trailing": (json.dumps(collection(point())) + "x", "is not valid JSON"),
    "one feature": (point(), "is not a FeatureCollection"),
    "list": ([], "is not a FeatureCollection"),
    "no features": ({"type": "FeatureCollection"}, "is not a FeatureCollection"),
    "features null": ({"type": "FeatureCollection", "features": None}, "features must be a list"),
    "bare geometry": (
        collection({"type": "Point", "coordinates": [1, 2]}),
        'feature number 1: must be an object with "type": "Feature"',
    ),
    "null feature": (collection(None), "feature number 1: must be an object"),
    "properties": (
        collection(point() | {"properties": [1]}),
        r"feature a \(number 1\): properties must be an object or null",
    ),
    "lat lon": (
        collection(point("p-1", 31.1, 121.2)),
        r"bad\.geojson, feature p-1 \(number 1\): .*looks like lat,lon",
    ),
    "metres": (collection(point("p-1", 500000, 3400000)), "looks like metres, say which CRS"),
    "open ring": (
        collection(
            point()
            | {"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}}
        ),
        "is not closed",
    ),
    "bow tie": (
        collection(
            point()
            | {
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]],
                }
            }
        ),
        "not valid: Self-intersection",
    ),
    "geometry type": (
        collection(point() | {"geometry": {"type": "Circle"}}),
        "geometry type 'Circle' is not one of",
    ),
    "other geometry": (
        collection(
            point("l") | {"geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}},
            layer=with_fields(),
        ),
        r"feature l \(number 1\): is a LineString; the geometry of its schema is Point",
    ),
    "unknown property": (
        collection(point(b=1), layer=with_fields({"name": "a"})),
        "the property 'b', which its schema does not name",
    ),
    "wrong type": (
        collection(
            point("x"), point("p", a="5"), layer=with_fields({"name": "a", "type": "number"})
        ),
        r"feature p \(number 2\): a must be a number, not '5'",
    ),
    "wrong code": (
        collection(point(a="c"), layer=with_fields({"name": "a", "codes": {"x": "X", "y": "Y"}})),
        "a is 'c'; its codes are x, y",
    ),
    "wrong placement": (
        collection(point(a="roof"), layer=with_fields({"name": "a", "role": "placement"})),
        "its codes are site, park, township",
    ),
    "twice": (
        collection(point("p"), point("q"), point("p"), layer=with_fields()),
        "feature p: has an id that occurs twice",
    ),
    "twice, not fit": (
        collection(point("p q"), point("p q"), layer=with_fields()),
        r"feature p q \(number 2\): has an id that occurs twice",
    ),
    "nul": (collection(point(a="x\0y")), "a has a NUL character"),
    "nul name": (collection(point(**{"a\0": 1})), "must be a text without NUL"),
    "definition": (
        collection(layer={"schema": {"geometry": "Point", "fields": [{"name": "a", "typ": "x"}]}}),
        r"layer.schema.fields\[0\].typ is not known",
    ),
    "definition type": (collection(layer=[]), "layer must be an object"),
    "crs": (
        collection(point(), crs={"type": "name", "properties": {"name": "EPSG:999999"}}),
        "CRS 'EPSG:999999' is not known",
    ),
    "crs link": (
        collection(point(), crs={"type": "link", "properties": {"href": "x"}}),
        "leave `crs` out",
    ),
    "deep": (
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":{"a":'
        + "[" * 5_000
        + "]" * 5_000
        + "}}]}",
        "nested too deeply",
    ),
    "deep geometry": (
        collection(
            point()
            | {
                "geometry": json.loads(
                    '{"type":"GeometryCollection","geometries":[' * 60
                    + '{"type":"Point","coordinates":[1,2]}'
                    + "]}" * 60
                )
            }
        ),
        "nested more than 10 deep",
    ),
    "wide": (collection(point(**{f"p{n}": n for n in range(1_001)})), "more than 1000 properties"),
}
