"""The schemas that the API definition names: what the documents of the server are made of."""

from collections.abc import Mapping
from typing import Any

URL = {"type": "string", "format": "uri"}
LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}


def reference(name: str) -> Mapping[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"} if name != "object" else {"type": "object"}


def needing(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


TEXT = {"type": "string"}
A_TEXT = {"type": "string", "minLength": 1}
COUNT = {"type": "integer", "minimum": 0}
GEOMETRY = {**needing("type", type=TEXT), "nullable": True}
LAYER_COUNTS = ("matched", "certain", "possible", "outside", "undecided", "left_out")
NUMBER = {"type": "number"}
BY_FIELD = {"type": "object"}
SCHEMAS: dict[str, Any] = {
    "link": needing("href", "rel", href=URL, rel=TEXT, type=TEXT, title=TEXT),
    "landingPage": needing("links", title=TEXT, description=TEXT, attribution=TEXT, links=LINKS),
    "conformance": needing("conformsTo", conformsTo={"type": "array", "items": TEXT}),
    "collection": needing(
        "id",
        "links",
        id=TEXT,
        title=TEXT,
        description=TEXT,
        itemType=TEXT,
        crs={"type": "array", "items": TEXT},
        storageCrs=TEXT,
        extent={"type": "object"},
        links=LINKS,
    ),
    "collections": needing(
        "links",
        "collections",
        links=LINKS,
        collections={"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
    ),
    "feature": needing(
        "type",
        "geometry",
        "properties",
        type={"type": "string", "enum": ["Feature"]},
        id=TEXT,
        geometry=GEOMETRY,
        properties={"type": "object"},
        links=LINKS,
    ),
    "features": needing(
        "type",
        "features",
        type={"type": "string", "enum": ["FeatureCollection"]},
        features={"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
        links=LINKS,
        timeStamp={"type": "string", "format": "date-time"},
        numberMatched=COUNT,
        numberReturned=COUNT,
    ),
    "coordinates": needing(
        "lon",
        "lat",
        "systems",
        lon={"type": "number"},
        lat={"type": "number"},
        systems={
            "type": "array",
            "minItems": 1,
            "items": {"$ref": "#/components/schemas/coordinatesInSystem"},
        },
    ),
    "coordinatesInSystem": needing(
        "crs",
        "label",
        "axes",
        "text",
        crs=TEXT,
        label=TEXT,
        axes={
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "description": "Degrees longitude first, metres as the authority orders them",
            "items": needing(
                "label", "value", "text", label=TEXT, value={"type": "number"}, text=TEXT, dms=TEXT
            ),
        },
        text={**TEXT, "description": "Both numbers, to copy"},
    ),
    "search": needing(
        "q",
        "numberReturned",
        "hits",
        "places",
        q=TEXT,
        numberReturned=COUNT,
        hits={"type": "array", "items": {"$ref": "#/components/schemas/hit"}},
        places={"type": "array", "items": {"$ref": "#/components/schemas/place"}},
    ),
    "hit": needing(
        "layer",
        "id",
        "match",
        "fragments",
        layer=TEXT,
        layerTitle=TEXT,
        id=TEXT,
        name={**TEXT, "nullable": True},
        match={"type": "string", "enum": ["exact", "prefix", "word", "pinyin", "typo"]},
        field={
            **needing("name", "label", name=TEXT, label=TEXT),
            "nullable": True,
            "description": "The field that matches",
        },
        text={**TEXT, "nullable": True, "description": "The text that matches"},
        fragments={
            "type": "array",
            "description": "Begin and end of each match, in Unicode code points of text",
            "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": COUNT},
        },
        placement={**TEXT, "nullable": True},
        geometry={"type": "object", "nullable": True, "description": "A point, or null"},
        bbox={
            "type": "array",
            "nullable": True,
            "minItems": 4,
            "maxItems": 4,
            "items": {"type": "number"},
        },
        href=TEXT,
    ),
    "place": needing(
        "label",
        "crs",
        "swapped",
        "geometry",
        label={**TEXT, "description": "The reading, in words"},
        crs=TEXT,
        swapped={"type": "boolean", "description": "Whether latitude or northing came first"},
        geometry={"type": "object", "description": "A point in CRS84"},
    ),
    "matches": needing(
        "area",
        "label",
        "target",
        "layers",
        area={"type": "object", "nullable": True, "description": "The area as GeoJSON"},
        label={**TEXT, "nullable": True, "description": "The area in words"},
        target={
            **needing(
                "layer",
                "id",
                "name",
                layer=TEXT,
                id=TEXT,
                name=TEXT,
                uncertainty_m={"type": "number", "nullable": True},
            ),
            "nullable": True,
            "description": "The feature that distances are taken from",
        },
        layers={"type": "array", "items": {"$ref": "#/components/schemas/matchesOfLayer"}},
    ),
    "matchesOfLayer": needing(
        "id",
        *LAYER_COUNTS,
        "knows",
        "features",
        "undecided_ids",
        id=TEXT,
        **dict.fromkeys(LAYER_COUNTS, COUNT),
        knows={"type": "boolean", "description": "Whether it has all fields of the filter"},
        features={"type": "array", "items": {"$ref": "#/components/schemas/match"}},
        undecided_ids={"type": "array", "items": TEXT},
    ),
    "match": needing(
        "id",
        "certainty",
        "distance_m",
        "uncertainty_m",
        id=TEXT,
        certainty={"type": "string", "enum": ["certain", "possible"], "nullable": True},
        distance_m={"type": "number", "nullable": True},
        uncertainty_m={"type": "number", "nullable": True},
    ),
    "statistics": needing(
        "matched",
        "layers",
        "groups",
        "totals",
        "bins",
        "rankable",
        matched=COUNT,
        layers={"type": "array", "items": {"$ref": "#/components/schemas/countedLayer"}},
        groups={"type": "array", "items": {"$ref": "#/components/schemas/group"}},
        totals=BY_FIELD | {"additionalProperties": {"$ref": "#/components/schemas/knownSum"}},
        bins=BY_FIELD | {"additionalProperties": {"$ref": "#/components/schemas/histogram"}},
        rankable={
            "type": "boolean",
            "description": "False where more than a quarter is unknown or inferred",
        },
    ),
    "countedLayer": needing(
        "id",
        "matched",
        "knows",
        "figures",
        id=TEXT,
        title=TEXT,
        matched=COUNT,
        knows={"type": "boolean", "description": "False where it lacks a field of the filter"},
        figures={"type": "array", "items": {"$ref": "#/components/schemas/figure"}},
    ),
    "figure": needing(
        "id",
        "complete",
        id=TEXT,
        label=TEXT,
        value={**NUMBER, "nullable": True, "description": "Null unless complete"},
        qualifier={**TEXT, "nullable": True},
        unit={**TEXT, "nullable": True},
        text={**TEXT, "nullable": True, "description": "As it is printed; null unless complete"},
        members=COUNT,
        matched=COUNT,
        complete={"type": "boolean", "description": "Whether all its members are counted here"},
    ),
    "group": needing(
        "values",
        "labels",
        "kind",
        "count",
        "inferred",
        values={
            **BY_FIELD,
            "description": "A value, null, or the several values of a list",
        },
        labels=BY_FIELD | {"additionalProperties": TEXT},
        kind={"type": "string", "enum": ["value", "several", "unknown"]},
        count=COUNT,
        inferred={**COUNT, "description": "Besides count: those whose place is inferred"},
        sums=BY_FIELD | {"additionalProperties": {"$ref": "#/components/schemas/knownSum"}},
        layers=BY_FIELD | {"additionalProperties": COUNT},
    ),
    "knownSum": needing(
        "known_sum",
        "known_count",
        "count",
        known_sum={**NUMBER, "nullable": True, "description": "Null where nothing is known"},
        known_count=COUNT,
        count=COUNT,
        unit={**TEXT, "nullable": True},
    ),
    "histogram": needing(
        "known_count",
        "unknown_count",
        "edges",
        "counts",
        least={"nullable": True, "description": "A number or a date"},
        greatest={"nullable": True},
        known_count=COUNT,
        unknown_count=COUNT,
        edges={"type": "array", "items": {}, "description": "One more than counts"},
        counts={"type": "array", "items": COUNT},
    ),
    "problem": needing(
        "type",
        "title",
        "status",
        type=TEXT,
        title=TEXT,
        status={"type": "integer"},
        detail=TEXT,
        parameter=TEXT,
    ),
}
