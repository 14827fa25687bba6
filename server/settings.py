"""The one table of settings: each row is a flag, a ZONEATLAS_* variable and a line of the docs."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NamedTuple

from server.basemaps import Basemap, parse_basemaps
from server.hosts import (
    Network,
    PublicUrl,
    parse_exact_origins,
    parse_frames,
    parse_hosts,
    parse_networks,
    parse_public_url,
)

MOST_DIGITS = 19
LONGEST_ECHO = 80


class SettingError(Exception):
    """A setting that cannot be used; its text is one sentence for the person who wrote it."""


class Setting(NamedTuple):
    """One row of the table: how a value is written, read and explained."""

    name: str
    parse: Callable[[str], Any]
    value_name: str
    en: str
    zh: str
    repeatable: bool

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def variable(self) -> str:
        return "ZONEATLAS_" + self.name.upper()


def whole_number(least: int, most: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        # The length first: beyond 4,300 digits int() itself refuses, in words of its own.
        plain = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
        if not (plain and least <= int(text) <= most):
            raise ValueError(f"a whole number from {least} to {most}")
        return int(text)

    return parse


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.01 <= value <= 3600:
        raise ValueError("seconds from 0.01 to 3600")
    return value


def parse_crs_list(text: str) -> tuple[str, ...]:
    """EPSG codes; each must be known, and be turned to and from WGS 84."""
    import numpy as np

    from geo.crs import CRS84, CRSError, canonical, transform

    names = []
    for code in text.split(","):
        try:
            name = canonical(f"EPSG:{code.strip().upper().removeprefix('EPSG:')}")
            transform(np.zeros((1, 2)), CRS84, name)
        except CRSError:
            known = "EPSG codes that are known, separated by commas, such as 4547,32651"
            raise ValueError(known) from None
        names.append(name)
    return tuple(names)


_LOCAL = re.compile(r"(?:^|\s)([A-Za-z][A-Za-z0-9_-]{0,63})=(?=\+proj=|[A-Z]{3,}[A-Z_]*\[)")


def parse_local_crs(text: str) -> dict[str, str]:
    """NAME=DEFINITION, any number of them; each must turn to and from WGS 84."""
    import numpy as np
    from pyproj import CRS
    from pyproj.exceptions import CRSError as ProjError

    from geo.crs import CRS84, CRSError, canonical, transform

    allowed = "NAME=DEFINITION with a PROJ string (+proj=...) or WKT as definition"
    before, *pairs = _LOCAL.split(text)
    if before.strip() or not pairs:
        raise ValueError(allowed)
    found: dict[str, str] = {}
    for name, definition in zip(pairs[::2], pairs[1::2], strict=True):
        try:
            said = CRS.from_user_input(definition.strip()).to_json_dict()
            if said["name"] == "unknown":  # a PROJ string has no name of its own
                said["name"] = name
            found[name] = canonical(CRS.from_json_dict(said).to_wkt())
            transform(np.zeros((1, 2)), CRS84, found[name])
        except (CRSError, ProjError) as error:
            raise ValueError(f"{allowed}; of {name} it is said: {error}") from None
    return found


def written(what: str) -> Callable[[str], str]:
    """Any text but an empty one, as a variable that was never set leaves in a start script."""

    def parse(text: str) -> str:
        if not text.strip() or "\0" in text:
            raise ValueError(what)
        return text

    return parse


def folder(text: str) -> Path:
    # Path("") would be the working folder, whichever that is.
    return Path(written("a folder")(text))


def default_data_dir() -> Path:
    """Where the bundled zone is kept, after the XDG base directory rules."""
    home = os.environ.get("XDG_DATA_HOME", "")
    return (Path(home) if home.startswith("/") else Path.home() / ".local/share") / "zoneatlas"


def setting(
    parse: Callable[[str], Any], value_name: str, en: str, zh: str, repeatable: bool = False
) -> dict[str, Any]:
    row = {"parse": parse, "value_name": value_name, "en": en, "zh": zh}
    return {**row, "repeatable": repeatable}


@dataclass(frozen=True)
class Settings:
    """What the server was told. Field order is the order of `--help` and of the docs."""

    host: str = field(
        default="127.0.0.1",
        metadata=setting(
            written("an address"),
            "ADDRESS",
            "address to listen on; 0.0.0.0 for every network",
            "监听地址；0.0.0.0 表示所有网络",
        ),
    )
    port: int = field(
        default=8000,
        metadata=setting(
            whole_number(0, 65535),
            "N",
            "port to listen on; 0 takes a free one",
            "监听端口；0 表示自动选择空闲端口",
        ),
    )
    data_dir: Path = field(
        default_factory=default_data_dir,
        metadata=setting(
            folder, "FOLDER", "where the server keeps its own files", "服务器保存自身文件的文件夹"
        ),
    )
    public_url: PublicUrl | None = field(
        default=None,
        metadata=setting(
            parse_public_url,
            "URL",
            "address the public reaches the server at, with its path; every link begins with it",
            "公众访问的完整地址（可含路径），所有链接以它开头",
        ),
    )
    allowed_hosts: tuple[str, ...] = field(
        default=(),
        metadata=setting(
            parse_hosts,
            "NAMES",
            "host names requests may ask for when there is no public URL, separated by commas",
            "未设公开地址时允许请求的主机名，用逗号分隔",
        ),
    )
    trusted_proxies: tuple[Network, ...] = field(
        default=(),
        metadata=setting(
            parse_networks,
            "NETWORKS",
            "addresses or networks of proxies whose X-Forwarded-* headers are believed",
            "可信代理的地址或网段，只采信它们的 X-Forwarded-* 头",
        ),
    )
    embed_origins: tuple[str, ...] = field(
        default=("*",),
        metadata=setting(
            parse_frames,
            "ORIGINS",
            "pages that may hold the map in a frame, such as https://www.example.org, separated by "
            "commas; * for all",
            "可用网页框架嵌入本图的网站，如 https://www.example.org ，用逗号分隔；* 表示不限",
        ),
    )
    embed_message_origins: tuple[str, ...] = field(
        default=(),
        metadata=setting(
            parse_exact_origins,
            "ORIGINS",
            "of these, the ones that hear of the embedded map by messages and may command it",
            "其中可与嵌入的地图互通消息（监听、控制）的网站",
        ),
    )
    basemap: tuple[Basemap, ...] = field(
        default=(),
        metadata=setting(
            parse_basemaps,
            "BASEMAP",
            "raster basemap to offer: osm, tianditu, or an address with {z}/{x}/{y} followed by "
            "attribution=..., title=..., datum=wgs84|gcj02, max_zoom=..., subdomains=...",
            "可选栅格底图：osm、tianditu，或含 {z}/{x}/{y} 的地址，后接 "
            "attribution=…、title=…、datum=wgs84|gcj02、max_zoom=…、subdomains=…",
            repeatable=True,
        ),
    )
    tianditu_key: str = field(
        default="",
        metadata=setting(str, "KEY", "key for the Tianditu basemap", "天地图底图密钥"),
    )
    map_approval_number: str = field(
        default="",
        metadata=setting(
            str,
            "NUMBER",
            "map review number of this map; without one it is marked as for internal use",
            "本图审图号；未填写时标注为内部使用，未送审",
        ),
    )
    threads: int = field(
        default=4,
        metadata=setting(
            whole_number(1, 64), "N", "queries at work at the same time", "同时执行的查询数"
        ),
    )
    query_seconds: float = field(
        default=2.0,
        metadata=setting(seconds, "S", "longest time one query may take", "单个查询最长时间（秒）"),
    )
    max_items: int = field(
        default=10_000,
        metadata=setting(
            whole_number(1, 100_000), "N", "most features on one page", "单页最多返回的项数"
        ),
    )
    default_items: int = field(
        default=100,
        metadata=setting(
            whole_number(1, 100_000),
            "N",
            "features on one page when the request does not say",
            "请求未说明时单页返回的项数",
        ),
    )
    crs: tuple[str, ...] = field(
        default=(),
        metadata=setting(
            parse_crs_list,
            "CODES",
            "EPSG codes to offer besides CRS84, 4326, 4490, 4549, 4528 and 3857, separated by "
            "commas",
            "除 CRS84、4326、4490、4549、4528、3857 外另行提供的 EPSG 代码，用逗号分隔",
        ),
    )
    exports_per_hour: int = field(
        default=30,
        metadata=setting(
            whole_number(1, 100_000),
            "N",
            "files that are written in the background for one client in an hour",
            "每个客户端每小时可后台生成的文件数",
        ),
    )
    exports_megabytes: int = field(
        default=2_000,
        metadata=setting(
            whole_number(1, 10_000_000),
            "MB",
            "room for files written in the background, which are kept for a day; none gets larger",
            "后台生成文件（保留一天）可占用的空间，单个文件也不得超过",
        ),
    )
    local_crs: Mapping[str, str] = field(
        default_factory=dict,
        metadata=setting(
            parse_local_crs,
            "NAME=DEFINITION",
            "a CRS of your own for downloads, as a PROJ string or WKT; the name is what crs= takes",
            "下载可用的地方坐标系，以 PROJ 字符串或 WKT 定义；名称即 crs= 的取值",
            repeatable=True,
        ),
    )


SETTINGS: tuple[Setting, ...] = tuple(Setting(one.name, **one.metadata) for one in fields(Settings))


def read_settings(flags: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """Settings from the flags given, else from the environment, else the defaults."""
    values: dict[str, Any] = {}
    for one in SETTINGS:
        flag = flags.get(one.name)
        if flag is not None:
            text = " ".join(flag) if one.repeatable else flag
            values[one.name] = parsed(one, text, one.flag)
        elif environ.get(one.variable):
            values[one.name] = parsed(one, environ[one.variable], one.variable)
    settings = Settings(**values)
    check(settings)
    return settings


def parsed(one: Setting, text: str, written_as: str) -> Any:
    try:
        return one.parse(text)
    except ValueError as error:
        got = text if len(text) <= LONGEST_ECHO else text[:LONGEST_ECHO] + "…"
        raise SettingError(f"{written_as} must be {error}, not {got!r}.") from None


def check(settings: Settings) -> None:
    """Rules between settings."""
    if any(one.id == "tianditu" for one in settings.basemap) and not settings.tianditu_key:
        raise SettingError("The tianditu basemap needs a key: give it with --tianditu-key.")
    if settings.default_items > settings.max_items:
        raise SettingError("--default-items must not be larger than --max-items.")
