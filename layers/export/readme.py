"""What a reader has to know of an export, in sentences: what, which, how many, where, when."""

from collections.abc import Iterator

from layers.export.content import Content
from layers.export.positions import GEOMETRIES
from layers.model import Text

Line = tuple[str, str]

_PLACEMENTS = (
    ("site", Text("精确点位", "its exact site")),
    ("park", Text("园区级，点为园区代表点", "known to its park: the point stands for the park")),
    ("township", Text("镇街级，点为镇街代表点", "known to its township: the point stands for it")),
    ("district", Text("区县级，点不是实际位置", "known to its district: the point is no place")),
    ("unknown", Text("未公布", "not published")),
)  # fmt: skip


def lines(content: Content) -> Iterator[Line]:
    """Heading and words, in the language of the content."""

    def of(zh: str, en: str) -> str:
        return Text(zh, en).of(content.lang)

    yield of("区域", "Zone"), content.zone.title.of(content.lang)
    yield of("导出时间", "Exported"), content.time.strftime("%Y-%m-%d %H:%M UTC")
    if content.source:
        yield of("来自", "From"), content.source
    for name, value in content.asked:
        yield of(f"条件 {name}", f"Asked for, {name}"), value
    crs = of("WGS 84 经纬度（等同 CGCS2000）", "longitude and latitude of WGS 84 (as CGCS2000)")
    yield (
        of("坐标系", "Coordinate system"),
        crs if content.crs.name == "CRS84" else content.crs.label,
    )
    yield of("位置", "Positions"), GEOMETRIES[content.geometry].of(content.lang)
    for part in content.parts:
        count, placeless = part.count(), part.placeless()
        yield (
            part.layer.title.of(content.lang),
            of(
                f"{count}项，其中{placeless}项没有坐标",
                f"{count}, of which {placeless} have no place",
            ),
        )
    for layer in content.without:
        yield layer.title.of(content.lang), of("没有条件所问的字段", "lacks what was asked for")
    for code, words in _PLACEMENTS:
        yield of(f"位置精度 {code}", f"Placement {code}"), words.of(content.lang)
    if credit := content.zone.credit.of(content.lang):
        yield of("署名", "Credit"), credit
