"""Layers as GeoDataFrames, and GeoDataFrames as layers."""
