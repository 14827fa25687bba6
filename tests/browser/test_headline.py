"""The line of figures above the map and what the map says of itself."""

from tests.browser.doors import opened, panel_title, press
from tests.browser.visits import Visits, read, texts
from tests.browser.world import World, say


def test_each_entry_opens_its_list_figure_and_source(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    entries = world.zone.get("headline", [])
    assert texts(page, "#headline button") == [say(entry["text"], "zh") for entry in entries]
    for number, entry in enumerate(entries, 1):
        press(page, f"#headline button:nth-child({number})")
        layer = world.layer(entry["layer"])
        known = {figure["id"]: figure for figure in layer.definition.get("figures", [])}
        figures = [known[name] for name in entry.get("figures", [])]
        assert panel_title(page) == layer.title("zh")
        members = {member for figure in figures for member in figure["members"]}
        ids = members or {item.feature["id"] for item in layer.items}
        assert opened(page) == [item.key for item in layer.items if item.feature["id"] in ids]
        notes = texts(page, "#side .figure-note b")
        assert notes == [say(figure["text"], "zh") for figure in figures]
        sources = {one["id"]: one for one in layer.definition.get("sources", [])}
        sources |= {one["id"]: one for one in world.zone.get("sources", [])}
        told = page.locator("#side .list").inner_text()
        for cited in {entry.get("source"), *(figure["source"] for figure in figures)} - {None}:
            assert say(sources[cited]["title"], "zh") in told


def test_about_the_map(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    press(page, "#strip button")
    zone = world.zone
    assert panel_title(page) == say(zone.get("full_name") or zone["title"], "zh")
    facts = [[say(fact["label"], "zh"), say(fact["text"], "zh")] for fact in zone.get("facts", [])]
    told = read(
        page,
        """() => [...document.querySelectorAll("#side dt")].map((label) =>
          [label.textContent, label.nextSibling.firstChild.textContent])""",
    )
    assert told == facts
    sources = {one["id"] for layer in world.layers for one in layer.definition.get("sources", [])}
    sources |= {one["id"] for one in zone.get("sources", [])}
    assert page.locator("#side section.sources li").count() == len(sources)
