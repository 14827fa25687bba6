"""ZoneAtlas in Python: layers as GeoDataFrames, GeoDataFrames as layers, and the map of both.

import zoneatlas

zone = zoneatlas.open()                              # the bundled zone
parks = zone.frame("parks", crs="EPSG:4549")         # a GeoDataFrame
zone.map(layers=["parks"], q="wujiang")              # shown in a notebook
zone.map().save("map.html")                          # one file that needs no server
"""

from zoneatlas.atlas import Atlas, map, open  # noqa: A004  # as other libraries have them

__all__ = ["Atlas", "map", "open"]
