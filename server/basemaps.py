"""The optional raster basemaps: none is offered, and no host asked, unless a setting names it."""

import re
import shlex
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from server.hosts import split_host

OPTIONS = ("title", "attribution", "datum", "max_zoom", "subdomains")
# What Leaflet fills in; it refuses to draw an address with any other.
PLACES = ("{z}", "{x}", "{y}", "{s}", "{r}")
OPTION = re.compile(rf"({'|'.join(OPTIONS)})=(.*)", re.DOTALL)


@dataclass(frozen=True)
class Basemap:
    """A raster basemap; `datum` says where its tiles are drawn, and only the drawing is shifted."""

    id: str
    url: str
    zh: str
    en: str
    attribution: str
    datum: str = "wgs84"
    max_zoom: int = 18
    subdomains: str = ""
    # A second sheet of the same kind drawn on top, for services that keep names apart.
    labels_url: str | None = None

    def config(self, keys: dict[str, str]) -> dict[str, Any]:
        """What the page needs; `keys` are those of the services that want one, by their id."""
        return {
            "id": self.id,
            "title": {"zh": self.zh, "en": self.en},
            "url": self.url.replace("{key}", keys.get(self.id, "")),
            "labels_url": self.labels_url
            and self.labels_url.replace("{key}", keys.get(self.id, "")),
            "subdomains": list(self.hosts),
            "attribution": self.attribution,
            "datum": self.datum,
            "max_zoom": self.max_zoom,
        }

    @property
    def hosts(self) -> str:
        """What stands for {s}, a letter each; Leaflet's own default where nothing is said."""
        return self.subdomains or "abc"

    @property
    def origins(self) -> list[str]:
        """The origins its tiles come from, for the content security policy."""
        parts = urlsplit(self.url)
        hosts = {source_host(parts.netloc.replace("{s}", one)) for one in self.hosts}
        return sorted(f"{parts.scheme}://{host}" for host in hosts)


TIANDITU = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0"
    "&LAYER={layer}&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles"
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={{key}}"
)
KNOWN = {
    "osm": Basemap(
        id="osm",
        url="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        zh="OpenStreetMap",
        en="OpenStreetMap",
        attribution="© OpenStreetMap contributors",
        max_zoom=19,
    ),
    "tianditu": Basemap(
        id="tianditu",
        url=TIANDITU.format(layer="vec"),
        labels_url=TIANDITU.format(layer="cva"),
        zh="天地图",
        en="Tianditu",
        attribution="天地图",
        subdomains="01234567",
    ),
}


def parse_basemaps(text: str) -> tuple[Basemap, ...]:
    """Basemaps as a setting writes them: a known name or an address, then its options."""
    try:
        words = shlex.split(text)
    except ValueError:
        raise ValueError("words with closed quotes") from None
    found: list[Basemap] = []
    for word in words:
        option = OPTION.fullmatch(word)
        if option is None:
            found.append(KNOWN.get(word) or own_basemap(word, len(found) + 1))
        elif found:
            found[-1] = with_option(found[-1], option[1], option[2])
        else:
            raise ValueError("a basemap before its options")
    if len({one.id for one in found}) < len(found):
        raise ValueError("each basemap once")
    return tuple(found)


def own_basemap(url: str, number: int) -> Basemap:
    known = "osm, tianditu or an http(s) address with {z}, {x} and {y}"
    wrong = ValueError(f"{known} ({url[:80]!r} is none)")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise wrong from None
    placed = all(place in url for place in PLACES[:3])
    strange = set(re.findall(r"\{[^}]*\}?", url)) - set(PLACES)
    if not placed or not is_tile_host(parts.netloc) or parts.scheme not in ("http", "https"):
        raise wrong
    if strange:
        raise ValueError(f"{known}, and nothing else in braces but {{s}} and {{r}}")
    host = parts.netloc.replace("{s}.", "")
    return Basemap(id=f"basemap-{number}", url=url, zh=host, en=host, attribution=host)


def is_tile_host(authority: str) -> bool:
    """A name or address with {s} as a part of it at most: other characters could end the source
    list of the content security policy, and {s} alone would be hosts called a, b and c.
    """
    bare = authority.partition(":")[0] == "{s}"
    return not bare and split_host(authority.replace("{s}", "a", 1)) is not None


def source_host(authority: str) -> str:
    """As a content security policy names it: its grammar has no IPv6 addresses, only any host."""
    if not authority.startswith("["):
        return authority
    port = authority.rpartition("]")[2]
    return f"*{port}"


def with_option(basemap: Basemap, name: str, value: str) -> Basemap:
    if name == "title":
        return replace(basemap, zh=value, en=value)
    if name == "attribution":
        return replace(basemap, attribution=value)
    if name == "datum" and value.lower() in ("wgs84", "gcj02"):
        return replace(basemap, datum=value.lower())
    if name == "max_zoom" and re.fullmatch("[0-9]{1,2}", value) and 1 <= int(value) <= 24:
        return replace(basemap, max_zoom=int(value))
    if name == "subdomains" and re.fullmatch(r"[a-z0-9]{1,10}", value):
        return replace(basemap, subdomains=value)
    raise ValueError(
        "datum=wgs84 or datum=gcj02, max_zoom=1 to 24, subdomains of letters and digits "
        f"({name}={value[:80]!r} is none)"
    )
