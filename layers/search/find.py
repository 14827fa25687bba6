"""The features that a question finds, best first: by name, by a word, by sound, with a typo."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from layers.model import LAYER_ROLES, Feature, Layer
from layers.search import spoken, typos, words
from layers.search.build import LONGEST_KEY
from layers.search.sidecar import Tables, tables
from layers.search.texts import Found, texts_of
from layers.stores.store import Reading, Store

# Looked at in each layer and way of matching: of more the shortest names are not sought out.
POOL = 100
ALL = -1
MOST_CORRECTIONS = 8


class Hit(NamedTuple):
    """`fragments`: begin and end of what matches, in characters of the text of `found`."""

    layer: Layer
    feature: Feature
    match: str
    found: Found | None
    fragments: list[tuple[int, int]]


class Candidate(NamedTuple):
    """Ordered: shorter names first, what the map is about before what is around it."""

    nearness: int
    length: int
    role: int
    order: int
    row: int
    id: str


class Wanted(NamedTuple):
    """A question, read once."""

    text: str
    key: str
    phrases: list[str]
    letters: str  # typed as it sounds; empty if it cannot be
    pool: int


Way = Callable[[sqlite3.Connection, int, Wanted], Iterator[tuple[int, int]]]


def find(
    store: Store,
    connection: sqlite3.Connection,
    reading: Reading,
    layers: Sequence[Layer],
    text: str,
    limit: int,
    lang: str,
) -> list[Hit]:
    """At most `limit` hits of layers that are in the index; inside one reading of the store."""
    wanted = _wanted(text, POOL)
    if not wanted.phrases:
        return []
    known = tables(connection)
    found: dict[tuple[str, int], tuple[str, Candidate]] = {}
    for match, way in _WAYS:
        if len(found) >= limit or (match == "typo" and found):
            break
        one_way = [
            (candidate, layer)
            for order, layer in enumerate(layers)
            for candidate in _candidates(connection, known[layer.id], way, wanted, layer, order)
        ]
        reading.check()
        for candidate, layer in sorted(one_way, key=lambda one: one[0]):
            found.setdefault((layer.id, candidate.row), (match, candidate))
    by_id = {layer.id: layer for layer in layers}
    return [
        _hit(connection, by_id[of], store.feature(of, one.id), match, wanted, lang, known[of])
        for (of, _), (match, one) in list(found.items())[:limit]
    ]


def find_all(
    connection: sqlite3.Connection, reading: Reading, layers: Sequence[str], text: str
) -> dict[str, list[int]]:
    """The keys of all that `find` would find in these layers, without a limit, in their order."""
    wanted, known = _wanted(text, ALL), tables(connection)
    found: dict[str, set[int]] = {layer: set() for layer in layers}
    for match, way in _WAYS if wanted.phrases else ():
        if match == "typo" and any(found.values()):
            break
        for layer in layers:
            found[layer].update(row for row, _ in way(connection, known[layer].number, wanted))
            reading.check()
    return {layer: sorted(rows) for layer, rows in found.items()}


def _wanted(text: str, pool: int) -> Wanted:
    key = words.key_of(text)[:LONGEST_KEY]
    return Wanted(text, key, words.asked(text), spoken.typed(key), pool)


def _candidates(
    connection: sqlite3.Connection,
    where: Tables,
    way: Way,
    wanted: Wanted,
    layer: Layer,
    order: int,
) -> Iterator[Candidate]:
    sql = f"SELECT id, length FROM features_{where.number} WHERE row = ?"
    for row, nearness in way(connection, where.number, wanted):
        feature, length = connection.execute(sql, (row,)).fetchone()
        yield Candidate(nearness, length, LAYER_ROLES.index(layer.role), order, row, feature)


def _exact(
    connection: sqlite3.Connection, number: int, wanted: Wanted
) -> Iterator[tuple[int, int]]:
    limit = f"ORDER BY rank, row LIMIT {wanted.pool}"
    sql = f"SELECT row, rank FROM names_{number} WHERE name = ? {limit}"
    yield from connection.execute(sql, (wanted.key,))


def _prefix(
    connection: sqlite3.Connection, number: int, wanted: Wanted
) -> Iterator[tuple[int, int]]:
    sql = (
        f"SELECT row, rank FROM names_{number} WHERE name > ? AND name < ?"
        f" ORDER BY name, rank, row LIMIT {wanted.pool}"
    )
    yield from connection.execute(sql, (wanted.key, wanted.key + "\U0010ffff"))


def _matching(
    connection: sqlite3.Connection, number: int, wanted: Wanted, expression: str, nearness: int = 0
) -> Iterator[tuple[int, int]]:
    sql = (
        f"SELECT rowid FROM words_{number} WHERE words_{number} MATCH ?"
        f" ORDER BY rowid LIMIT {wanted.pool}"
    )
    for (row,) in connection.execute(sql, (expression,)):
        yield row, nearness


def _in(column: str) -> Way:
    def way(
        connection: sqlite3.Connection, number: int, wanted: Wanted
    ) -> Iterator[tuple[int, int]]:
        expression = f"{column} : ({' AND '.join(wanted.phrases)})"
        yield from _matching(connection, number, wanted, expression)

    return way


def _sound(
    connection: sqlite3.Connection, number: int, wanted: Wanted
) -> Iterator[tuple[int, int]]:
    if wanted.letters:
        for nearness, expression in spoken.expressions(connection, wanted.letters):
            yield from _matching(connection, number, wanted, expression, nearness)


def _typo(connection: sqlite3.Connection, number: int, wanted: Wanted) -> Iterator[tuple[int, int]]:
    corrected = [_corrections(connection, number, one) for one in _latin(wanted.text)]
    if not any(corrected):
        return
    phrases = [
        f"({' OR '.join(f'{chr(34)}{one}{chr(34)}' for one in others)})" if others else same
        for same, others in zip(wanted.phrases, corrected, strict=True)
    ]
    for nearness, column in enumerate(("name", "{name rest}")):
        expression = f"{column} : ({' AND '.join(phrases)})"
        yield from _matching(connection, number, wanted, expression, nearness)


def _latin(text: str) -> list[str]:
    """The pieces of a question; empty for those that cannot be misspelt."""
    found = words.pieces(words.folded(text).text)[: words.MOST_PIECES]
    return [one.text if typos.can_be_misspelt(one.text) else "" for one in found]


def _corrections(connection: sqlite3.Connection, number: int, word: str) -> list[str]:
    """The words of a layer that are one letter away."""
    if not word:
        return []
    parts = sorted(typos.parts(word))
    sql = f"SELECT DISTINCT word FROM typos_{number} WHERE part IN ({', '.join('?' * len(parts))})"
    found = [one for (one,) in connection.execute(sql, parts) if typos.is_near(word, one)]
    return sorted(found)[:MOST_CORRECTIONS]


_WAYS: tuple[tuple[str, Way], ...] = (
    ("exact", _exact),
    ("prefix", _prefix),
    ("word", _in("name")),
    ("pinyin", _sound),
    ("word", _in("{name rest}")),
    ("typo", _typo),
)


def _hit(
    connection: sqlite3.Connection,
    layer: Layer,
    feature: Feature,
    match: str,
    wanted: Wanted,
    lang: str,
    where: Tables,
) -> Hit:
    texts = list(texts_of(layer, feature))
    best: tuple[Found | None, list[tuple[int, int]]] = (None, [])
    for found in sorted(texts, key=lambda one: (not one.is_name, one.lang != lang)):
        fragments = _fragments(connection, found, match, wanted, where.number)
        if best[0] is None or len(fragments) > len(best[1]):
            best = (found, fragments)
    return Hit(layer, feature, match, *best)


def _fragments(
    connection: sqlite3.Connection, found: Found, match: str, wanted: Wanted, number: int
) -> list[tuple[int, int]]:
    if match == "pinyin":
        return spoken.fragments(connection, found.text, wanted.letters) if found.is_name else []
    if match == "typo":
        return sorted(
            {
                fragment
                for piece in _latin(wanted.text)
                for one in _corrections(connection, number, piece)
                for fragment in words.fragments(found.text, one)
            }
        )
    return words.fragments(found.text, wanted.text)
