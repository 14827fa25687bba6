"""Shapefile: one for each kind of geometry in a zip, with all it cannot hold beside it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from layers.export.content import Content, Part
from layers.export.fields import free_name
from layers.export.readme import Line
from layers.format import Format
from layers.formats import _dbf, _shp
from layers.formats._arrow import Table, table_of
from layers.formats._bundle import bundled
from layers.formats._companions import Rows
from layers.formats._files import folder
from layers.formats._shapes import counted, shapes_of
from layers.model import Field, Lang, Text

FIELDS, WHOLE = "字段说明.csv", "完整文本.csv"
_FIELDS_HEADING = (
    "图层 layer", "短名 short name", "全名 full name", "中文名称 Chinese label",
    "英文名称 English label", "类型 type", "单位 unit", "代码 codes",
)  # fmt: skip
_WHOLE_HEADING = ("文件 file", "编号 id", "字段 field", "完整内容 whole value")
_ID = Field("", "text", Text("编号", "Identifier"))

_ENCODING = Text("编码", "Encoding")
_TABLES = Text("属性表", "Tables")
_RULES = Text(
    f"字段名最多 10 字节，全名、单位和代码见 {FIELDS}；带时间的日期写成文字，多个值以“；”分隔；"
    "空文字与空值在 dbf 中没有区别；超过 15 位的整数写成文字。",
    f"Names have 10 bytes at most: full names, units and codes are in {FIELDS}. Dates with a time "
    "are text, lists have '；' between their members, an empty text is the same as none, and whole "
    "numbers of more than 15 digits are text.",
)
_UNHELD = Text(
    "{file}：{count} 个值放不下（文字超过 254 字节、编码中没有的字、小数位数过多），"
    f"全文见 {WHOLE}",
    "{file}: {count} values do not fit (texts of more than 254 bytes, characters that the "
    f"encoding has not, too many decimals); they stand whole in {WHOLE}",
)
_PLACELESS = Text(
    "没有坐标的要素在 *_nogeometry 表中，与其他要素字段相同；"
    "含多种几何的集合也算在内，几何写成文字（WKT）。",
    "Features without coordinates are in the table *_nogeometry, with the same fields. Collections "
    "of several kinds count among them, with their geometry as text (WKT).",
)


def write(content: Content) -> Iterator[bytes]:
    """Each layer of the map for itself, in files called `<layer>_point` and the like."""
    with folder() as path:
        packed = path / "packed"
        packed.mkdir()
        parts, unheld = _put(content, path / "features", packed)
        held = replace(content, parts=parts)
        yield from bundled(packed, held, lambda lang: _lines(content, lang, unheld))


def _put(content: Content, spool: Path, packed: Path) -> tuple[tuple[Part, ...], Mapping[str, int]]:
    """All files but the readme; what is in them, and how many values each has only in part."""
    parts: list[Part] = []
    unheld: Counter[str] = Counter()
    with ExitStack() as stack:
        fields = stack.enter_context(Rows(packed / FIELDS, _FIELDS_HEADING))
        whole = stack.enter_context(Rows(packed / WHOLE, _WHOLE_HEADING))
        names: list[str] = []
        for part in content.parts:
            table = table_of(part, spool, content.lang)
            parts.append(counted(part, table))
            _describe(table, content.encoding, fields)
            for shape in shapes_of(table):
                suffixed = f"{part.layer.id}_{shape.name}{content.crs.suffix}"
                name = free_name(suffixed, names)
                names.append(name)

                def tell(id: str, field: str, text: str, name: str = name) -> None:
                    unheld[name] += 1
                    whole.add((name, id, field, text))

                _shp.write(packed / name, shape, content, tell)
    return tuple(parts), unheld


def _describe(table: Table, encoding: str, rows: Rows) -> None:
    names = table.schema.names[:-1]
    shorts = _dbf.names_of(names, encoding)
    for name, short, field in zip(names, shorts, (_ID, *table.layer.schema.fields), strict=True):
        codes = (f"{code}={label.zh}/{label.en}" for code, label in (field.codes or {}).items())
        unit = field.unit or ""
        said = (short, field.name or name, *field.label, field.type, unit, "；".join(codes))
        rows.add((table.layer.id, *said))


def _lines(content: Content, lang: Lang, unheld: Mapping[str, int]) -> list[Line]:
    tables = _TABLES.of(lang)
    encoding = _dbf.CODE_PAGES[content.encoding][0]
    return [
        Line(_ENCODING.of(lang), encoding),
        Line(tables, _RULES.of(lang)),
        Line(tables, _PLACELESS.of(lang)),
        *(
            Line(tables, _UNHELD.of(lang).format(file=file, count=count))
            for file, count in unheld.items()
        ),
    ]


FORMAT = Format(
    name="Shapefile",
    purpose=Text("通用 GIS 交换，字段名与编码受限", "For any GIS; short names, limited texts"),
    media_type="application/zip",
    extensions=("shp",),
    saved_as="shp.zip",
    write=write,
    streams=False,
    many_layers=True,
    offsets=True,
    encodings=("utf-8", "gbk"),
)
