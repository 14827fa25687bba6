"""Filters (CQL2, OGC 21-065r2): parsed from text or JSON, checked against a layer, answered."""

from layers.filter.check import check
from layers.filter.errors import FilterError
from layers.filter.limits import LIMITS, Limits
from layers.filter.queryables import queryables
from layers.filter.read_json import parse_json
from layers.filter.read_text import parse_text

__all__ = [
    "LIMITS",
    "FilterError",
    "Limits",
    "check",
    "parse_json",
    "parse_text",
    "queryables",
]
