"""Lines to copy into other programs: whole layers, every field, read from the public address."""

from server.links import Links


def gdal(links: Links, layer: str | None, zone: str) -> str:
    """Into a GeoPackage, which every GIS opens."""
    if layer is None:
        return f'ogr2ogr -f GPKG {quoted(zone)}.gpkg "OAPIF:{links.to()}"'
    return f'ogr2ogr -f GPKG {layer}.gpkg "OAPIF:{links.to()}" {layer}'


def quoted(name: str) -> str:
    """A file name that no shell takes apart."""
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in name) or "map"


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
        f'    Source = Json.Document(Web.Contents("{address}")),\n'
        "    Rows = List.Transform(Source[features], each [properties]),\n"
        "    Names = List.Distinct(List.Combine(List.Transform(Rows, Record.FieldNames))),\n"
        "    Table = Table.FromRecords(Rows, Names, MissingField.UseNull),\n"
        '    IsList = each if _ is list then Text.Combine(_, ", ") else _,\n'
        "    Cells = Table.TransformColumns(Table, {}, IsList)\n"
        "in\n"
        "    Cells\n"
    )
