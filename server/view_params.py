"""The parts of a view in an address: what the map page writes there, and short links keep.

What they mean is the page's business (static/view.js); a test holds the two lists equal.
"""

from dataclasses import replace
from typing import Any

from server.params import AREA, CERTAINTY, FILTER, LANG, LAYERS, NARROWED, Parameter, parse_text


def _part(name: str, description: str) -> Parameter[Any]:
    return Parameter(name, parse_text, "text", description=description)


VIEW: tuple[Parameter[Any], ...] = (
    _part("center", "lon,lat in degrees"),
    _part("zoom", "Zoom level"),
    _part("layers", "Layers that are switched on"),
    _part("filter", "CQL2 text"),
    _part("q", "Words to be found"),
    _part("area", "An area, or a distance from a feature"),
    _part("certainty", "certain or possible"),
    _part("selected", "layer/id"),
    _part("drawer", "What is open under the map"),
    _part("sort", "The field that list and table are sorted by, with - falling"),
    _part("table", "The layer that the table shows"),
    _part("group", "Fields that statistics count by"),
    _part("sum", "A field that statistics add up"),
    _part("shade", "1 where districts are coloured by the statistics"),
    _part("compare", "Districts side by side: layer/id,layer/id"),
    _part("basemap", "A basemap"),
    _part(
        "slides",
        "Views kept for a meeting: a JSON array of arrays, each a title and the parameters of a"
        " view",
    ),
    _part("theme", "light or dark"),
    LANG,
)

# The page writes none where all are switched off.
_SHOWN = replace(
    LAYERS,
    parse=lambda text: LAYERS.parse(text) if text else (),
    schema={**LAYERS.schema, "minItems": 0},
)
_READ_HERE = {one.name: one for one in (_SHOWN, FILTER, NARROWED, AREA, CERTAINTY)}
# Of a file: whoever orders one learns at once what cannot be shown.
FILE_VIEW: tuple[Parameter[Any], ...] = tuple(_READ_HERE.get(one.name, one) for one in VIEW)
