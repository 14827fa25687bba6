"""The CRS of a file: an EPSG code, the office's own, GCJ-02 or BD-09; always x before y."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from geo import gauss_kruger
from geo.crs import BD09, CRS84, GCJ02, canonical, is_geographic
from layers.model import Text

if TYPE_CHECKING:
    from pyproj import CRS

# No authority lists these frames: a file that has to name its CRS cannot be in one of them.
_FRAMES: Mapping[str, str] = {GCJ02: "GCJ-02", BD09: "BD-09"}


@dataclass(frozen=True)
class FileCrs:
    """`name` is what was asked for, `definition` what geo.crs turns positions with."""

    name: str
    definition: str

    @property
    def is_offset(self) -> bool:
        """GCJ-02 or BD-09: degrees that are moved, of no CRS that a GIS knows."""
        return self.definition in _FRAMES

    @property
    def is_degrees(self) -> bool:
        return is_geographic(self.definition)

    @property
    def suffix(self) -> str:
        """At the end of a file's name, so that nobody takes moved positions for true ones."""
        return f"_{self.definition}" if self.is_offset else ""

    @property
    def label(self) -> str:
        """In a column, a readme or a menu: `EPSG:4549`, `GCJ-02`, or the office's own name."""
        return _FRAMES.get(self.definition, self.name)

    @cached_property
    def proj(self) -> "CRS":
        """As PROJ knows it; ValueError for GCJ-02 and BD-09, which have no definition."""
        from pyproj import CRS

        if self.is_offset:
            raise ValueError(f"{self.label} has no definition that a GIS could read")
        return CRS.from_user_input("EPSG:4326" if self.definition == CRS84 else self.definition)


_KNOWN: Mapping[str, Text] = {
    CRS84: Text("WGS 84 经纬度", "WGS 84 longitude, latitude"),
    "EPSG:4326": Text("WGS 84 经纬度（EPSG:4326）", "WGS 84 (EPSG:4326)"),
    "EPSG:4490": Text("CGCS2000 经纬度（EPSG:4490）", "CGCS2000 degrees (EPSG:4490)"),
    "EPSG:3857": Text("Web 墨卡托（EPSG:3857）", "Web Mercator (EPSG:3857)"),
    GCJ02: Text("GCJ-02（高德、腾讯地图）", "GCJ-02 (Amap, Tencent)"),
    BD09: Text("BD-09（百度地图）", "BD-09 (Baidu)"),
}


def title(crs: FileCrs) -> Text:
    """How a menu calls it."""
    if crs.definition in _KNOWN:
        return _KNOWN[crs.definition]
    code = crs.name.removeprefix("EPSG:")
    if crs.name == code:  # the office's own
        return Text(f"地方坐标系 {crs.name}", f"Local CRS {crs.name}")
    meridian = gauss_kruger.central_meridian(int(code))
    if meridian is None:
        return Text(f"{crs.proj.name}（{crs.name}）", f"{crs.proj.name} ({crs.name})")
    number = int(code) - gauss_kruger.FIRST_NUMBERED + 25
    zone = f" {number}" if int(code) <= gauss_kruger.LAST_NUMBERED else ""
    return Text(
        f"CGCS2000 3度带{f'（带号{zone}）' if zone else ''} {meridian}°E（{crs.name}）",
        f"CGCS2000 3-degree zone{zone}, {meridian}°E ({crs.name})",
    )


def file_crs(name: str, own: Mapping[str, str]) -> FileCrs:
    """The CRS of that name; `own` are definitions of the office by name. CRSError if unknown."""
    if name in own:
        return FileCrs(name, own[name])
    known = canonical(name)
    return FileCrs(known, known)


WGS84 = FileCrs(CRS84, CRS84)
