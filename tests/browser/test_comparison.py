"""Comparison of districts, beside the items that the page holds."""

from tests.browser.counted import address, asked, by_district, counts, district_field
from tests.browser.doors import press
from tests.browser.visits import Visits, read, texts
from tests.browser.world import World, word


def test_comparison(world: World, visits: Visits) -> None:
    page = visits.open(world.url, drawer="compare")
    areas = list(dict.fromkeys(world.areas.values()))
    head, *rows = read(
        page,
        """() => [...document.querySelectorAll(".compare-table tr")].map((row) =>
          [...row.cells].map((cell) => [...cell.querySelectorAll("span:not(.bar)")].map((one) =>
            one.textContent).join("|") || cell.textContent))""",
    )
    assert head[1:] == [area.name("zh") for area in areas]
    lines = {row[0]: row[1:] for row in rows if len(row) > 1}
    expected = by_district(world, world.shown())
    group = district_field(world)
    for layer in world.site_layers:
        if not layer.visible:
            continue
        cells = lines[layer.title("zh")]
        groups = (
            asked(world, group=group, layers=layer.id)["groups"]
            if layer.fields_of("district")
            else []
        )
        served = {one["labels"][group]: (one["count"], one["inferred"]) for one in groups}
        for area, cell in zip(areas, cells, strict=True):
            both = counts([["", cell]])[""]
            assert both == served.get(area.name("zh"), (0, 0)), (layer.id, area.name("zh"))
    for area, cell in zip(areas, lines[word("zh", "stats.total")], strict=True):
        assert counts([["", cell]])[""] == expected.get(area.name("zh"), (0, 0))
    # What stands in no column is said once.
    said = page.locator(".stats-answer").inner_text()
    for key, name in (
        ("compare.several", "stats.several_districts"),
        ("compare.unknown", "stats.unknown_district"),
    ):
        count = sum(expected.get(word("zh", name), (0, 0)))
        assert (word("zh", key, count=f"{count:,}") in said) == (count > 0)
    # Two of them, in the link; fewer than two cannot be chosen.
    press(page, ".compare-areas label:last-of-type input")
    assert address(page)["compare"] == [",".join(area.key for area in areas[:2])]
    assert page.locator(".compare-areas input:disabled").count() == 2
    again = visits.open(read(page, "() => location.href"), path="")
    assert texts(again, ".compare-table thead th") == [area.name("zh") for area in areas[:2]]


def test_a_figure_of_one_district_stands_in_its_column(
    bundled_world: World, visits: Visits
) -> None:
    page = visits.open(bundled_world.url, drawer="compare")
    [row] = [row for row in page.locator(".compare-table tr").all() if "903.1" in row.inner_text()]
    cells = row.locator("td").all_inner_texts()
    names = texts(page, ".compare-table thead th")
    assert [name for name, cell in zip(names, cells, strict=True) if "903.1" in cell] == ["嘉善县"]
    # That of twelve projects in no one district stands in none.
    assert "86.3" not in page.locator(".compare-table").inner_text()
