"""Lines to copy into other programs: whole layers, every field, read from the public address."""

from server.attachments import plain_name
from server.links import Links

# Lists become text, which GDAL would do with a warning for each. A layer is declared to take every
# geometry: GDAL would call it POLYGON by its first features, whatever the others are.
_INTO_GEOPACKAGE = "-mapFieldType StringList=String -nlt GEOMETRY"


def gdal(links: Links, layer: str | None, zone: str) -> str:
    """Into a GeoPackage, which every GIS opens."""
    file = plain_name(zone) if layer is None else layer
    line = f'ogr2ogr -f GPKG {file}.gpkg "OAPIF:{links.to()}" {_INTO_GEOPACKAGE}'
    return line if layer is None else f"{line} {layer}"


def python(links: Links, layer: str | None) -> str:
    if layer is None:
        return (
            "import json, urllib.request\n"
            "import geopandas\n\n"
            f'base = "{links.to()}"\n'
            'found = json.load(urllib.request.urlopen(base + "collections"))["collections"]\n'
            "layers = {\n"
            '    one["id"]: geopandas.read_file(f"{base}downloads/{one[\'id\']}.geojson")\n'
            "    for one in found\n"
            "}\n"
        )
    address = links.to("downloads", f"{layer}.geojson")
    return f'import geopandas\n\nlayer = geopandas.read_file("{address}")\n'


def excel(links: Links, layer: str | None, most: int) -> str:
    """For Power Query's editor: a table of the layer, or one of all layers with tables inside."""
    if layer is None:
        address = links.to("collections")
        return (
            "let\n"
            f'    Source = Json.Document(Web.Contents("{address}")),\n'
            "    Layers = Table.FromRecords(Source[collections], null, MissingField.UseNull)\n"
            "in\n"
            '    Table.SelectColumns(Layers, {"id", "title", "description"})\n'
        )
    address = links.to("collections", layer, "items", query={"limit": most})
    return (
        "let\n"
        "    Get = (address) => Json.Document(Web.Contents(address)),\n"
        "    Next = (page) =>\n"
        '        List.First(List.Select(page[links], each [rel] = "next")),\n'
        "    Pages = List.Generate(\n"
        f'        () => Get("{address}"),\n'
        "        each _ <> null,\n"
        "        each if Next(_) = null then null else Get(Next(_)[href])\n"
        "    ),\n"
        "    Features = List.Combine(List.Transform(Pages, each [features])),\n"
        "    Rows = List.Transform(Features, each [properties]),\n"
        "    Names = List.Distinct(List.Combine(List.Transform(Rows, Record.FieldNames))),\n"
        "    Table = Table.FromRecords(Rows, Names, MissingField.UseNull),\n"
        '    IsList = each if _ is list then Text.Combine(_, ", ") else _,\n'
        "    Cells = Table.TransformColumns(Table, {}, IsList)\n"
        "in\n"
        "    Cells\n"
    )
