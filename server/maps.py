"""The map by folium with nothing foreign in it: no assets but ours, stable ids, data by link.

    chart = ZoneMap("Map of the zone", {"extent": None}, location=[31.0, 120.9], zoom_start=10)
    ZoneLayer({"id": "parks", "url": "/downloads/parks.geojson"}).add_to(chart)
    element, script = chart.parts()

folium's own popups, tooltips and GeoJson write values into markup; none of them is used here, and
none may be given data.
"""

import html
from collections.abc import Mapping
from typing import Any

import folium
import orjson
from branca.element import Figure
from folium.map import Layer
from folium.template import Template


def script_json(value: object) -> str:
    """JSON that cannot end a script, open a comment or break a line where JavaScript would.

    Nor run code here: branca takes whatever a macro has rendered for a template and renders it
    again, so that {{ }} in a title would be evaluated. These pairs occur in JSON inside texts only.
    """
    text = orjson.dumps(value).decode()
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    for second in "{%#":
        text = text.replace("{" + second, "\\u007b" + second)
    return text


def attribute(value: str) -> str:
    """A text as an attribute's value, safe from being rendered twice for the same reason."""
    return html.escape(value).replace("{", "&#123;")


class ZoneMap(folium.Map):
    """A Leaflet map named `map`, handed with what else the page needs to `window.zoneAtlas`."""

    _template = Template(
        """
        {% macro html(this, kwargs) -%}
        <div id="{{ this.get_name() }}" class="folium-map"
             role="region" aria-label="{{ this.label }}"></div>
        {%- endmacro %}

        {% macro script(this, kwargs) -%}
        var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, {
            center: {{ this.location|tojson }},
            ...{{ this.options|tojavascript }}
        });
        window.zoneAtlas = {map: {{ this.get_name() }}, layers: [], ...{{ this.scene_json }}};
        {%- endmacro %}
        """
    )

    def __init__(
        self,
        label: str,
        scene: Mapping[str, object],
        min_zoom: float = 1,
        max_zoom: float = 18,
        **options: Any,
    ) -> None:
        """`options` are folium's and Leaflet's; no tiles unless the page's script adds them."""
        super().__init__(tiles=None, **options)
        # folium takes these for its tiles; without tiles they would be lost.
        self.options.update(min_zoom=min_zoom, max_zoom=max_zoom)
        # folium would link Leaflet, jQuery, Bootstrap and more from four hosts.
        self.default_js = []
        self.default_css = []
        self.label = attribute(label)
        self.scene_json = script_json(dict(scene))

    def get_name(self) -> str:
        # folium's names are random: every page would be another, and no cache could keep it.
        return "map"

    def parts(self) -> tuple[str, str]:
        """The page's element and the script that fills it."""
        self.render()  # type: ignore[no-untyped-call]  # folium leaves this one untyped
        figure = self.get_root()
        assert isinstance(figure, Figure)
        return figure.html.render().strip(), figure.script.render().strip() + "\n"


class ZoneLayer(Layer):
    """Tells the page's script of one layer; its features are fetched from the `url` in `entry`."""

    _template = Template(
        """
        {% macro script(this, kwargs) -%}
        window.zoneAtlas.layers.push({{ this.entry_json }});
        {%- endmacro %}
        """
    )

    def __init__(self, entry: Mapping[str, Any]) -> None:
        # Shown and hidden by the page's script: folium's `show` would call addTo on nothing.
        super().__init__(name=str(entry["id"]), overlay=True, control=False, show=False)
        self._name = "ZoneLayer"
        self._id = str(entry["id"])
        self.entry_json = script_json(dict(entry))
