"""The line that answers how many and how much, in the words and numbers of the page's own."""

from collections.abc import Container, Sequence

from layers.model import Figure, Layer
from server.figures import figure_text, is_joint
from server.html_values import number
from server.picture.view import View
from server.picture.wording import plain, said


def totals(view: View, shown: str = "totals.shown") -> list[str]:
    """How many are shown of all; how sure that is in an area; what was published for several.

    `shown` is the key of what is said of a view that is not narrowed.
    """
    count, note = number(len(view.items)), plain(view.zone.count_note.of(view.lang))
    key = "totals.chosen" if view.is_narrowed else f"{shown}_note" if note else shown
    first = said(view.words, key, count=count, all=number(view.all), note=note)
    certain = []
    if view.area is not None:
        sure = sum(one.certain is True for one in view.items)
        values = {"certain": number(sure), "possible": number(len(view.items) - sure)}
        lost = said(view.words, "area.undecided_count", count=number(view.undecided))
        parts = [said(view.words, "area.counts", **values), *([lost] if view.undecided else [])]
        certain = [" · ".join(parts)]
    return [first, *certain, *joint_figures(view)]


def joint_figures(view: View) -> list[str]:
    """Of each layer what was published for several items together: whole, or not at all."""
    ids: dict[str, set[str]] = {}
    for item in view.items:
        ids.setdefault(item.layer.id, set()).add(item.id)
    return [
        text
        for one in view.shown
        for figure in one.layer.figures
        if (text := _joint(view, one.layer, figure, ids.get(one.layer.id, ())))
    ]


def _joint(view: View, layer: Layer, figure: Figure, shown: Container[str]) -> str | None:
    members = figure.members
    if not is_joint(figure):
        return None
    held = sum(member in shown for member in members)
    if not held:
        return None
    label, count = figure_name(figure, view.lang), number(len(members))
    if held < len(members):
        return said(view.words, "totals.part", label=label, count=number(held), all=count)
    amount = plain(figure_text(figure, view.lang, view.words))
    return said(view.words, "totals.joint", label=label, amount=amount, count=count)


def figure_name(figure: Figure, lang: str) -> str:
    """Its label without what it says in brackets at its end."""
    text = plain(figure.label.of(lang))
    for opening, closing in (("（", "）"), ("(", ")")):
        if text.endswith(closing) and opening in text:
            return text[: text.rindex(opening)].strip()
    return text


def unplaced_by_layer(view: View) -> Sequence[tuple[Layer, int]]:
    """What has no place on the map, the most important layer first."""
    counts: dict[str, int] = {}
    layers = {one.layer.id: one.layer for one in view.shown}
    for item in view.items:
        if item.home == "tray":
            counts[item.layer.id] = counts.get(item.layer.id, 0) + 1
    found = [(layers[key], count) for key, count in counts.items()]
    return sorted(found, key=lambda one: -one[0].style.importance)
