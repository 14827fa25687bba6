"""What a feature service says of itself: catalog, service and layer documents (Esri's JSON)."""

from typing import Any

from geo.crs import CRS84
from geo.extent import Extent
from layers.model import Field, Zone
from layers.stores.store import Store
from layers.style import kind_title
from layers.values import YES_NO
from server.esri_drawing import drawing
from server.esri_geometry import extent_document, reference_document
from server.esri_layers import GEOMETRY_TYPES, Column, Published
from server.settings import Settings
from server.version import VERSION

# The version of Esri's server whose answers these are like; clients choose their requests by it.
LIKE_VERSION = 10.91
MOST_RECORDS = 2_000
LONGEST_TEXT = 65_536
TYPES = {
    "text": "esriFieldTypeString",
    "list": "esriFieldTypeString",
    "integer": "esriFieldTypeInteger",
    "number": "esriFieldTypeDouble",
    "boolean": "esriFieldTypeSmallInteger",
    "date": "esriFieldTypeDate",
    "datetime": "esriFieldTypeDate",
}

Json = dict[str, Any]


def most_records(settings: Settings) -> int:
    return min(MOST_RECORDS, settings.max_items)


def info_document() -> Json:
    """Clients ask whether they need a token before they ask for anything else."""
    return {
        "currentVersion": LIKE_VERSION,
        "fullVersion": f"{LIKE_VERSION} (ZoneAtlas {VERSION})",
        "authInfo": {"isTokenBasedSecurity": False},
    }


def catalog_document(zone: Zone) -> Json:
    service = {"name": zone.id, "type": "FeatureServer"}
    return {"currentVersion": LIKE_VERSION, "folders": [], "services": [service]}


def service_document(
    store: Store, zone: Zone, found: list[Published], settings: Settings, lang: str
) -> Json:
    whole = _whole_extent(store, found)
    return {
        "currentVersion": LIKE_VERSION,
        "serviceDescription": zone.full_name.of(lang) or zone.title.of(lang),
        "description": zone.description.of(lang),
        "copyrightText": zone.credit.of(lang),
        "hasVersionedData": False,
        "hasStaticData": False,
        "supportsDisconnectedEditing": False,
        "syncEnabled": False,
        "allowGeometryUpdates": False,
        "capabilities": "Query",
        "supportedQueryFormats": "JSON, geoJSON",
        "maxRecordCount": most_records(settings),
        "spatialReference": reference_document(CRS84),
        "initialExtent": extent_document(whole, CRS84),
        "fullExtent": extent_document(whole, CRS84),
        "units": "esriDecimalDegrees",
        "documentInfo": {"Title": zone.title.of(lang), "Subject": zone.subtitle.of(lang)},
        "layers": [
            {
                "id": one.number,
                "name": name_of(one, lang),
                "type": "Feature Layer",
                "geometryType": GEOMETRY_TYPES[one.kind],
                "parentLayerId": -1,
                "subLayerIds": None,
                "defaultVisibility": one.layer.visible,
                "minScale": 0,
                "maxScale": 0,
            }
            for one in found
        ],
        "tables": [],
    }


def _whole_extent(store: Store, found: list[Published]) -> Extent | None:
    whole: Extent | None = None
    for layer_id in dict.fromkeys(one.layer.id for one in found):
        extent = store.extent(layer_id)
        if extent:
            whole = whole.union(extent) if whole else extent
    return whole


def name_of(one: Published, lang: str) -> str:
    return one.layer.title.of(lang) if one.parts == 1 else kind_title(one.layer, one.kind, lang)


def layer_document(store: Store, one: Published, settings: Settings, lang: str) -> Json:
    layer = one.layer
    label = _label_column(one, lang)
    return {
        "currentVersion": LIKE_VERSION,
        "id": one.number,
        "name": name_of(one, lang),
        "type": "Feature Layer",
        "description": layer.description.of(lang),
        "copyrightText": layer.licence.title.of(lang) if layer.licence else "",
        "geometryType": GEOMETRY_TYPES[one.kind],
        "parentLayer": None,
        "subLayers": [],
        "defaultVisibility": layer.visible,
        "minScale": 0,
        "maxScale": 0,
        "extent": extent_document(store.extent(layer.id), CRS84),
        "sourceSpatialReference": reference_document(CRS84),
        "drawingInfo": drawing(one, label, lang),
        "hasM": False,
        "hasZ": False,
        "hasAttachments": False,
        "hasStaticData": False,
        "isDataVersioned": False,
        "htmlPopupType": "esriServerHTMLPopupTypeAsHTMLText",
        "displayField": label,
        "typeIdField": "",
        "subtypeField": "",
        "relationships": [],
        "types": [],
        "templates": [],
        "objectIdField": one.key,
        "uniqueIdField": {"name": one.key, "isSystemMaintained": True},
        "globalIdField": "",
        "fields": [key_field(one), *(field_document(one, each, lang) for each in one.columns)],
        "geometryField": {"name": "shape", "type": "esriFieldTypeGeometry", "alias": "shape"},
        "indexes": [],
        "dateFieldsTimeReference": {"timeZone": "UTC", "respectsDaylightSaving": False},
        **_time(one),
        "capabilities": "Query",
        "maxRecordCount": most_records(settings),
        "standardMaxRecordCount": most_records(settings),
        "tileMaxRecordCount": most_records(settings),
        "maxRecordCountFactor": 1,
        "supportedQueryFormats": "JSON, geoJSON",
        "supportsStatistics": True,
        "supportsAdvancedQueries": True,
        "supportsCoordinatesQuantization": False,
        "useStandardizedQueries": True,
        "advancedQueryCapabilities": {
            "useStandardizedQueries": True,
            "supportsPagination": True,
            "supportsPaginationOnAggregatedQueries": True,
            "supportsStatistics": True,
            "supportsOrderBy": True,
            "supportsDistinct": True,
            "supportsCountDistinct": True,
            "supportsQueryWithDistance": True,
            "supportsReturningQueryExtent": True,
            "supportsReturningGeometryCentroid": False,
            "supportsHavingClause": False,
            "supportsSqlExpression": False,
            "supportsPercentileStatistics": False,
            "supportsQueryWithResultType": False,
            "supportsTrueCurve": False,
        },
        "supportsSpatialReference": True,
    }


def _label_column(one: Published, lang: str) -> str:
    """What a feature is called by: its name, else its public id."""
    name = one.layer.schema.with_role("name", lang)
    return next(each.name for each in one.columns if each.field is name)


def key_field(one: Published) -> Json:
    return {
        "name": one.key,
        "type": "esriFieldTypeOID",
        "alias": one.key,
        "sqlType": "sqlTypeOther",
        "nullable": False,
        "editable": False,
        "domain": None,
        "defaultValue": None,
    }


def field_document(one: Published, column: Column, lang: str) -> Json:
    kind = TYPES[column.source]
    if column.field and column.field.name in one.profile.wide:
        kind = TYPES["number"]  # beyond 32 bits; doubles hold 53
    document = {
        "name": column.name,
        "type": kind,
        "alias": _alias(column, lang),
        "sqlType": "sqlTypeOther",
        "nullable": column.field is not None,
        "editable": False,
        "domain": _domain(column, lang),
        "defaultValue": None,
    }
    return {**document, "length": LONGEST_TEXT} if kind == TYPES["text"] else document


def _alias(column: Column, lang: str) -> str:
    if column.field is None:
        return column.name
    label = column.field.label.of(lang) or column.field.name
    if not column.field.unit:
        return label
    return f"{label}（{column.field.unit}）" if lang == "zh" else f"{label} ({column.field.unit})"


def _domain(column: Column, lang: str) -> Json | None:
    """The codes in words. Of a list a client can put only a single member into words."""
    field = column.field
    values: list[tuple[object, str]] = []
    if field and field.type == "boolean":
        values = list(enumerate(YES_NO[lang]))
    elif field and field.codes:
        values = [(code, text.of(lang)) for code, text in field.codes.items()]
    if not values:
        return None
    coded = [{"name": text, "code": code} for code, text in values]
    return {
        "type": "codedValue",
        "name": column.name,
        "description": "",
        "codedValues": coded,
        "mergePolicy": "esriMPTDefaultValue",
        "splitPolicy": "esriSPTDefaultValue",
    }


def _time(one: Published) -> Json:
    """Where one column tells when, and its span is known."""
    column = one.time
    field: Field | None = column.field if column else None
    span = one.profile.times.get(field.name) if field else None
    if column is None or span is None:
        return {}
    return {
        "timeInfo": {
            "startTimeField": column.name,
            "endTimeField": None,
            "trackIdField": None,
            "timeExtent": list(span),
            "timeReference": {"timeZone": "UTC", "respectsDaylightSaving": False},
            "timeInterval": 1,
            "timeIntervalUnits": "esriTimeUnitsDays",
            "exportOptions": {"useTime": False, "timeDataCumulative": False},
            "hasLiveData": False,
        }
    }
