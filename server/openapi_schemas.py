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
