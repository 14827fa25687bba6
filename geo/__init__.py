"""Coordinates and shapes: pure functions over arrays and geometries, no files and no web."""
