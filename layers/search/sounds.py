"""Pinyin: how characters are read, names written by their sounds, and queries typed by them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from layers.search.words import bigrams, folded, pieces

Readings = Mapping[str, tuple[str, ...]]
MOST_READINGS = 2  # of a character: those after them are rare
MOST_SPELLINGS = 8  # of a name
MOST_CUTS = 8  # ways to cut a query into syllables
LONGEST = 40  # characters of a name that are kept by their sounds
GAP = "·"  # between two spellings: a token of its own, so that no phrase reaches over it
_NO_PHRASES = "PYPINYIN_NO_PHRASES"


def readings_of(characters: set[str]) -> dict[str, tuple[str, ...]]:
    """The likeliest readings of each, without tones, u for ü; a character has at least one.

    pypinyin's dictionary of phrases costs 50 MB and 0.3 s per thousand names, and it is of no use
    for names: with two readings of each character all likely ones are found.
    """
    asked_for = _NO_PHRASES in os.environ
    os.environ.setdefault(_NO_PHRASES, "true")
    try:
        from pypinyin import Style, pinyin
    finally:
        if not asked_for:
            del os.environ[_NO_PHRASES]
    found = {}
    for character in characters:
        [all_of_them] = pinyin(character, style=Style.NORMAL, heteronym=True) or [[]]
        plain = [folded(one).text.replace("v", "u") for one in all_of_them if one != character]
        found[character] = tuple(dict.fromkeys(plain))[:MOST_READINGS] or (character,)
    return found


def sounded(text: str) -> str:
    """The characters of a name that are spoken, in their order; empty where all are Latin."""
    plain = folded(text).text
    if not any(piece.unspaced for piece in pieces(plain)):
        return ""
    return plain.replace(" ", "")[:LONGEST]


def spellings(text: Sequence[str], known: Readings) -> list[list[str]]:
    """The syllables of a sounded text, by its likeliest readings first; of each sign one."""
    choices = [known.get(one, (one,)) for one in text]
    first = [one[0] for one in choices]
    several = [number for number, one in enumerate(choices) if len(one) > 1]
    found = [first]
    for other in (*combinations(several, 1), *combinations(several[:6], 2)):
        if len(found) == MOST_SPELLINGS:
            break
        found.append([choices[n][1] if n in other else one for n, one in enumerate(first)])
    return found


def sound_tokens(text: str, known: Readings) -> tuple[str, str]:
    """What the index keeps: syllables, and pairs of initials, with a gap between spellings."""
    if not text:
        return "", ""
    gap = f" {GAP} "
    return (
        gap.join(" ".join(syllables) for syllables in spellings(text, known)),
        gap.join(" ".join(bigrams(one)) for one in initials(text, known)),
    )


def initials(text: str, known: Readings) -> list[str]:
    """The first letters of its spellings."""
    found = ("".join(one[0] for one in syllables) for syllables in spellings(text, known))
    return list(dict.fromkeys(found))


def cuts(query: str, syllables: set[str]) -> list[list[str]]:
    """The ways to read Latin letters as syllables; the last one may have just been begun.

    Chinese between them stays as it is, character by character.
    """
    found: list[list[str]] = []
    longest = max(map(len, syllables), default=0)

    def walk(start: int, before: list[str]) -> None:
        rest = query[start:]
        if len(found) == MOST_CUTS:
            return
        if before and len(rest) <= longest and any(one.startswith(rest) for one in syllables):
            found.append([*before, rest])
        elif not before and rest in syllables:
            found.append([rest])
        elif before and len(rest) == 1 and _stands_alone(query, start):
            found.append([*before, rest])
        for length in range(min(longest, len(rest) - 1), 0, -1):
            if rest[:length] in syllables or (length == 1 and _stands_alone(query, start)):
                walk(start + length, [*before, rest[:length]])

    walk(0, [])
    return found


def _stands_alone(query: str, at: int) -> bool:
    """No letter; or a digit, or a letter beside one: G60 is no sound."""
    return not query[at].isascii() or any(one.isdigit() for one in query[max(at - 1, 0) : at + 2])


def spelled(text: str, query: str, known: Readings) -> tuple[int, int] | None:
    """Where a text sounds as the query is typed, by syllables or initials: begin and end in it.

    Chinese in the query stands for itself.
    """
    where = folded(text)
    spoken = [number for number, one in enumerate(where.text) if one != " "]
    for start in range(len(spoken)):
        for end in _ends("".join(where.text[one] for one in spoken[start:]), query, known):
            return where.at[spoken[start]], where.at[spoken[start + end - 1]] + 1
    return None


def _ends(text: str, query: str, known: Readings) -> Iterator[int]:
    """How many characters of a spoken text the whole query stands for, from its beginning."""
    reached = {0}  # letters of the query that are used up
    by_initials = True
    for number, character in enumerate(text):
        readings = (character, *known.get(character, ()))
        by_initials = by_initials and any(one[0] == query[number] for one in readings)
        if by_initials and number + 1 == len(query):
            yield number + 1
            by_initials = False
        further = set()
        for used in reached:
            rest = query[used:]
            for one in readings:
                if rest.startswith(one):
                    further.add(used + len(one))
                elif number and one.startswith(rest):
                    further.add(len(query))
        if len(query) in further:
            yield number + 1
        reached = further
        if not reached and not by_initials:
            return
