"""The panel: each layer goes off and on, by mouse and keyboard; the counts and the collection."""

from collections.abc import Iterable

from playwright.sync_api import Page

from tests.browser.doors import check_sums, checkbox, open_layer, opened, press
from tests.browser.visits import Visits, read, texts
from tests.browser.world import Item, Layer, World, say, word


def count_text(layer: Layer, items: list[Item], lang: str = "zh") -> str:
    """As the layer's editors count it, else the plain number."""
    count_as = layer.definition.get("count_as")
    parts = []
    for group in count_as["groups"] if count_as else []:
        values = [item.feature["properties"][count_as["field"]] for item in items]
        count = sum(value in group["codes"] for value in values)
        parts += [f"{count} {say(group['label'], lang)}"] if count else []
    return " + ".join(parts) or f"{len(items):,}"


def panel_counts(page: Page) -> dict[str, str]:
    found: dict[str, str] = read(
        page,
        """() => Object.fromEntries([...document.querySelectorAll("#panel .layer")].map((row) =>
          [row.dataset.layer, row.querySelector(".count").textContent]))""",
    )
    return found


def test_the_panel_is_the_legend(world: World, visits: Visits) -> None:
    page = visits.open(world.url)
    counts = {layer.id: count_text(layer, layer.items) for layer in world.layers}
    assert panel_counts(page) == counts
    for layer in world.layers:
        row = page.locator(f'#panel .layer[data-layer="{layer.id}"]')
        assert row.locator(".layer-name span").first.text_content() == layer.title("zh")
        assert row.locator("svg.symbol").count() == 1
        assert checkbox(page, layer.id).is_checked() == layer.visible
    legend = texts(page, "#panel .positions li:visible")
    guessed = any(item.inferred for item in world.sites)
    kinds = ("exact", "township", "district", "unplaced", *["inferred"] * guessed)
    assert legend == [word("zh", f"legend.{kind}") for kind in kinds]


def context_drawn(page: Page, layer: Layer) -> bool:
    """Whether a layer that is no site layer is on the map."""
    if layer.role == "places":
        return page.locator(".town-dot").count() > 0
    kind = "zone-outline" if layer.role == "areas" else "backdrop-area"
    return page.locator(f".{kind}:not(.is-off)").count() > 0


def test_each_layer_goes_off_and_on(world: World, visits: Visits) -> None:
    """Alternately by a click and by the space key, and the map follows each time."""
    page = visits.open(world.url)
    on = {layer.id for layer in world.layers if layer.visible}
    for number, layer in enumerate(2 * world.layers):
        on ^= {layer.id}
        box = checkbox(page, layer.id)
        if number % 2:
            press(page, f'#panel .layer[data-layer="{layer.id}"] input')
        else:
            box.focus()
            page.keyboard.press("Space")
        assert box.is_checked() == (layer.id in on)
        if layer.role == "sites":
            check_sums(page, world.shown(on))
        elif layer.items:
            assert context_drawn(page, layer) == (layer.id in on), layer.id
    assert on == {layer.id for layer in world.layers if layer.visible}


def test_lists_of_layers(world: World, visits: Visits) -> None:
    """The name of a layer lists it whole; only the rows in sight are there."""
    page = visits.open(world.url)
    for layer in world.layers:
        open_layer(page, layer.id)
        listed = page.locator("#side .row[data-item]")
        assert listed.count() <= min(60, len(layer.items))
        for row in listed.all():
            assert row.get_attribute("aria-setsize") == str(len(layer.items))
        assert opened(page) == [item.key for item in layer.items]


def mentioned(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.mentioned]


def left_text(layer: Layer) -> str:
    """Under the switch: what is left of all, or that the layer does not know."""
    if layer.role != "sites" or not layer.items:
        return count_text(layer, layer.items)
    if not layer.fields_of("mentioned"):
        return word("zh", "panel.lacks")
    return f"{len(mentioned(layer.items)):,} / {len(layer.items):,}"


def test_the_collection_switch(world: World, visits: Visits) -> None:
    """What is named in the report, or everything that was collected."""
    page = visits.open(world.url)
    segments = page.locator("#panel .segments label")
    if not any(layer.fields_of("mentioned") for layer in world.layers):
        assert segments.count() == 0
        return
    everything = len(world.sites)
    named = len(mentioned(world.sites))
    assert 0 < named < everything
    assert f"收录{everything:,}项" in page.locator("#panel .collected").inner_text()
    segments.filter(has_text=word("zh", "mention.mentioned")).click()
    check_sums(page, world.shown(mentioned_only=True))
    assert panel_counts(page) == {layer.id: left_text(layer) for layer in world.layers}
    shown = len(list(world.shown(mentioned_only=True)))
    chosen = page.locator("#totals b")
    assert chosen.inner_text() == word(
        "zh", "totals.chosen", count=f"{shown:,}", all=f"{everything:,}"
    )
    assert page.locator("#chips .chip").count() == 1
    page.keyboard.press("ArrowRight")
    check_sums(page, world.shown())
    assert f"图上{len(list(world.shown())):,}项" in chosen.inner_text()
    assert page.locator("#chips").is_hidden()
