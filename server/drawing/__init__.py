"""Drawings made once and written as SVG, PDF or pixels, without a browser or a system library."""
