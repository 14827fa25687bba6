"""The fields that statistics are asked about, looked up in the layers that they are asked of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from layers.model import Began, By, Field, Layer, Text
from server import params
from server.asks import Ask
from server.params import Given, Parameter

NUMBERS, DATES = ("integer", "number"), ("date", "datetime")
UNITS: tuple[Literal["year", "month"], ...] = ("year", "month")


@dataclass(frozen=True)
class Part:
    """What features are grouped by: a field, or the `unit` of its dates.

    `field` is that of the first layer with all the layers' codes; `by` says for each layer what to
    ask its store for, and has no entry for those that lack it.
    """

    name: str
    field: Field
    by: Mapping[str, By]
    unit: Literal["year", "month"] | None = None

    @property
    def is_district(self) -> bool:
        return self.field.role == "district"


@dataclass(frozen=True)
class Measure:
    """A field of numbers, or of dates, in the layers that have it so."""

    name: str
    layers: frozenset[str]
    unit: str | None
    is_date: bool


def parts(asks: Sequence[Ask], given: Given) -> list[Part]:
    return [_part(asks, given, name) for name in given.get(params.GROUP) or ()]


def _part(asks: Sequence[Ask], given: Given, name: str) -> Part:
    found = _having(asks, name)
    unit = None
    if not found:
        stem, _, last = name.rpartition(":")
        unit = next((one for one in UNITS if one == last), None)
        found = _having(asks, stem, DATES) if unit else {}
        if unit is None or not found:
            raise given.misfit(params.GROUP, _choices(asks, params.GROUP))
    return Part(name, _one(found.values()), _by(found, unit), unit)


def _by(found: Mapping[str, Field], unit: Literal["year", "month"] | None) -> Mapping[str, By]:
    return {layer: Began(one.name, unit) if unit else one.name for layer, one in found.items()}


def _one(fields: Iterable[Field]) -> Field:
    """The same field in several layers: with the role and the codes that any of them gives it."""
    first, *others = fields
    codes: dict[str, Text] = {}
    for field in (first, *others):
        codes |= {code: text for code, text in (field.codes or {}).items() if code not in codes}
    roles = (one.role for one in (first, *others) if one.role)
    return replace(first, codes=codes or None, role=next(roles, None))


def summed(asks: Sequence[Ask], given: Given) -> list[Measure]:
    names = given.get(params.SUM) or ()
    return [_measure(asks, given, params.SUM, name, (NUMBERS,)) for name in names]


def binned(asks: Sequence[Ask], given: Given) -> list[Measure]:
    names = given.get(params.BINS) or ()
    return [_measure(asks, given, params.BINS, name, (NUMBERS, DATES)) for name in names]


def _measure(
    asks: Sequence[Ask],
    given: Given,
    parameter: Parameter[tuple[str, ...]],
    name: str,
    kinds: Sequence[tuple[str, ...]],
) -> Measure:
    """What is a number in one layer and another thing in the next is unknown there."""
    by_kind = [(kind, found) for kind in kinds if (found := _having(asks, name, kind))]
    if not by_kind:
        raise given.misfit(parameter, _choices(asks, parameter))
    if len(by_kind) > 1:
        raise given.misfit(parameter, f"a field of one type in all layers; {name} has several")
    [(kind, found)] = by_kind
    units = {one.unit for one in found.values()}
    if len(units) > 1:
        which = ", ".join(f"{one.unit or 'no unit'} in {layer}" for layer, one in found.items())
        raise given.misfit(parameter, f"a field of one unit, or one of the layers; {name}: {which}")
    return Measure(name, frozenset(found), next(iter(units)), kind is DATES)


def _having(
    asks: Sequence[Ask], name: str, kinds: tuple[str, ...] | None = None
) -> dict[str, Field]:
    """The field by the layers that have it, of these types."""
    return {
        ask.layer.id: field
        for ask in asks
        if (field := ask.layer.schema.field(name)) and (kinds is None or field.type in kinds)
    }


def _choices(asks: Sequence[Ask], parameter: Parameter[tuple[str, ...]]) -> str:
    names = names_for(parameter, [ask.layer for ask in asks])
    return f"{parameter.allowed}; there are {', '.join(names) or 'none'}"


def names_for(parameter: Parameter[Any], layers: Sequence[Layer]) -> list[str]:
    """What `group`, `sum` or `bins` may name in these layers."""
    fields = [field for layer in layers for field in layer.schema.fields]
    if parameter is params.GROUP:
        dates = [field.name for field in fields if field.type in DATES]
        parts = {f"{name}:{unit}" for name in dates for unit in UNITS}
        return sorted({field.name for field in fields} | parts)
    kinds = NUMBERS if parameter is params.SUM else (*NUMBERS, *DATES)
    return sorted({field.name for field in fields if field.type in kinds})
