"""Questions typed as they sound, by syllables or initials, maybe with Chinese in between."""

import re
import sqlite3
from collections.abc import Iterable, Iterator

from layers.search import sounds
from layers.search.words import MOST_PIECES, UNSPACED, asked, bigrams, folded

_RUN = re.compile(f"[a-z0-9]+|[{UNSPACED}]+")
_SPOKEN = re.compile(f"[a-z0-9{UNSPACED}]*[a-z][a-z0-9{UNSPACED}]*")
_LONGEST = sounds.LONGEST * 6


def typed(key: str) -> str:
    """The key of a question if it may be typed so, else nothing."""
    return key if 1 < len(key) <= _LONGEST and _SPOKEN.fullmatch(key) else ""


def expressions(connection: sqlite3.Connection, letters: str) -> Iterator[tuple[int, str]]:
    """What FTS5 is asked, and how near that is: a name begins so, it has it, it has all its parts.

    What is written in Chinese has to stand in the name as it is written.
    """
    runs = _runs(letters)
    also = "".join(f" AND {_written(one)}" for one in runs if not one.isascii())
    for nearness, first in enumerate(("^ ", "")):
        for column, phrase in _phrases(connection, letters):
            yield nearness, f"{column} : {first}{phrase}{also}"
    if also:
        yield 2, " AND ".join(_somewhere(connection, one) for one in runs)


def _runs(letters: str) -> list[str]:
    """What is written in one script each."""
    return _RUN.findall(letters)[:MOST_PIECES]


def _written(run: str) -> str:
    return f"name : {asked(run)[0]}"


def _somewhere(connection: sqlite3.Connection, run: str) -> str:
    if not run.isascii():
        return _written(run)
    ways = [f"{column} : {phrase}" for column, phrase in _phrases(connection, run)]
    return f"({' OR '.join(ways)})"


def _phrases(connection: sqlite3.Connection, letters: str) -> Iterator[tuple[str, str]]:
    """By column; the last syllable may have just been begun."""
    if len(letters) == 1:
        yield "syllables", f'"{letters}"*'
        return
    known = known_readings(connection, letters)
    for cut in sounds.cuts(letters, _syllables(connection)):
        for spelling in sounds.spellings(cut, known):
            yield "syllables", f'"{" ".join(spelling)}"*'
    for initials in sounds.initials(letters, known):
        yield "initials", f'"{" ".join(bigrams(initials))}"'


def _syllables(connection: sqlite3.Connection) -> set[str]:
    rows = connection.execute("SELECT DISTINCT readings FROM characters")
    return {one for (readings,) in rows for one in readings.split(" ") if one.isascii()}


def fragments(connection: sqlite3.Connection, text: str, letters: str) -> list[tuple[int, int]]:
    """Where a name sounds as it was typed, as a whole or else part by part: begin and end."""
    known = known_readings(connection, folded(text).text)
    for parts in ([letters], _runs(letters)):
        found = [sounds.spelled(text, one, known) for one in parts]
        if all(found):
            return sorted(one for one in found if one)
    return []


def known_readings(
    connection: sqlite3.Connection, characters: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Those that the index has looked up before."""
    sql = "SELECT readings FROM characters WHERE character = ?"
    rows = {one: connection.execute(sql, (one,)).fetchone() for one in set(characters)}
    return {one: tuple(row[0].split(" ")) for one, row in rows.items() if row is not None}
