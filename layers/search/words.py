"""Texts as they are compared: without case, accents and width; cut into words and bigrams."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from layers.filter.folding import fold

# Scripts without spaces between words: Han, kana, Hangul and what belongs to them.
UNSPACED = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = re.compile(f"([{UNSPACED}]+)|[^\\W_{UNSPACED}]+")
# Whoever reads a feature needs each of its texts several times over, one right after the other.
_LATELY = 100
LONGEST_WORD = 32
MOST_PIECES = 16


class Folded(NamedTuple):
    """A text to compare with, and for each of its characters where it stood in the original."""

    text: str
    at: tuple[int, ...]


class Piece(NamedTuple):
    """A word, or a run of characters without spaces, and where it begins in the folded text."""

    text: str
    start: int
    unspaced: bool


@lru_cache(_LATELY)
def folded(text: str) -> Folded:
    characters, at = [], []
    for position, character in enumerate(text):
        for one in _plain(character):
            characters.append(one)
            at.append(position)
    return Folded("".join(characters), tuple(at))


@lru_cache(maxsize=20_000)
def _plain(character: str) -> str:
    """Letters and digits by themselves, a space for all else; a mark alone is nothing."""
    plain = fold(unicodedata.normalize("NFKC", character), case=True, accents=True)
    return "".join(one if one.isalnum() else " " for one in plain)


def key_of(text: str) -> str:
    """What is left of a name when two spellings of it are to be the same."""
    return folded(text).text.replace(" ", "")


@lru_cache(_LATELY)
def pieces(text: str) -> tuple[Piece, ...]:
    """Of a folded text."""
    return tuple(
        Piece(found[0], found.start(), found[1] is not None) for found in _PIECE.finditer(text)
    )


def tokens(text: str) -> str:
    """What the index keeps of a text: words, and of a run its bigrams and its last character."""
    found: list[str] = []
    for piece in pieces(folded(text).text):
        if piece.unspaced:
            found += bigrams(piece.text)
            found.append(piece.text[-1])
        else:
            found.append(piece.text[:LONGEST_WORD])
    return " ".join(found)


def bigrams(text: str) -> list[str]:
    return [text[one : one + 2] for one in range(len(text) - 1)]


def asked(text: str) -> list[str]:
    """The phrases of FTS5 that a text must all have to be found by another."""
    return [
        _phrase(bigrams(piece.text))
        if piece.unspaced and len(piece.text) > 1
        else f"{_phrase([piece.text[:LONGEST_WORD]])}*"
        for piece in pieces(folded(text).text)[:MOST_PIECES]
    ]


def _phrase(parts: list[str]) -> str:
    return f'"{" ".join(parts)}"'  # nothing in it but letters and digits


def fragments(text: str, query: str) -> list[tuple[int, int]]:
    """Where the pieces of a query stand in a text: begin and end in characters of the text."""
    where = folded(text)
    found = []
    for piece in pieces(folded(query).text)[:MOST_PIECES]:
        start = _begins(where.text, piece)
        if start >= 0:
            found.append((where.at[start], where.at[start + len(piece.text) - 1] + 1))
    return sorted(set(found))


def _begins(text: str, piece: Piece) -> int:
    """The first place of a run, or of a word's beginning; -1 if there is none."""
    if piece.unspaced:
        return text.find(piece.text)
    starts = (one.start for one in pieces(text) if one.text.startswith(piece.text))
    return next(starts, -1)
