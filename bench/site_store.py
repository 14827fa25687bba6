"""GeoPackages of the made-up sites, kept in the temporary folder for the next run."""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path

from bench import sites
from layers.model import Layer, NewFeature
from layers.stores.geopackage import GeoPackage

ROOT = Path(__file__).resolve().parents[1]
KEPT_S = 86_400
CACHE = Path(tempfile.gettempdir()) / "zoneatlas-bench"
# What the content of the file comes from. A change in how it is read needs no new file.
MAKERS = (
    "bench/sites.py", "layers/model.py", "layers/stores/geopackage_blob.py",
    "layers/stores/geopackage_connect.py", "layers/stores/geopackage_describe.py",
    "layers/stores/geopackage_load.py", "layers/stores/geopackage_schema.py",
    "layers/stores/geopackage_spool.py",
)  # fmt: skip


def site_store(number: int) -> Path:
    """A GeoPackage with so many sites, made unless it is there already."""
    return kept_store(f"sites-{number}", sites.layer(), lambda: sites.new_features(number))


def kept_store(
    name: str, layer: Layer, features: Callable[[], Iterable[NewFeature]], *makers: str
) -> Path:
    """A GeoPackage with this layer; `makers` are files that its features come from, besides."""
    CACHE.mkdir(exist_ok=True)
    path = CACHE / f"{name}-{_made_by(makers)}.gpkg"
    if not path.exists():
        started = time.perf_counter()
        new = path.with_name(f".{os.getpid()}-{path.name}")
        try:
            with closing(GeoPackage.create(new)) as store:
                number = store.load(layer, features())
            new.rename(path)
        finally:
            new.unlink(missing_ok=True)
        print(f"    {number:,} sites stored in {time.perf_counter() - started:.0f} s", flush=True)
    path.touch()  # still in use
    _remove_old()
    return path


def _made_by(makers: Sequence[str]) -> str:
    content = b"".join((ROOT / name).read_bytes() for name in (*MAKERS, *makers))
    return hashlib.sha256(content).hexdigest()[:12]


def _remove_old() -> None:
    """Those of other versions. A run that still serves one of them keeps what it has open."""
    for file in CACHE.glob("sites-*.gpkg*"):
        if file.stat().st_mtime < time.time() - KEPT_S:
            file.unlink(missing_ok=True)
