"""What one would write with folium alone: the made-up sites inlined, a popup for each."""

import folium
import shapely

from bench import sites


def folium_chart(number: int) -> folium.Map:
    features = [
        {
            "type": "Feature",
            "geometry": shapely.geometry.mapping(one.geometry),
            "properties": dict(one.properties),
        }
        for one in sites.new_features(number)
    ]
    chart = folium.Map([31.2, 120.5], zoom_start=8, tiles=None, prefer_canvas=True)
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=folium.CircleMarker(radius=4),
        popup=folium.GeoJsonPopup(["name", "address", "sector"]),
    )
    layer.add_to(chart)
    return chart
