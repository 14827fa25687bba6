"""Fields that say what they are by a conventional name, where no definition says it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from layers.model import PLACEMENTS, Field

# Conventional names and the role they take: (role, lang, the types it may have).
_CONVENTIONS = {
    "name_zh": ("name", "zh", ("text",)),
    "name_en": ("name", "en", ("text",)),
    "名称": ("name", "zh", ("text",)),
    "name": ("name", None, ("text",)),
    "title": ("name", None, ("text",)),
    "placement": ("placement", None, ("text",)),
    "position_uncertainty_m": ("uncertainty", None, ("integer", "number")),
}
# Without one of these the first text that tells features apart stands for the name: filled in and
# different from the others nine times in ten, and short enough for a label.
LONGEST_NAME = 80
LOOKED_AT = 1_000


class Conventions:
    """Takes the properties of features one by one; `applied` gives fields the roles they have."""

    def __init__(self) -> None:
        self._strange_placement = False
        self._seen = 0
        self._texts: dict[str, set[str]] = {}
        self._no_names: set[str] = set()

    def add(self, properties: Mapping[str, object]) -> None:
        if properties.get("placement") not in (*PLACEMENTS, None):
            self._strange_placement = True
        if self._seen < LOOKED_AT:
            self._look_for_names(properties)

    def _look_for_names(self, properties: Mapping[str, object]) -> None:
        self._seen += 1
        for name, value in properties.items():
            if isinstance(value, str) and value:
                self._texts.setdefault(name, set()).add(value[: LONGEST_NAME + 1])
                if len(value) > LONGEST_NAME or "://" in value:
                    self._no_names.add(name)

    def applied(self, fields: Sequence[Field], points: bool) -> list[Field]:
        """`points`: there are some, whose placement may be known more or less well. An area or a
        line is where its shape is, whatever a column of that name says.
        """
        names = {field.name for field in fields}
        given: set[tuple[str | None, str | None]] = set()
        found = []
        for field in fields:
            one = self._with_role(field, names)
            if one.role == "placement" and not points:
                one = field
            if (one.role, one.lang) in given:  # 名称 beside name_zh
                one = field
            elif one.role:
                given.add((one.role, one.lang))
            found.append(one)
        return found if any(one.role == "name" for one in found) else self._with_name(found)

    def _with_role(self, field: Field, names: set[str]) -> Field:
        role, lang, allowed = _CONVENTIONS.get(field.name, (None, None, ()))
        if (
            field.type not in allowed
            or (field.name == "title" and "name" in names)
            or (field.name == "placement" and self._strange_placement)
        ):
            return field
        return replace(field, role=role, lang=lang)

    def _with_name(self, fields: list[Field]) -> list[Field]:
        for index, field in enumerate(fields):
            different = len(self._texts.get(field.name, ())) >= max(1, 0.9 * self._seen)
            free = field.type == "text" and field.role is None
            if free and different and field.name not in self._no_names:
                return [*fields[:index], replace(field, role="name"), *fields[index + 1 :]]
        return fields
