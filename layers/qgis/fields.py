"""What the fields of a layer are called in QGIS, and what their codes mean."""

from xml.etree.ElementTree import Element

from layers.filter.queryables import id_name
from layers.model import Field
from layers.qgis.look import Look
from layers.qgis.xml import put
from layers.values import YES_NO


def fields(parent: Element, look: Look) -> None:
    """Aliases in the reader's language; codes in words; lists stay what they are."""
    configuration, aliases = put(parent, "fieldConfiguration"), put(parent, "aliases")
    for index, each in enumerate((None, *look.layer.schema.fields)):
        name = look.names[each.name if each else None]
        put(aliases, "alias", field=name, index=index, name=alias(each, look))
        if each is not None and (values := _values(each, look.lang)):
            field = put(configuration, "field", name=name)
            widget = put(field, "editWidget", type="ValueMap")
            _value_map(put(widget, "config"), values)


def alias(field: Field | None, look: Look) -> str:
    if field is None:
        return id_name(look.layer)
    label = field.label.of(look.lang) or field.name
    if not field.unit:
        return label
    return f"{label}（{field.unit}）" if look.lang == "zh" else f"{label} ({field.unit})"


def _values(field: Field, lang: str) -> dict[str, str]:
    """Code to words."""
    if field.type == "boolean":
        return dict(zip(("false", "true"), YES_NO[lang], strict=True))
    if field.type == "list" or not field.codes:
        return {}
    return {code: text.of(lang) or code for code, text in field.codes.items()}


def _value_map(parent: Element, values: dict[str, str]) -> None:
    listed = put(put(parent, "Option", type="Map"), "Option", name="map", type="List")
    for code, words in values.items():
        entry = put(listed, "Option", type="Map")
        put(entry, "Option", name=words, type="QString", value=code)
