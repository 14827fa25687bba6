"""The index of a search follows a store that anybody may edit, and is then as one made anew."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import shapely

from layers.model import Field, Layer, NewFeature, Text
from layers.search.build import catch_up
from layers.search.find import find
from layers.search.sidecar import Sidecar, tables
from layers.stores.geopackage import GeoPackage
from layers.stores.geopackage_blob import register_functions
from tests.rows import first_quick

NUMBER = 1_000
PLACES = ["西岑", "重庆", "盛泽", "长三角", "朱家角"]
KINDS = ["科创园区", "低空基地", "算力中心"]
QUESTIONS = [
    "西岑", "西岑科创园区7", "xckc", "chongqing", "盛泽kc", "zjj低空", "算力中心12", "新名称",
    "xinmingcheng", "甲类", "Class A", "place 999", "palce 31", "别处",
]  # fmt: skip

Fields = Callable[..., Field]


def layer_of(make_layer: Callable[..., Layer], make_field: Fields, first: str = "甲类") -> Layer:
    codes = {"a": Text(first, "Class A"), "b": Text("乙类", "Class B")}
    return make_layer(
        "sites",
        make_field("name", role="name"),
        make_field("other", role="alias"),
        make_field("kind", codes=codes),
        geometry="Point",
    )


def features(ending: str = "") -> Iterator[NewFeature]:
    for n in range(NUMBER):
        name = f"{PLACES[n % 5]}{KINDS[n % 3]}{n}{ending}"
        values = {"name": name, "other": f"Place {n}", "kind": "ab"[n % 2]}
        yield NewFeature(f"s{n}", shapely.Point(120 + n / NUMBER, 31), values)


@pytest.fixture(scope="module")
def begun(
    tmp_path_factory: pytest.TempPathFactory, make_layer: Callable[..., Layer], make_field: Fields
) -> Path:
    """A folder with the store and its index, which has caught up."""
    folder = tmp_path_factory.mktemp("begun")
    with closing(GeoPackage.create(folder / "store.gpkg")) as store:
        store.load(layer_of(make_layer, make_field), features())
        before = found(store, Sidecar(folder / "followed.sqlite"))
    assert all(before[one] for one in ("西岑", "xckc", "盛泽kc", "zjj低空", "甲类", "palce 31"))
    assert not before["新名称"]
    return folder


@pytest.fixture
def named(begun: Path, tmp_path: Path) -> Iterator[GeoPackage]:
    with closing(GeoPackage.open(Path(shutil.copy(begun / "store.gpkg", tmp_path)))) as store:
        yield store


@pytest.fixture
def sidecar(begun: Path, tmp_path: Path) -> Sidecar:
    return Sidecar(Path(shutil.copy(begun / "followed.sqlite", tmp_path)))


def found(store: GeoPackage, sidecar: Sidecar) -> dict[str, list[tuple[object, ...]]]:
    """What the questions find, in its order, after the index has caught up."""
    catch_up(store, sidecar, lambda: None)
    with store.reading() as reading, sidecar.open() as connection:
        answers = {
            question: find(store, connection, reading, store.layers(), question, 50, "zh")
            for question in QUESTIONS
        }
    return {q: [(one.feature, one.match, one.fragments) for one in a] for q, a in answers.items()}


def as_made_anew(store: GeoPackage, sidecar: Sidecar, tmp_path: Path) -> bool:
    """Whether the layer stayed in its tables; what is found has to be the same either way."""
    with sidecar.open() as connection:
        before = tables(connection)["sites"].number
    fresh = Sidecar(tmp_path / "fresh.sqlite")
    assert found(store, sidecar) == found(store, fresh)
    for file in tmp_path.glob("fresh.sqlite*"):
        file.unlink()
    with sidecar.open() as connection:
        return tables(connection)["sites"].number == before


def edit(store: GeoPackage, *statements: str) -> None:
    """As another program does it."""
    with closing(sqlite3.connect(store.path)) as connection:
        register_functions(connection)
        for statement in statements:
            connection.execute(statement)
        connection.commit()


EDITS = {
    "a name": ["UPDATE sites SET name = '新名称' WHERE id = 's7'"],
    "the first and the last": [
        "UPDATE sites SET name = '新名称' WHERE id = 's0'",
        f"UPDATE sites SET other = '新名称' WHERE id = 's{NUMBER - 1}'",
    ],
    "an id": ["UPDATE sites SET id = 'another' WHERE id = 's12'"],
    "a key": ["UPDATE sites SET fid = 90000 WHERE id = 's12'"],
    "a key below all": ["UPDATE sites SET fid = -9223372036854775808 WHERE id = 's12'"],
    "a code": ["UPDATE sites SET kind = 'a' WHERE id = 's1'"],
    "no name": ["UPDATE sites SET name = NULL WHERE id IN ('s3', 's7')"],
    "only a place": ["UPDATE sites SET geom = NULL WHERE id = 's7'"],
    "one more": ["INSERT INTO sites (id, name) VALUES ('more', '西岑新名称')"],
    "one less": ["DELETE FROM sites WHERE id = 's7'"],
    "the first batches": ["DELETE FROM sites WHERE fid < 400"],
    "the last batches": ["DELETE FROM sites WHERE fid > 600"],
    "every fifth, and more": [
        "UPDATE sites SET name = name || '新名称' WHERE fid % 5 = 0",
        "DELETE FROM sites WHERE fid % 7 = 0",
        "INSERT INTO sites (id, name) SELECT 'm' || fid, '别处' || fid FROM sites WHERE fid < 99",
    ],
}


@pytest.mark.parametrize("kind", first_quick(1, EDITS))
def test_an_edit_is_followed(
    named: GeoPackage, sidecar: Sidecar, tmp_path: Path, kind: str
) -> None:
    edit(named, *EDITS[kind])
    assert as_made_anew(named, sidecar, tmp_path)


@pytest.mark.slow
def test_edits_after_edits(named: GeoPackage, sidecar: Sidecar, tmp_path: Path) -> None:
    for kind in ("a name", "one more", "no name", "one less", "the last batches"):
        edit(named, *EDITS[kind])
        assert as_made_anew(named, sidecar, tmp_path)


@pytest.mark.slow
def test_a_layer_that_is_loaded_again_is_the_same(
    named: GeoPackage, sidecar: Sidecar, tmp_path: Path, make_layer: Callable[..., Layer],
    make_field: Fields,
) -> None:  # fmt: skip
    """A file that was edited: its features keep their keys."""
    layer = layer_of(make_layer, make_field)
    more = NewFeature("more", None, {"name": "新名称"})
    named.load(layer, [more, *features()])
    assert as_made_anew(named, sidecar, tmp_path)
    # Another one under the same name is read anew.
    named.load(layer, features("新名称"))
    assert not as_made_anew(named, sidecar, tmp_path)
    edit(named, "DELETE FROM sites")
    assert not as_made_anew(named, sidecar, tmp_path)


@pytest.mark.slow
def test_other_labels_of_codes_are_found(
    named: GeoPackage, sidecar: Sidecar, tmp_path: Path, make_layer: Callable[..., Layer],
    make_field: Fields,
) -> None:  # fmt: skip
    """No feature has changed then, and yet each says something else."""
    named.load(layer_of(make_layer, make_field, "新名称"), features())
    assert not as_made_anew(named, sidecar, tmp_path)
    assert len(found(named, sidecar)["新名称"]) == 50
