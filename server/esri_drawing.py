"""How a feature service draws a layer: our symbol, colour and fills as Esri's renderers."""

from typing import Any

from layers.model import PLACEMENTS
from layers.style import FILLED, HOLLOW, filled_by
from server.esri_layers import Published

# The nearest that there is; a pin of five corners or a star is a picture in Esri's JSON.
SYMBOLS = {
    "square": "esriSMSSquare",
    "diamond": "esriSMSDiamond",
    "triangle": "esriSMSTriangle",
    "cross": "esriSMSCross",
}
NULL = "<Null>"
SMALL, USUAL = 4, 9

Json = dict[str, Any]


def drawing(one: Published, label: str, lang: str) -> Json:
    return {
        "renderer": _renderer(one, lang),
        "transparency": 0,
        "labelingInfo": None if one.kind == "line" else [_labels(one, label)],
    }


def _renderer(one: Published, lang: str) -> Json:
    if one.kind in ("point", "multipoint"):
        return _by_placement(one, lang) or _simple(_marker(one, hollow=False), one, lang)
    if one.kind == "line":
        return _simple(_line(one.layer.style.colour, 1.5), one, lang)
    return _by_fill(one) or _simple(_fill(one.layer.style.colour, 40, one), one, lang)


def _simple(symbol: Json, one: Published, lang: str) -> Json:
    label = one.layer.title.of(lang)
    return {"type": "simple", "symbol": symbol, "label": label, "description": ""}


def _by_placement(one: Published, lang: str) -> Json | None:
    column = next(
        (each for each in one.columns if each.field and each.field.role == "placement"), None
    )
    if column is None or column.field is None:
        return None
    codes = column.field.codes or {}
    infos = []
    for value in (*FILLED, *HOLLOW, NULL):
        text = codes[value].of(lang) if value in codes else value
        symbol = _marker(one, hollow=value in HOLLOW)
        infos.append({"value": value, "label": text, "description": "", "symbol": symbol})
    assert set(FILLED + HOLLOW) < set(PLACEMENTS)
    return _unique(column.name, infos)


def _by_fill(one: Published) -> Json | None:
    """Fills are by the group, or by the feature itself."""
    fills = one.layer.style.fills
    if not fills:
        return None
    field = filled_by(one.layer)
    column = next(each for each in one.columns if each.field is field)
    infos = [
        {"value": value, "label": value, "description": "", "symbol": _fill(fill.light, 255, one)}
        for value, fill in fills.items()
    ]
    return {**_unique(column.name, infos), "defaultSymbol": _fill(one.layer.style.colour, 40, one)}


def _unique(name: str, infos: list[Json]) -> Json:
    return {
        "type": "uniqueValue",
        "field1": name,
        "field2": None,
        "field3": None,
        "fieldDelimiter": ", ",
        "defaultSymbol": None,
        "defaultLabel": None,
        "uniqueValueInfos": infos,
    }


def _marker(one: Published, hollow: bool) -> Json:
    style = one.layer.style
    inside = colour("#ffffff") if hollow else colour(style.colour)
    edge = colour(style.colour) if hollow else colour("#ffffff")
    return {
        "type": "esriSMS",
        "style": SYMBOLS.get(style.symbol, "esriSMSCircle"),
        "color": inside,
        "size": SMALL if style.symbol == "dot" else USUAL,
        "angle": 0,
        "xoffset": 0,
        "yoffset": 0,
        "outline": {"type": "esriSLS", "style": "esriSLSSolid", "color": edge, "width": 1.5},
    }


def _line(line_colour: str, width: float) -> Json:
    return {
        "type": "esriSLS",
        "style": "esriSLSSolid",
        "color": colour(line_colour),
        "width": width,
    }


def _fill(inside: str, alpha: int, one: Published) -> Json:
    return {
        "type": "esriSFS",
        "style": "esriSFSSolid",
        "color": colour(inside, alpha),
        "outline": _line(one.layer.style.colour, 1),
    }


def _labels(one: Published, label: str) -> Json:
    area = one.kind == "area"
    place = (
        "esriServerPolygonPlacementAlwaysHorizontal"
        if area
        else "esriServerPointLabelPlacementAboveRight"
    )
    return {
        "labelPlacement": place,
        "where": None,
        "labelExpression": f"[{label}]",
        "labelExpressionInfo": {"expression": f'$feature["{label}"]'},
        "useCodedValues": True,
        "minScale": 0 if area else 500_000,
        "maxScale": 0,
        "symbol": {
            "type": "esriTS",
            "color": colour("#23272b"),
            "haloColor": colour("#ffffff"),
            "haloSize": 1,
            "font": {"family": "Arial", "size": 9, "style": "normal", "weight": "normal"},
        },
    }


def colour(text: str, alpha: int = 255) -> list[int]:
    """#RGB or #RRGGBB, as styles have them, in numbers."""
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return [int(digits[start : start + 2], 16) for start in (0, 2, 4)] + [alpha]
