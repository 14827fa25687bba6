"""How QGIS draws a layer: our symbols, hollow by placement, fanned out where they share a point."""

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from layers.model import Style
from layers.qgis.fan import aside
from layers.qgis.look import Look, one_of, quoted, text
from layers.qgis.xml import computed_options, options, put
from layers.style import FILLED, HOLLOW, filled_by, kind_title

MARKERS = {"cross": "cross_fill", "dot": "circle", "area": "square", "line": "circle"}
WHITE, GREY, INK = "#ffffff", "#8b857a", "#23272b"


class Rule(NamedTuple):
    """One line of the legend: its symbol, and the features it is for (an expression of QGIS)."""

    label: str
    filter: str
    symbol: Element
    ticked: bool = True


# What QGIS calls the kinds of geometry in its expressions.
_TYPES = {"point": "Point", "multipoint": "Point", "line": "Line", "area": "Polygon"}


def renderer(parent: Element, look: Look) -> None:
    # Those that somebody else has put aside need no displacing.
    displaced = look.fans_out and not look.offsets
    element = _element(_displacement(parent) if displaced else parent)
    _rules(element, put(element, "rules", key="{root}"), rules_of(look))
    if displaced:
        _centre(parent)


def mixed_renderer(parent: Element, looks: Sequence[Look]) -> None:
    """Of a table with several kinds of geometry QGIS makes a layer each, all with one style."""
    element = _element(parent)
    root = put(element, "rules", key="{root}")
    for look in looks:
        label = kind_title(look.layer, look.kind, look.lang)
        line = put(root, "rule", label=label, filter=only(look), key=f"{{{look.kind}}}")
        _rules(element, line, rules_of(look))


def only(look: Look) -> str:
    """The features of this kind of geometry."""
    return f"geometry_type($geometry) = {text(_TYPES[look.kind])}"


def rules_of(look: Look) -> list[Rule]:
    if look.kind in ("point", "multipoint"):
        return _placed(look)
    if look.kind == "line":
        return [Rule(look.layer.title.of(look.lang), "", _line(look.layer.style))]
    return _filled(look)


def _computed(look: Look) -> dict[str, str]:
    """What differs from feature to feature: its edge if it is inferred, its side of the point."""
    computed = {}
    inferred = look.layer.schema.with_role("inferred")
    if inferred:
        computed["outlineStyle"] = f"if({quoted(look.names[inferred.name])}, 'dash', 'solid')"
    if look.offsets:
        computed["offset"] = aside(look)
    return computed


def _placed(look: Look) -> list[Rule]:
    """The rest is drawn only if somebody in the office ticks its rule."""
    style, computed = look.layer.style, _computed(look)
    field = look.layer.schema.with_role("placement")
    if field is None or look.layer.role != "sites":
        return [Rule(look.layer.title.of(look.lang), "", _marker(style, False, computed))]
    place = quoted(look.names[field.name])
    words = {code: words.of(look.lang) for code, words in (field.codes or {}).items()}

    def label(codes: tuple[str, ...]) -> str:
        return " / ".join(words.get(code, code) for code in codes)

    known = ", ".join(text(code) for code in (*FILLED, *HOLLOW))
    rest = ("district", "unknown")
    filled = _marker(style, False, computed)
    return [
        Rule(label(FILLED), f"{one_of(place, FILLED)} OR {place} IS NULL", filled),
        Rule(label(HOLLOW), one_of(place, HOLLOW), _marker(style, True, computed)),
        Rule(label(rest), f"{place} NOT IN ({known})", _faint(style), ticked=False),
    ]


def _filled(look: Look) -> list[Rule]:
    """Areas by the fills of their style: of a group, or of single features."""
    layer, style = look.layer, look.layer.style
    width = "0.2" if layer.role == "backdrop" else "0.5"
    field = filled_by(layer)
    words = (field.codes if field else None) or {}
    place = quoted(look.names[field.name if field else None])
    rules = []
    for value, fill in style.fills.items():
        label = words[value].of(look.lang) if value in words else value
        symbol = _area(fill.light, "255", style.colour, width)
        rules.append(Rule(label, f"{place} = {text(value)}", symbol))
    rest = Rule(layer.title.of(look.lang), "", _area(style.colour, "40", style.colour, width))
    return [*rules, rest._replace(filter="ELSE")] if rules else [rest]


def _element(parent: Element) -> Element:
    return put(parent, "renderer-v2", type="RuleRenderer", symbollevels=0, enableorderby=0)


def _rules(element: Element, parent: Element, rules: list[Rule]) -> None:
    """More rules under `parent`; QGIS keeps the symbols of a renderer by their number in it."""
    symbols = element.find("symbols")
    if symbols is None:
        symbols = put(element, "symbols")
    for number, rule in enumerate(rules, len(symbols)):
        line = put(parent, "rule", symbol=number, label=rule.label, key=f"{{rule-{number}}}")
        if rule.filter:
            line.set("filter", rule.filter)
        if not rule.ticked:
            line.set("checkstate", "0")
        rule.symbol.set("name", str(number))
        symbols.append(rule.symbol)


def _displacement(parent: Element) -> Element:
    """Around the point that several things share; what shares none stays where it is.

    The tolerance is in units of the map: of degrees it is a centimetre, of metres nothing.
    """
    return put(
        parent, "renderer-v2", type="pointDisplacement", placement=0, tolerance="0.0000001",
        toleranceUnit="MapUnit", circleWidth="0.2", circleColor=colour(GREY),
        circleRadiusAddition="0.4", labelAttributeName="", labelDistanceFactor="0.5",
        maxLabelScaleDenominator=-1, gridType=0, enableorderby=0, symbollevels=0,
    )  # fmt: skip


def _centre(parent: Element) -> None:
    displaced = parent.find("renderer-v2")
    assert displaced is not None
    put(displaced, "labelFontProperties", description="Sans Serif,8,-1,5,50,0,0,0,0,0", style="")
    symbol = _symbol("marker", "SimpleMarker", {"name": "circle", "size": "1", **_ink(GREY, GREY)})
    symbol.set("name", "centerSymbol")
    displaced.append(symbol)


def _marker(style: Style, hollow: bool, computed: dict[str, str]) -> Element:
    inside, edge = (WHITE, style.colour) if hollow else (style.colour, WHITE)
    values = {
        "name": MARKERS.get(style.symbol, style.symbol),
        "size": "1.6" if style.symbol == "dot" else "3.4",
        "outline_width": "0.6" if hollow else "0.2",
        **_ink(inside, edge),
    }
    own = dict(computed)
    if not hollow and "outlineStyle" in own:
        # A white edge cannot be seen to be dashed: what is inferred gets a dark one.
        known = own["outlineStyle"].replace("'solid'", f"'{colour(edge)}'")
        own["outlineColor"] = known.replace("'dash'", f"'{colour(INK)}'")
    return _symbol("marker", "SimpleMarker", values, own)


def _faint(style: Style) -> Element:
    values = {
        "name": MARKERS.get(style.symbol, style.symbol),
        "size": "2.2",
        "outline_width": "0.2",
    }
    return _symbol("marker", "SimpleMarker", {**values, **_ink(WHITE, GREY)})


def _line(style: Style) -> Element:
    values = {"line_color": colour(style.colour), "line_width": "0.6", "line_style": "solid"}
    return _symbol("line", "SimpleLine", {**values, "joinstyle": "round", "capstyle": "round"})


def _area(inside: str, alpha: str, edge: str, width: str) -> Element:
    values = {"style": "solid", "outline_width": width, **_ink(inside, edge, alpha)}
    return _symbol("fill", "SimpleFill", values)


def _ink(inside: str, edge: str, alpha: str = "255") -> dict[str, str]:
    return {
        "color": colour(inside, alpha),
        "outline_color": colour(edge),
        "outline_style": "solid",
        "outline_width_unit": "MM",
        "size_unit": "MM",
    }


def _symbol(
    kind: str, layer_class: str, values: dict[str, str], computed: dict[str, str] | None = None
) -> Element:
    symbol = Element("symbol", {"type": kind, "alpha": "1", "clip_to_extent": "1"})
    layer = put(symbol, "layer", class_=layer_class, enabled=1, locked=0)
    layer.set("pass", "0")
    options(layer, values)
    if computed:
        computed_options(layer, "data_defined_properties", computed)
    return symbol


def colour(code: str, alpha: str = "255") -> str:
    digits = code.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return ",".join([*(str(int(digits[start : start + 2], 16)) for start in (0, 2, 4)), alpha])
