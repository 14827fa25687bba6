"""Layers from a store, a folder or a file into a GeoPackage or a folder, whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import orjson
import shapely

from layers.catalog import Catalog
from layers.errors import AtlasError, BadFeature, BadLayerFile
from layers.export.select import whole
from layers.format import Format
from layers.formats import geojson
from layers.formats._files import folder
from layers.ingest import ZONE_FILE
from layers.model import Batch, Layer, NewFeature, Query, Zone
from layers.registry import all_formats, extension_of
from layers.stores.geopackage import GeoPackage
from layers.stores.store import Store
from layers.zone import zone_document
from server.progress import Progress

BUNDLED = "bundled"


class CannotCopy(AtlasError):
    """What is asked for would overwrite, or cannot be."""


@dataclass(frozen=True)
class Copied:
    layers: int
    features: int


def copy(source: str, target: Path, data_dir: Path, replace: bool, progress: Progress) -> Copied:
    """`source`: `bundled`, a GeoPackage, a folder of layer files, or a file a format reads.

    `target`: a GeoPackage (`.gpkg`), else a folder. Layers that are there already are overwritten
    only with `replace`; the others there stay.
    """
    path = Path(source)
    if source != BUNDLED and path.exists() and target.exists() and path.samefile(target):
        raise CannotCopy(f"{source} cannot be copied to itself.")
    kind = all_formats().get(extension_of(path.name))
    with ExitStack() as stack:
        if source != BUNDLED and path.is_file() and kind is not None and kind.read is not None:
            if target.suffix == ".gpkg":
                return _into_store(_File(path, kind), target, replace, progress)
            store = stack.enter_context(folder()) / "read.gpkg"
            _into_store(_File(path, kind), store, replace, progress)
            opened = GeoPackage.open(store)
            stack.callback(opened.close)
            return _into_folder(opened, None, target, replace, progress)
        catalog = Catalog.open(None if source == BUNDLED else path, data_dir)
        stack.enter_context(closing(catalog))
        stack.enter_context(catalog.store.reading())
        if target.suffix == ".gpkg":
            return _into_store(_Stored(catalog.store), target, replace, progress)
        return _into_folder(catalog.store, catalog.store.zone(), target, replace, progress)


@dataclass(frozen=True)
class _File:
    path: Path
    kind: Format

    zone: Zone | None = None

    def layers(
        self, known: Mapping[str, Layer]
    ) -> Iterator[tuple[Layer, int | None, Iterator[NewFeature]]]:
        assert self.kind.read is not None
        with closing(self.kind.read(self.path, known)) as found:
            for layer, features in found:
                yield layer, None, features

    def said(self, error: BadFeature) -> AtlasError:
        return BadLayerFile(self.path.name, error.feature, error.reason)


@dataclass(frozen=True)
class _Stored:
    store: Store

    @property
    def zone(self) -> Zone | None:
        return self.store.zone()

    def layers(
        self, _: Mapping[str, Layer]
    ) -> Iterator[tuple[Layer, int | None, Iterator[NewFeature]]]:
        for layer in self.store.layers():
            count = self.store.count(layer.id, Query())
            yield layer, count, new_features(self.store.batches(layer.id, Query()))

    def said(self, error: BadFeature) -> AtlasError:
        return error


def new_features(batches: Iterator[Batch]) -> Iterator[NewFeature]:
    for batch in batches:
        shapes = shapely.from_wkb(batch.geometries)
        for one, shape in zip(batch.features(), shapes, strict=True):
            yield NewFeature(one.id, shape, one.properties)


def _into_store(source: _File | _Stored, target: Path, replace: bool, progress: Progress) -> Copied:
    if target.exists():
        with closing(GeoPackage.open(target)) as store:
            return _load(source, store, replace, progress)
    new = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with closing(GeoPackage.create(new)) as store:
            copied = _load(source, store, True, progress)
        new.rename(target)
    finally:
        for end in ("", "-wal", "-shm"):
            new.with_name(new.name + end).unlink(missing_ok=True)
    return copied


def _load(source: _File | _Stored, store: GeoPackage, replace: bool, progress: Progress) -> Copied:
    """All layers in one transaction."""
    known = {layer.id: layer for layer in store.layers()}
    layers = total = 0
    with store.transaction():
        for layer, count, features in source.layers(known):
            if layer.id in known and not replace:
                raise CannotCopy(
                    f"{store.path} has a layer {layer.id!r} already; --replace overwrites it."
                )
            progress.begin(layer.id, count)
            try:
                total += store.load(layer, _watched(features, progress))
            except BadFeature as error:
                raise source.said(error) from error
            progress.end()
            layers += 1
        if replace and source.zone is not None:
            store.save_zone(source.zone)
    return Copied(layers, total)


def _watched(features: Iterator[NewFeature], progress: Progress) -> Iterator[NewFeature]:
    for feature in features:
        progress.step(1)
        yield feature


def _into_folder(
    store: Store, zone: Zone | None, target: Path, replace: bool, progress: Progress
) -> Copied:
    """A GeoJSON file for each layer and zone.json; written beside, then put in their place."""
    if target.exists() and not target.is_dir():
        raise CannotCopy(f"{target} is neither a GeoPackage (.gpkg) nor a folder.")
    layers = store.layers()
    names = [f"{layer.id}.geojson" for layer in layers] + ([ZONE_FILE] if zone else [])
    there = [name for name in names if (target / name).exists()]
    if there and not replace:
        raise CannotCopy(f"{target} has {', '.join(there)} already; --replace overwrites.")
    new = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.absolute().parent))
    try:
        total = 0
        for layer in layers:
            count = store.count(layer.id, Query())
            progress.begin(layer.id, count)
            with (new / f"{layer.id}.geojson").open("wb") as file:
                for piece in geojson.write(whole(store, layer.id, progress.step)):
                    file.write(piece)
            progress.end()
            total += count
        if zone is not None:
            document = orjson.dumps(zone_document(zone), option=orjson.OPT_INDENT_2)
            (new / ZONE_FILE).write_bytes(document + b"\n")
        target.mkdir(exist_ok=True)
        for name in names:
            (new / name).replace(target / name)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return Copied(len(layers), total)
