"""The command line: `zoneatlas serve | layers | export | copy`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlencode

from layers.errors import AtlasError
from layers.model import LANGUAGES
from server.progress import Progress
from server.settings import SETTINGS, SettingError, Settings, read_settings
from server.version import VERSION

STORE_HELP = "GeoPackage file or folder of layer files; the bundled zone if left out"
COPY_HELP = "GeoPackage, folder of layer files, GeoJSON, CSV or XLSX file, or bundled"
BAD_USE = 2
ASKED = "asked "  # before the names of what a download asks for, some of which settings have too


class Parser(argparse.ArgumentParser):
    """argparse, but an error is one sentence without the whole usage before it.

    `fill` adds arguments when the command is called: those of others need not be known for it.
    """

    def __init__(
        self, *, fill: Callable[[argparse.ArgumentParser], None] | None = None, **words: Any
    ) -> None:
        super().__init__(**words)
        self._fill = fill

    # Its overloads tell namespaces apart; here none is given, and all goes on as it came.
    def parse_known_args(self, *arguments: Any) -> Any:  # type: ignore[override]  # overloads, see above
        if self._fill is not None:
            self._fill(self)
            self._fill = None
        return super().parse_known_args(*arguments)

    def error(self, message: str) -> NoReturn:
        self.exit(BAD_USE, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what is wrong is one sentence on stderr, and exit code 2."""
    given = parser().parse_args(arguments)
    try:
        settings = read_settings(vars(given), os.environ)
        return int(given.command(given, settings) or 0)
    except (AtlasError, SettingError) as error:
        print(f"zoneatlas: {error}", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"zoneatlas: {sentence(error)}", file=sys.stderr)
    return BAD_USE


def parser() -> Parser:
    top = Parser(prog="zoneatlas", description="A map server for one zone and its layers.")
    top.add_argument("--version", action="version", version=f"zoneatlas {VERSION}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    serving = commands.add_parser("serve", help="serve the map and its layers over HTTP")
    serving.add_argument("store", nargs="?", metavar="STORE", help=STORE_HELP)
    add_settings(serving)
    serving.set_defaults(command=serve)

    listing = commands.add_parser("layers", help="list the layers")
    listing.add_argument("store", nargs="?", metavar="STORE", help=STORE_HELP)
    add_settings(listing, "data_dir")
    listing.set_defaults(command=list_layers)

    exporting = commands.add_parser(
        "export", help="write a layer, or the whole map, to a file", fill=add_export
    )
    exporting.set_defaults(command=export)

    writing = commands.add_parser(
        "html", help="write the map as one HTML file that needs no server"
    )
    writing.add_argument("store", nargs="?", metavar="STORE", help=STORE_HELP)
    writing.add_argument("-o", dest="file", metavar="FILE", type=Path, required=True)
    view_help = "what it shows, as the address of the page says it: 'zoom=11&filter=...'"
    writing.add_argument("--view", metavar="VIEW", default="", help=view_help)
    writing.add_argument("--lang", choices=LANGUAGES, help="what it opens in")
    add_settings(writing, "data_dir", "map_approval_number", "public_url")
    writing.set_defaults(command=write_html)

    copying = commands.add_parser("copy", help="copy layers into a GeoPackage or a folder")
    copying.add_argument("source", metavar="FROM", help=COPY_HELP)
    target_help = "a GeoPackage (.gpkg), new or of ours, or a folder of layer files"
    copying.add_argument("target", metavar="TO", type=Path, help=target_help)
    copying.add_argument("--replace", action="store_true", help="overwrite layers of the same id")
    add_settings(copying, "data_dir")
    copying.set_defaults(command=copy_layers)
    return top


def add_export(exporting: argparse.ArgumentParser) -> None:
    """What a download may ask for over HTTP can be asked for here, by the same names."""
    from layers.registry import all_formats
    from server.params import DOWNLOAD, VERSION

    endings = ", ".join(f".{kind.ending(one)}" for one, kind in all_formats().items())
    layer_help = "id of the layer, as `layers` lists it, or map for all"
    exporting.add_argument("layer", metavar="LAYER", help=layer_help)
    exporting.add_argument("file", metavar="FILE", type=Path, help=f"ends in one of {endings}")
    exporting.add_argument("--store", metavar="STORE", help=STORE_HELP)
    for one in DOWNLOAD:
        if one is not VERSION:
            words = one.description.replace("%", "%%")
            exporting.add_argument(
                f"--{one.name}", dest=f"{ASKED}{one.name}", metavar="VALUE", help=words
            )
    add_settings(exporting, "data_dir", "local_crs")


def add_settings(command: argparse.ArgumentParser, *names: str) -> None:
    """The flags of these settings, or of all; their values are read by the table, not here."""
    for one in SETTINGS:
        if not names or one.name in names:
            command.add_argument(
                one.flag,
                dest=one.name,
                metavar=one.value_name,
                action="append" if one.repeatable else "store",
                help=f"{one.en} ({one.variable})".replace("%", "%%"),
            )


def serve(given: argparse.Namespace, settings: Settings) -> None:
    from layers.catalog import Catalog
    from server.run import listen, run

    with (
        closing(listen(settings)) as socket,
        closing(Catalog.open(given.store, settings.data_dir)) as catalog,
    ):
        warn(catalog.notices)
        run(catalog, settings, socket, say=lambda line: print(line, flush=True))


def list_layers(given: argparse.Namespace, settings: Settings) -> None:
    from layers.catalog import Catalog
    from layers.model import Query

    with closing(Catalog.open(given.store, settings.data_dir)) as catalog:
        warn(catalog.notices)
        for layer in catalog.store.layers():
            count = catalog.store.count(layer.id, Query())
            print(f"{layer.id}\t{count}\t{layer.title.zh}\t{layer.title.en}")


def export(given: argparse.Namespace, settings: Settings) -> None:
    from layers.catalog import Catalog
    from layers.registry import extension_of
    from layers.stores.remembered import Remembered
    from server.export import write_file
    from server.order import content_of, order_of
    from server.search_index import SearchIndex
    from server.source import Source

    asked = {
        name.removeprefix(ASKED): value
        for name, value in vars(given).items()
        if name.startswith(ASKED) and value is not None
    }
    extension = extension_of(given.file.name)
    order = order_of(given.layer, extension, urlencode(asked).encode(), "zh", settings)
    file = given.file
    if not file.name.lower().endswith(ending := f".{order.kind.ending(extension)}"):
        file = file.with_name(file.name + ending.removeprefix(file.suffix.lower()))
    progress = Progress(sys.stderr)
    with closing(Catalog.open(given.store, settings.data_dir)) as catalog:
        source = Source(catalog.store, settings, SearchIndex(catalog, settings), Remembered())
        source.get_ready(order.given)
        with catalog.store.reading():
            progress.begin(file.name, content_of(source, order).count())
            count = write_file(source, order, file, progress.step)
        progress.end()
    print(f"{file}: {count}")


def write_html(given: argparse.Namespace, settings: Settings) -> None:
    from layers.catalog import Catalog
    from layers.stores.remembered import Remembered
    from server.assets import read_assets
    from server.onefile import OneFile
    from server.search_index import SearchIndex
    from server.source import Source
    from server.whole import whole

    with closing(Catalog.open(given.store, settings.data_dir)) as catalog:
        warn(catalog.notices)
        source = Source(catalog.store, settings, SearchIndex(catalog, settings), Remembered())
        html = OneFile(read_assets()).of_view(source, given.view, given.lang)
    with whole(given.file) as sink:
        sink.write(html)
    print(f"{given.file}: {len(html):,} bytes")


def copy_layers(given: argparse.Namespace, settings: Settings) -> None:
    from server.copy import copy

    progress = Progress(sys.stderr)
    copied = copy(given.source, given.target, settings.data_dir, given.replace, progress)
    layers, features = counted(copied.layers, "layer"), counted(copied.features, "feature")
    print(f"{given.target}: {layers}, {features}")


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def warn(notices: Sequence[str]) -> None:
    for notice in notices:
        print(f"zoneatlas: {notice}", file=sys.stderr)


def sentence(error: OSError) -> str:
    """What the operating system says, with the file it says it of."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}." if error.filename else f"{reason}."


if __name__ == "__main__":
    sys.exit(main())
