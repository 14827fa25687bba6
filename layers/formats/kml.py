"""KML 2.2 (OGC 07-147r2), streamed: a folder for each layer, for Google Earth and map apps.

A description is plain text in words of the file's language; ExtendedData holds the published
values, codes as codes. No markup of the data is ever rendered: a viewer takes a description for
HTML, so it is escaped as HTML and then as XML.
"""

from collections.abc import Callable, Iterator

from layers.export.content import Content, Part
from layers.export.fields import list_text
from layers.export.readme import lines, plain
from layers.export.words import COLON, namer, said_in, words
from layers.export.xml import escaped
from layers.filter.queryables import id_name
from layers.format import Format
from layers.formats._kml_shapes import shape_element
from layers.formats._kml_styles import looks, style_elements
from layers.formats.geojson import decimals_of
from layers.model import Feature, Field, Lang, Layer, Text

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2">\n'
    "<Document>\n<name>{name}</name>\n<open>1</open>\n<description>{about}</description>\n"
)
# An `int` of KML has 32 bits, and readers cut what is larger without a word: whole numbers are
# texts. Dates are too, for GDAL reads no other kind of date.
_TYPES = {"number": "double", "boolean": "bool"}


def write(content: Content) -> Iterator[bytes]:
    yield from document(content, packed=False)


def document(content: Content, *, packed: bool) -> Iterator[bytes]:
    """The KML; in a zip its styles point to symbols beside it, and a layer is a document of its
    own with its own schema, for in a zip GDAL looks for schemas nowhere else.
    """
    lang = content.lang
    title = content.parts[0].layer.title if len(content.parts) == 1 else content.zone.title
    yield _HEAD.format(
        name=escaped(title.of(lang)), about=escaped(_as_html(plain(lines(content))))
    ).encode()
    for number, part in enumerate(content.parts, 1):
        yield "".join(style_elements(looks(part.layer, number, packed).all)).encode()
    schemas = [_schema(part.layer, n, lang) for n, part in enumerate(content.parts, 1)]
    if not packed:
        yield "".join(schemas).encode()
    for number, part in enumerate(content.parts, 1):
        if packed:
            yield from _group(content, part, number, "Document", schemas[number - 1])
        else:
            yield from _group(content, part, number, "Folder")
    yield b"</Document>\n</kml>\n"


def _schema(layer: Layer, number: int, lang: Lang) -> str:
    fields = [
        f'<SimpleField type="{_type(one)}" name="{escaped(one.name)}">'
        f"<displayName>{escaped(one.label.of(lang) or one.name)}</displayName></SimpleField>\n"
        for one in layer.schema.fields
    ]
    fields.append(f'<SimpleField type="string" name="{id_name(layer)}"></SimpleField>\n')
    return f'<Schema name="{escaped(layer.id)}" id="schema{number}">\n{"".join(fields)}</Schema>\n'


def _type(field: Field) -> str:
    return "double" if field.role == "uncertainty" else _TYPES.get(field.type, "string")


def _group(
    content: Content, part: Part, number: int, element: str, schema: str = ""
) -> Iterator[bytes]:
    title, about = (one.of(content.lang) for one in (part.layer.title, part.layer.description))
    description = f"<description>{escaped(_as_html(about))}</description>\n" if about else ""
    yield f"<{element}>\n<name>{escaped(title)}</name>\n{description}{schema}".encode()
    placemark = _placemarks(content, part.layer, number)
    for batch in part.batches():
        yield "".join(map(placemark, batch.features())).encode()
    yield f"</{element}>\n".encode()


def _placemarks(content: Content, layer: Layer, number: int) -> Callable[[Feature], str]:
    lang, decimals = content.lang, decimals_of(content.crs)
    name_of, look_of = namer(layer, lang), looks(layer, number, packed=False).of
    instant = layer.schema.with_role("instant")
    described = [
        (one, (one.label.of(lang) or one.name) + COLON.of(lang)) for one in said_in(layer, lang)
    ]
    opened = [(one.name, f'<SimpleData name="{escaped(one.name)}">') for one in layer.schema.fields]
    own_id = f'<SimpleData name="{id_name(layer)}">'

    def placemark(feature: Feature) -> str:
        properties = feature.properties
        name = name_of(properties)
        said = [name] if name else []
        said += [
            label + words(field, value, lang)
            for field, label in described
            if (value := properties[field.name]) not in (None, [], "")
        ]
        data = [
            f"{start}{_value(value)}</SimpleData>"
            for field_name, start in opened
            if (value := properties[field_name]) is not None
        ]
        when = properties[instant.name] if instant else None
        time = f"<TimeStamp><when>{escaped(when)}</when></TimeStamp>" if when else ""
        shape = shape_element(feature.geometry, decimals)
        return (
            f"<Placemark><name>{escaped(name or feature.id)}</name>"
            '<Snippet maxLines="0"></Snippet>'
            f"<description>{escaped(_as_html(chr(10).join(said)))}</description>{time}"
            f"<styleUrl>#{look_of(feature)}</styleUrl>"
            f'<ExtendedData><SchemaData schemaUrl="#schema{number}">{"".join(data)}'
            f"{own_id}{feature.id}</SimpleData></SchemaData></ExtendedData>{shape}</Placemark>\n"
        )

    return placemark


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return escaped(list_text(value) if isinstance(value, list) else value)


def _as_html(text: str) -> str:
    """Text that HTML shows as it is; `$[name]` would be the viewer's own way to fill in values."""
    found = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return found.replace("$[", "&#36;[")


FORMAT = Format(
    name="KML",
    purpose=Text("谷歌地球与地图软件", "For Google Earth and map apps"),
    media_type="application/vnd.google-earth.kml+xml",
    extensions=("kml",),
    write=write,
    many_layers=True,
    projected=False,
    offsets=True,
)
