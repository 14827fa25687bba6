"""What a reader has to know of a file, said beside its features: in words, by heading."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from layers.export.content import Content, Part
from layers.export.positions import GEOMETRIES
from layers.model import Figure, Lang, Layer, Licence, Source, Text


class Line(NamedTuple):
    heading: str
    text: str


_ALL = Text("没有筛选，全部要素", "None: all features")
_COMMA, _COLON = Text("，", ", "), Text("：", ": ")
_COUNTED = Text("{count} 项", "{count} features")
_PLACELESS = Text("其中 {count} 项没有坐标", "{count} of them without coordinates")
_MOVED = Text(
    "警告：这是加偏移的坐标，与 WGS 84、CGCS2000 相差数百米。文件没有坐标系定义，"
    "叠加到 GIS 数据上会错位；只用于采用同一坐标的互联网地图。",
    "WARNING: these positions are shifted on purpose and lie some hundred metres off WGS 84 and "
    "CGCS2000. The file has no definition of a CRS, and laid over other GIS data it will not fit. "
    "Use it only with web maps of the same frame.",
)
_METRES = Text("x 为东坐标，y 为北坐标", "x is easting, y is northing")
_DEGREES = Text("x 为经度，y 为纬度，单位为度", "x is longitude, y is latitude, in degrees")
_UNCERTAINTY = Text(
    "真实位置在所给坐标周围这一半径之内；空值为未知",
    "the true position lies within this radius of the coordinates; empty if not known",
)
_ROLES: Mapping[str, Text] = {
    "placement": Text("位置的确切程度", "how well a position is known"),
    "uncertainty": _UNCERTAINTY,
    "basis": Text("位置的依据", "what a position is known from"),
}
# What a point says of such a position.
_STANDS_FOR: Mapping[str, Text] = {
    "park": Text("点为园区代表点", "the point stands for the park"),
    "township": Text("点为镇街代表点", "the point stands for the township"),
    "district": Text("点不是实际位置", "the point is no place"),
}
_STATUS: Mapping[str, Text] = {
    "original": Text("原始发布", "original"),
    "mirror": Text("转载", "copy elsewhere"),
    "not_found": Text("原文未找到", "original not found"),
    "data": Text("数据集", "data set"),
    "derived": Text("推算", "worked out from others"),
}
_JOINT = Text("{count} 项合计，单项未公布", "joint figure of {count}, none published singly")
_WITHOUT = Text(
    "{layer}：没有筛选条件所用的字段",
    "{layer}: it does not have the fields that the filter asks for",
)


def lines(content: Content, lang: Lang | None = None) -> list[Line]:
    """Heading and text, in the language of the content unless another is asked for."""
    said = _Said(content, lang or content.lang)
    return [*said.what(), *said.where(), *said.whence()]


def plain(lines: Iterable[Line]) -> str:
    """A text with each heading once, what belongs to it indented below."""
    text, before = "", ""
    for heading, words in lines:
        if heading != before:
            text += f"\n[{heading}]\n" if text else f"[{heading}]\n"
        text += "".join(f"  {one}\n" for one in words.splitlines())
        before = heading
    return text


class _Said(NamedTuple):
    content: Content
    lang: Lang

    def of(self, zh: str, en: str) -> str:
        return Text(zh, en).of(self.lang)

    def what(self) -> Iterator[Line]:
        """The zone, its layers and which of their features."""
        content, zone = self.content, self.content.zone
        title, full = zone.title.of(self.lang), zone.full_name.of(self.lang)
        comma = _COMMA.of(self.lang)
        yield Line(self.of("园区", "Zone"), comma.join(filter(None, (title, full))))
        if zone.as_of:
            yield Line(self.of("数据截至", "Data as of"), zone.as_of)
        for part in content.parts:
            yield Line(self.of("图层", "Layers"), self.counted(part))
        if len(content.parts) > 1:
            total = _COUNTED.of(self.lang).format(count=content.count())
            yield Line(self.of("合计", "All together"), total)
        for layer in content.without:
            words = _WITHOUT.of(self.lang).format(layer=self.named(layer))
            yield Line(self.of("没有包含的图层", "Layers left out"), words)
        heading = self.of("筛选", "Restrictions")
        for name, value in content.asked:
            yield Line(heading, f"{name} = {value}")
        if not content.asked:
            yield Line(heading, _ALL.of(self.lang))

    def where(self) -> Iterator[Line]:
        """The CRS, and how well positions are known."""
        content, crs = self.content, self.content.crs
        heading = self.of("坐标系", "Coordinate system")
        if crs.is_offset:
            yield Line(heading, f"{crs.label}{_COMMA.of(self.lang)}{_DEGREES.of(self.lang)}")
            yield Line(heading, _MOVED.of(self.lang))
        else:
            order = _DEGREES if crs.is_degrees else _METRES
            names = dict.fromkeys((crs.label, str(crs.proj.name), order.of(self.lang)))
            yield Line(heading, _COMMA.of(self.lang).join(names))
        yield Line(self.of("几何", "Geometry"), GEOMETRIES[content.geometry].of(self.lang))
        found: dict[str, None] = {}
        for part in content.parts:
            found |= dict.fromkeys(self.positions(part.layer))
        for text in found:
            yield Line(self.of("位置", "Positions"), text)

    def whence(self) -> Iterator[Line]:
        """When and from where, joint figures, sources, and who is to be named."""
        content = self.content
        layers = [part.layer for part in content.parts]
        yield Line(self.of("导出时间", "Written"), f"{content.time:%Y-%m-%d %H:%M:%S} UTC")
        if content.source:
            yield Line(self.of("来自", "From"), content.source)
        for layer in layers:
            for figure in layer.figures:
                yield Line(self.of("公布的数字", "Published figures"), self.figure(layer, figure))
        sources = dict.fromkeys(self.source(one) for layer in layers for one in layer.sources)
        for source in sources:
            yield Line(self.of("来源", "Sources"), source)
        licences = [one.licence for one in layers if one.licence]
        named = (content.zone.credit.of(self.lang), *map(self.licence, licences))
        for credit in dict.fromkeys(filter(None, named)):
            yield Line(self.of("版权与署名", "Credits and licences"), credit)

    def named(self, layer: Layer) -> str:
        return self.of(f"{layer.title.zh}（{layer.id}）", f"{layer.title.of('en')} ({layer.id})")

    def counted(self, part: Part) -> str:
        comma, count = _COMMA.of(self.lang), _COUNTED.of(self.lang).format(count=part.count())
        words = f"{self.named(part.layer)}{_COLON.of(self.lang)}{count}"
        if part.placeless():
            words += comma + _PLACELESS.of(self.lang).format(count=part.placeless())
        return words

    def positions(self, layer: Layer) -> Iterator[str]:
        """The fields that say how a position is known, and what their codes mean."""
        colon = _COLON.of(self.lang)
        for role, meaning in _ROLES.items():
            field = layer.schema.with_role(role, self.lang)
            if field is None:
                continue
            unit = self.of(f"（{field.unit}）", f" ({field.unit})") if field.unit else ""
            yield f"{field.name}{unit}{colon}{meaning.of(self.lang)}"
            for code, label in (field.codes or {}).items():
                stands = _STANDS_FOR.get(code) if role == "placement" else None
                words = (label.of(self.lang), stands.of(self.lang) if stands else "")
                yield f"  {code} = {_COMMA.of(self.lang).join(filter(None, words))}"

    def figure(self, layer: Layer, figure: Figure) -> str:
        """As text with its qualifier: no number that somebody could add up."""
        comma = _COMMA.of(self.lang)
        words = f"{figure.label.of(self.lang)}{_COLON.of(self.lang)}{figure.text.of(self.lang)}"
        if len(figure.members) > 1:
            words += comma + _JOINT.of(self.lang).format(count=len(figure.members))
        source = layer.source(figure.source) if figure.source else None
        return words + (comma + source.title.of(self.lang) if source else "")

    def source(self, source: Source) -> str:
        publisher = source.publisher.of(self.lang) if source.publisher else ""
        status = _STATUS[source.status].of(self.lang) if source.status else ""
        words = (source.title.of(self.lang), publisher, source.date, status, source.address)
        return _COMMA.of(self.lang).join(dict.fromkeys(filter(None, words)))

    def licence(self, licence: Licence) -> str:
        words = (licence.title.of(self.lang), licence.address)
        return _COMMA.of(self.lang).join(filter(None, words))
