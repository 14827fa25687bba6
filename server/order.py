"""What a download asks for: checked before the store is looked at, then made into a content."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from geo.crs import CRSError
from layers.districts import district_areas
from layers.errors import UnknownFormat
from layers.export.content import Content, Part
from layers.export.file_crs import WGS84, FileCrs, file_crs
from layers.export.positions import POSITION, POSSIBLE_AREA
from layers.export.select import Manner, part_of
from layers.format import Format
from layers.model import Lang
from layers.registry import all_formats
from server import params
from server.asks import Ask, asks_of, is_map
from server.attachments import plain_name
from server.params import DOWNLOAD, Given, Parameter, pairs, split
from server.settings import Settings
from server.source import Source

# How a file is written, not what it holds; its readme says these in words of its own.
MANNERS = tuple(
    one.name for one in (params.LANG, params.FILE_CRS, params.ENCODING, params.GEOMETRY, params.RAW)
)


@dataclass(frozen=True)
class Order:
    """A layer or the map in a format; nothing in it depends on what the store holds."""

    name: str
    extension: str
    kind: Format
    crs: FileCrs
    encoding: str
    lang: Lang
    geometry: str
    raw: bool
    given: Given
    others: Mapping[str, str]
    asked: tuple[tuple[str, str], ...]

    @property
    def key(self) -> str:
        """One for each file there may be, whatever version of it a request names."""
        return f"{self.lang}/{self.name}.{self.extension}?{urlencode(self.asked)}"

    @property
    def content_type(self) -> str:
        """The media type; of a text in GBK with its charset (what is written is GB 18030)."""
        media_type = self.kind.media_type
        is_other = media_type.startswith("text/") and self.encoding == "gbk"
        return f"{media_type}; charset=gb18030" if is_other else media_type

    @property
    def is_plain(self) -> bool:
        return not self.asked


def order_of(
    name: str,
    extension: str,
    query: bytes,
    lang: Lang,
    settings: Settings,
    parameters: Sequence[Parameter[Any]] = DOWNLOAD,
) -> Order:
    """InvalidQuery names the parameter that does not fit; UnknownFormat lists those there are."""
    given, others = split(query, parameters)
    kind = format_of(extension)
    encoding = given.get(params.ENCODING) or kind.encodings[0]
    if encoding not in kind.encodings:
        raise given.misfit(params.ENCODING, f"{' or '.join(kind.encodings)} for {kind.name}")
    return Order(
        name=name,
        extension=extension,
        kind=kind,
        crs=crs_of(given, kind, settings),
        encoding=encoding,
        lang=given.get(params.LANG) or lang,
        geometry=given.get(params.GEOMETRY) or POSITION,
        raw=given.get(params.RAW) or False,
        given=given,
        others=others,
        asked=tuple(pair for pair in pairs(query) if pair[0] != params.VERSION.name),
    )


def format_of(extension: str) -> Format:
    kind = all_formats().get(extension)
    if kind is None:
        raise UnknownFormat(extension, all_formats())
    return kind


def crs_of(given: Given, kind: Format, settings: Settings) -> FileCrs:
    name = given.get(params.FILE_CRS)
    if name is None:
        return WGS84
    try:
        found = file_crs(name, settings.local_crs)
    except CRSError:
        local = "".join(f", {one}" for one in settings.local_crs)
        known = f"CRS84, EPSG:n of a CRS that turns to WGS 84, GCJ02, BD09{local}"
        raise given.misfit(params.FILE_CRS, f"one of {known}") from None
    if found.is_offset and not kind.offsets:
        raise given.misfit(
            params.FILE_CRS,
            f"a CRS that {kind.name} can name: {found.label} has no definition, and a GIS would "
            "take its positions for WGS 84",
        )
    if not (found.is_degrees or kind.projected):
        raise given.misfit(
            params.FILE_CRS, f"CRS84, GCJ02 or BD09: {kind.name} holds longitude and latitude only"
        )
    return found


def content_of(
    source: Source,
    order: Order,
    *,
    time: datetime | None = None,
    address: str = "",
    watch: Callable[[int], None] = lambda _: None,
) -> Content:
    """What the file is made of. Call it, and begin to write, inside one reading of the store."""
    store = source.store
    zone = store.zone()
    asks = asks_of(source, order.name, order.given, order.others)
    areas = district_areas(store) if order.geometry == POSSIBLE_AREA else {}
    names_crs = order.crs.is_offset or (order.crs != WGS84 and not order.kind.says_crs)

    def part(one: Ask) -> Part:
        manner = Manner(order.crs, order.geometry, names_crs, one.fields, watch)
        return part_of(store, one.layer, one.query, manner, areas, one.within)

    # A file without any layer would be none: where all know nothing, they are there and empty.
    held = [one for one in asks if one.knows] or asks
    return Content(
        zone=zone,
        parts=tuple(part(one) for one in held),
        crs=order.crs,
        lang=order.lang,
        time=time or datetime.now(UTC),
        encoding=order.encoding,
        raw=order.raw,
        geometry=order.geometry,
        asked=tuple(pair for pair in order.asked if pair[0] not in MANNERS),
        without=tuple(one.layer for one in asks if not one.knows),
        source=address,
        name=file_name(zone.id if is_map(store, order.name) else order.name, order.crs),
    )


def file_name(name: str, crs: FileCrs) -> str:
    return plain_name(name) + crs.suffix
