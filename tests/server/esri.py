"""Questions to the feature service, as Esri's clients ask them."""

import json
from typing import Any

from tests.server.sites import Site

MANY = "viele"
SITES = "werke"


def service(site: Site) -> str:
    return f"/rest/services/{site.catalog.store.zone().id}/FeatureServer"


def numbers(site: Site) -> dict[str, int]:
    return site.catalog.store.numbers()


def ask(site: Site, layer: str, /, offset: int = 0, **asked: Any) -> Any:
    address = f"{service(site)}/{numbers(site)[layer] + offset}/query"
    return site.json(address, params={"f": "json", **asked})


def keys(answer: Any) -> list[int]:
    return [one["attributes"]["fid"] for one in answer["features"]]


def statistics_of(*each: tuple[str, str, str]) -> str:
    names = ("statisticType", "onStatisticField", "outStatisticFieldName")
    return json.dumps([dict(zip(names, one, strict=True)) for one in each])
