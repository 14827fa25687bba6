"""Made-up sites, the same from the same seed: most in clusters, eight attributes, any number.

They come in chunks, so that a million of them needs no memory to speak of.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.extent import Extent
from layers.model import Field, Layer, NewFeature, Schema, Style, Text

Floats = NDArray[np.float64]
Row = tuple[str, str, str, str, int, float, str, bool]

SEED = 20
CHUNK = 10_000
AROUND = Extent(118.0, 29.5, 123.0, 33.0)
CLUSTERS = 300
CLUSTERED = 0.6
SPREAD = (0.004, 0.05)  # degrees, of the smallest and the largest cluster
IN_A_BLOCK = 1_000  # sites with the same block, however many there are in all
MOST_EMPLOYEES = 5_000
OPENED_FROM, OPENED_DAYS = date(1990, 1, 1), 12_000

WORDS = (
    "云谷", "启明", "长三角", "西岑", "金桥", "临港", "华岭", "安亭", "青浦", "嘉定", "松江",
    "吴江", "嘉善", "昆山", "太仓", "平湖",
)  # fmt: skip
TRADES = (
    "软件", "集成电路", "生物医药", "新能源", "航空", "装备", "数据", "物流", "新材料", "汽车",
    "食品", "检测",
)  # fmt: skip
KINDS = (
    "研发中心", "产业园", "总部", "制造基地", "实验室", "仓储中心", "孵化器", "服务中心",
)  # fmt: skip
ROADS = (
    "沪青平公路", "练西路", "金商公路", "科创大道", "云谷路", "东方绿舟路", "朱枫公路",
    "新达路",
)  # fmt: skip
SECTORS = (
    "software", "chips", "medicine", "energy", "aviation", "machines",
    "data", "logistics", "materials", "cars", "food", "testing",
)  # fmt: skip


class Chunk(NamedTuple):
    """Some sites in the order of their numbers: places, and the rows of their attributes."""

    first: int
    places: Floats
    rows: list[Row]


def chunks(number: int) -> Iterator[Chunk]:
    for first in range(1, number + 1, CHUNK):
        count = min(CHUNK, number + 1 - first)
        random = np.random.default_rng((SEED, first))
        places = _places(random, count)
        yield Chunk(first, places, _rows(random, first, count, blocks_of(number)))


def blocks_of(number: int) -> int:
    return max(1, number // IN_A_BLOCK)


def block(number: int) -> str:
    return f"B{number:05d}"


def layer() -> Layer:
    """What the sites are, for our store."""
    fields = (
        _field("name", "text", "名称", role="name"),
        _field("address", "text", "地址"),
        Field(
            "sector",
            "text",
            Text("行业", "sector"),
            codes={code: Text(zh, code) for code, zh in zip(SECTORS, TRADES, strict=True)},
        ),
        _field("block", "text", "街坊"),
        _field("employees", "integer", "员工数"),
        _field("investment", "number", "投资额", unit="万元"),
        _field("opened", "date", "开业日期"),
        _field("listed", "boolean", "上市"),
    )
    style = Style("circle", "#162759", "#8FA8E8")
    return Layer("sites", Text("站点", "Sites"), Schema("Point", fields), style)


def new_features(number: int) -> Iterator[NewFeature]:
    """The sites for our store; their ids are their numbers, as in the peers' database."""
    names = [field.name for field in layer().schema.fields]
    for first, places, rows in chunks(number):
        points = shapely.points(places)
        for offset, (point, row) in enumerate(zip(points, rows, strict=True)):
            yield NewFeature(str(first + offset), point, dict(zip(names, row, strict=True)))


def all_places(number: int) -> Floats:
    return np.concatenate([chunk.places for chunk in chunks(number)])


def _places(random: np.random.Generator, count: int) -> Floats:
    """Rounded as people store them: seven decimals."""
    southwest, northeast = np.array(AROUND).reshape(2, 2)
    always = np.random.default_rng(SEED)
    centres = always.uniform(southwest, northeast, (CLUSTERS, 2))
    spreads = always.uniform(*SPREAD, CLUSTERS)
    weights = always.pareto(1.5, CLUSTERS) + 0.1  # some clusters are much larger than others
    own = random.choice(CLUSTERS, count, p=weights / weights.sum())
    inside = centres[own] + random.normal(size=(count, 2)) * spreads[own, None]
    anywhere = random.uniform(southwest, northeast, (count, 2))
    places = np.where(random.random((count, 1)) < CLUSTERED, inside, anywhere)
    return np.round(np.clip(places, southwest, northeast), 7)


def _rows(random: np.random.Generator, first: int, count: int, blocks: int) -> list[Row]:
    def some(most: int) -> list[int]:
        found: list[int] = random.integers(0, most, count).tolist()
        return found

    sectors, investment = some(len(SECTORS)), np.round(random.lognormal(7, 1.5, count), 2)
    words, kinds, roads, houses = some(len(WORDS)), some(len(KINDS)), some(len(ROADS)), some(2_000)
    columns = zip(
        (
            f"{WORDS[word]}{TRADES[sector]}{KINDS[kind]}{first + n}号"
            for n, (word, sector, kind) in enumerate(zip(words, sectors, kinds, strict=True))
        ),
        (f"{ROADS[road]}{house + 1}号" for road, house in zip(roads, houses, strict=True)),
        (SECTORS[sector] for sector in sectors),
        map(block, some(blocks)),
        some(MOST_EMPLOYEES),
        investment.tolist(),
        (str(OPENED_FROM + timedelta(days)) for days in some(OPENED_DAYS)),
        (one < 300 for one in some(1_000)),
        strict=True,
    )
    return list(columns)


def _field(
    name: str, kind: str, zh: str, unit: str | None = None, role: str | None = None
) -> Field:
    return Field(name, kind, Text(zh, name), unit, role=role)
