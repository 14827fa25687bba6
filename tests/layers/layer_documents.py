"""Layer files made for a test."""

from typing import Any


def point(
    id: object = "a", lon: float = 10.5, lat: float = 50.5, **properties: Any
) -> dict[str, Any]:
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return feature if id is None else feature | {"id": id}


def collection(*features: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection"} | members | {"features": list(features)}


def with_fields(*fields: dict[str, Any], geometry: str = "Point") -> dict[str, Any]:
    return {"schema": {"geometry": geometry, "fields": list(fields)}}
