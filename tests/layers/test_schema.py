"""Layer definitions and zone.json: what is read, written back, and refused with the key's path."""

from typing import Any

import pytest

from layers.catalog import Catalog
from layers.errors import BadDocument
from layers.model import Layer, Text
from layers.schema import layer_document, parse_layer
from layers.zone import parse_zone, zone_document

FIELD = {"name": "name", "type": "text"}


def layer(**members: Any) -> Layer:
    document = {"schema": {"geometry": "Point", "fields": [FIELD]}} | members
    return parse_layer(document, "parks")


def test_what_is_left_out_has_a_sensible_value() -> None:
    found = layer()
    assert (found.title, found.role, found.visible, found.order) == (
        Text("parks", "parks"), "sites", True, None,
    )  # fmt: skip
    assert found.style.symbol == "circle"
    assert found.style == layer().style
    [name] = found.schema.fields
    assert (name.label, name.unit, name.lang, name.codes, name.role) == (
        Text("name", "name"), None, None, None, None,
    )  # fmt: skip


def test_a_plain_string_stands_for_both_languages() -> None:
    assert layer(title="Parks").title == Text("Parks", "Parks")
    half = layer(title={"zh": "园区", "en": None}).title
    assert (half.of("zh"), half.of("en")) == ("园区", "园区")


@pytest.mark.parametrize("which", ["bundled", "made_up"])
def test_definitions_come_back_as_they_were(which: str, request: pytest.FixtureRequest) -> None:
    catalog: Catalog = request.getfixturevalue(which)
    for one in catalog.store.layers():
        assert parse_layer(layer_document(one), one.id) == one
    assert parse_zone(zone_document(catalog.store.zone()), "x") == catalog.store.zone()


def test_what_is_expected_and_what_is_nowhere_come_back() -> None:
    fields = [
        {"name": "investment", "type": "number", "expected": True},
        {"name": "no_place", "type": "boolean", "role": "nowhere", "expected": None},
    ]
    found = layer(schema={"geometry": "Point", "fields": fields})
    assert [(one.expected, one.role) for one in found.schema.fields] == [
        (True, None), (False, "nowhere"),
    ]  # fmt: skip
    written = layer_document(found)
    assert [one.get("expected") for one in written["schema"]["fields"]] == [True, None]
    assert parse_layer(written, found.id) == found


@pytest.mark.parametrize("status", ["original", "mirror", "not_found", "data", "derived", None])
def test_the_status_of_a_source(status: str | None) -> None:
    found = layer(sources=[{"id": "a", "status": status}])
    assert found.sources[0].status == status
    assert parse_layer(layer_document(found), found.id) == found


def test_a_headline_has_figures_or_none() -> None:
    headline = [
        {"layer": "a", "text": "two", "figures": ["x", "y"], "source": "s"},
        {"layer": "a", "text": "none", "figures": []},
        {"layer": "a", "text": "not said"},
    ]
    zone = parse_zone({"headline": headline}, "z")
    assert [one.figures for one in zone.headline] == [("x", "y"), (), ()]
    assert parse_zone(zone_document(zone), "z") == zone


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({"titel": "x"}, "layer.titel is not known; allowed here: title, description"),
        ({"title": 5}, "layer.title must be an object, not 5"),
        ({"title": {"zh": "a", "de": "b"}}, "layer.title.de is not known; allowed here: zh, en"),
        ({"role": "layer"}, "layer.role must be one of sites, areas, places, backdrop"),
        ({"order": "1"}, "layer.order must be a whole number"),
        ({"visible": 1}, "layer.visible must be true or false"),
        ({"schema": []}, "layer.schema must be an object"),
        ({"schema": {"geometry": "point"}}, "layer.schema.geometry must be one of Point"),
        ({"schema": {"fields": {}}}, "layer.schema.fields must be a list"),
        (
            {"schema": {"fields": [{"type": "text"}]}},
            r"layer.schema.fields\[0\].name must be a text",
        ),
        (
            {"schema": {"fields": [{"name": "a", "type": "string"}]}},
            r"fields\[0\].type must be one of",
        ),
        ({"schema": {"fields": [FIELD, FIELD]}}, r"fields\[1\].name is 'name', as that of a field"),
        (
            {"schema": {"fields": [FIELD | {"role": "name"}, {"name": "b", "role": "name"}]}},
            r"fields\[1\].role is 'name', which field 'name' has",
        ),
        (
            {"schema": {"fields": [FIELD | {"role": "uncertainty"}]}},
            r"fields\[0\].role must be another one: uncertainty needs a field of type number",
        ),
        (
            {"schema": {"fields": [{"name": "a", "type": "number", "codes": {"1": "x"}}]}},
            r"fields\[0\].codes must be left out",
        ),
        (
            {"style": {"colour": "red"}},
            "layer.style.colour must be a colour like #162759, not 'red'",
        ),
        ({"style": {"colour": "#12345g"}}, "layer.style.colour must be a colour"),
        ({"style": {"symbol": "heart"}}, "layer.style.symbol must be one of square, hexagon"),
        ({"style": {"fills": {"values": {"a": ["#fff"]}}}}, "fills.values.a must be two colours"),
        (
            {"style": {"labels_at": {"a": [31, 121]}}},
            r"labels_at.a must be a position \[lon, lat\]",
        ),
        ({"count_as": {"field": "x", "groups": []}}, "count_as.field must be the name of a field"),
        (
            {"figures": [{"id": "a", "value": 1}, {"id": "a", "text": "x"}]},
            r"layer.figures\[1\].id is 'a', as that of one",
        ),
        ({"figures": [{"id": "a"}]}, r"layer.figures\[0\] must have a value or a text"),
        (
            {"schema": {"fields": [FIELD | {"expected": "yes"}]}},
            r"fields\[0\].expected must be true or false, not 'yes'",
        ),
        (
            {"schema": {"fields": [FIELD | {"role": "nowhere"}]}},
            r"fields\[0\].role must be another one: nowhere needs a field of type boolean",
        ),
        (
            {"sources": [{"id": "a", "status": "rumour"}]},
            "status must be one of original, mirror, not_found, data, derived",
        ),
        ({"figures": [{"id": "a", "value": "86"}]}, r"layer.figures\[0\].value must be a number"),
        ({"sources": [{"id": "a", "date": "23.8.2024"}]}, r"sources\[0\].date must be a date like"),
        (
            {"sources": [{"id": "a", "date": "2024-02-30"}]},
            r"sources\[0\].date must be a date like",
        ),
        (
            {"sources": [{"id": "a", "address": "javascript:alert(1)"}]},
            r"sources\[0\].address must be an address that begins with http",
        ),
        ({"sources": [{"id": "a", "address": "//host/x"}]}, "address must be an address"),
        ({"licence": {"title": "x", "address": "data:text/html,x"}}, "licence.address must be"),
        ({"title": "nul\0"}, "layer.title must be a text without NUL"),
    ],
)
def test_a_mistake_is_named_by_its_path(members: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BadDocument, match=sentence):
        layer(**members)


@pytest.mark.parametrize("date", ["2024", "2024-08", "2024-08-23", None])
def test_dates_may_be_partly_known(date: str | None) -> None:
    [source] = layer(sources=[{"id": "a", "date": date}]).sources
    assert source.date == date


@pytest.mark.parametrize(
    "address", ["https://a.example/b?c", "HTTP://a.example", "docs/a.html", "/a"]
)
def test_addresses_on_the_web_and_relative_ones(address: str) -> None:
    [source] = layer(sources=[{"id": "a", "address": address}]).sources
    assert source.address == address


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], r"^must be an object, not \[\]$"),
        (
            {"headline": [{"layer": "a", "text": "b", "figure": "c"}]},
            r"headline\[0\].figure is not",
        ),
        ({"name": "x"}, "name is not known; allowed here: id, title"),
        ({"as_of": "soon"}, "as_of must be a date like 2024-08-23, not 'soon'"),
        ({"headline": [{"layer": 5}]}, r"headline\[0\].layer must be a text, not 5"),
        ({"facts": [{"label": {"zh": 1}}]}, r"facts\[0\].label.zh must be a text, not 1"),
    ],
)
def test_a_mistake_in_a_zone(document: object, sentence: str) -> None:
    with pytest.raises(BadDocument, match=sentence):
        parse_zone(document, "zone")
