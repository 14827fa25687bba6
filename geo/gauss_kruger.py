"""The 3-degree Gauss-Krüger zones of CGCS2000 (EPSG:4513 to EPSG:4554)."""

# EPSG:4534 is the zone around 75 E, EPSG:4554 that around 135 E, easting without the zone's
# number; EPSG:4513 to 4533 are the same zones, 25 to 45, with the number before the easting.
FIRST_PLAIN, LAST_PLAIN = 4534, 4554
FIRST_NUMBERED, LAST_NUMBERED = 4513, 4533
_FIRST_MERIDIAN, _WIDTH = 75, 3


def zone_at(lon: float) -> str | None:
    """The zone around a longitude in degrees, as `EPSG:n`; None where China has none."""
    number = round((lon - _FIRST_MERIDIAN) / _WIDTH)
    code = FIRST_PLAIN + number
    return f"EPSG:{code}" if FIRST_PLAIN <= code <= LAST_PLAIN else None


def central_meridian(code: int) -> int | None:
    """Degrees east of the zone with that EPSG code; None for a code of no such zone."""
    if FIRST_PLAIN <= code <= LAST_PLAIN:
        return _FIRST_MERIDIAN + _WIDTH * (code - FIRST_PLAIN)
    if FIRST_NUMBERED <= code <= LAST_NUMBERED:
        return _FIRST_MERIDIAN + _WIDTH * (code - FIRST_NUMBERED)
    return None
