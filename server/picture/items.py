"""The features of a view with the meaning that their schema's roles give them (static/atlas.js)."""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from layers.certainty.find import Within
from layers.districts import codes_of
from layers.model import Batch, Lang, Layer, Query
from layers.stores.store import Store
from layers.style import FILLED, HOLLOW
from server.html_values import members
from server.picture.wording import plain

Home = Literal["map", "plate", "tray", "nowhere"]

ROLES = (
    "name", "anchor", "district", "placement", "uncertainty", "inferred", "nowhere", "group",
    "focus", "sources",
)  # fmt: skip


@dataclass(frozen=True, eq=False, slots=True)
class Item:
    """One feature. `home` is where it stands: at its place, in its district's plate, at the edge;
    nowhere what is no place at all. `certain` says whether it is in the area that is asked about.
    """

    layer: Layer
    order: int  # of its layer
    id: str
    name: str
    anchor: str
    districts: tuple[str, ...]
    group: str
    focus: str
    placement: str | None
    uncertainty: float
    inferred: bool
    geometry: shapely.Geometry | None
    point: tuple[float, float] | None  # longitude, latitude
    home: Home
    sources: tuple[str, ...] = ()
    certain: bool | None = None

    @property
    def key(self) -> str:
        return f"{self.layer.id}/{self.id}"

    @property
    def hollow(self) -> bool:
        """Known to its town only."""
        return self.placement in HOLLOW

    @property
    def importance(self) -> int:
        return self.layer.style.importance


class Reader:
    """Makes items of a layer's features: its roles are looked up once."""

    def __init__(self, layer: Layer, order: int, lang: Lang, districts: Container[str]) -> None:
        self.layer, self.order, self.districts = layer, order, districts
        self.roles: dict[str, list[str]] = {}
        for role in ROLES:
            fields = [one for one in layer.schema.fields if one.role == role]
            fields.sort(key=lambda one: one.lang != lang)
            self.roles[role] = [one.name for one in fields]

    @property
    def fields(self) -> list[str]:
        return [name for names in self.roles.values() for name in names]

    def read(self, store: Store, query: Query, within: Within | None = None) -> Iterator[Item]:
        for batch in store.batches(self.layer.id, query, self.fields):
            yield from self.items(batch, within)

    def items(self, batch: Batch, within: Within | None = None) -> Iterator[Item]:
        shapes = shapely.from_wkb(
            np.array([None, *batch.geometries], dtype=object)[1:], on_invalid="ignore"
        )
        is_point = (shapely.get_type_id(shapes) == 0) & ~shapely.is_empty(shapes)
        lon, lat = (one.tolist() for one in (shapely.get_x(shapes), shapely.get_y(shapes)))
        certain = None if within is None else within.certain[within.places(batch.fids)].tolist()
        for place, shape in enumerate(shapes.tolist()):
            values = {role: self._value(batch, role, place) for role in ROLES}
            point = (lon[place], lat[place]) if is_point[place] else None
            said = None if certain is None else certain[place]
            yield self._item(batch, place, values, shape, point, said)

    def _value(self, batch: Batch, role: str, place: int) -> Any:
        """Of the fields of a role the first that says something, the reader's language before."""
        for name in self.roles[role]:
            value = batch.columns[name][place]
            if value is not None and value not in ("", []):
                return value
        return None

    def _item(
        self,
        batch: Batch,
        place: int,
        values: Mapping[str, Any],
        shape: shapely.Geometry | None,
        point: tuple[float, float] | None,
        certain: bool | None,
    ) -> Item:
        shape = None if shape is None or shape.is_empty else shape
        placement = _text(values["placement"]) or None
        districts = tuple(codes_of(values["district"]))
        title = self.layer.title
        return Item(
            layer=self.layer,
            order=self.order,
            id=batch.ids[place],
            name=_text(values["name"]) or f"{plain(title.zh or title.en)} {batch.fids[place]}",
            anchor=_text(values["anchor"]),
            districts=districts,
            group=str(values["group"] or ""),
            focus=_text(values["focus"]),
            placement=placement,
            uncertainty=_metres(values["uncertainty"]),
            inferred=values["inferred"] is True,
            geometry=shape,
            point=point,
            sources=tuple(str(one) for one in members(values["sources"] or ())),
            home=self._home(values["nowhere"] is True, placement, districts, shape),
            certain=certain,
        )

    def _home(
        self, nowhere: bool, placement: str | None, districts: Sequence[str], shape: object
    ) -> Home:
        """A district's own points are no pins: three towns' worth of things would share one."""
        if nowhere:
            return "nowhere"
        if placement == "district":
            return "plate" if len(districts) == 1 and districts[0] in self.districts else "tray"
        if placement == "unknown" or shape is None:
            return "tray"
        return "map" if placement is None or placement in (*FILLED, *HOLLOW) else "tray"


def _text(value: object) -> str:
    if isinstance(value, list):
        return "、".join(plain(str(one)) for one in value[:8])
    return "" if value is None else plain(str(value))


def _metres(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if value > 0 else 0.0
