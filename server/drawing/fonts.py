"""The letters of drawings: Noto Sans SC, regular and bold, whole files laid here by the build."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from server.drawing.drawing import Drawing, Words
from server.drawing.sfnt import Font, Part

FAMILY = "Noto Sans SC"
FOLDER = Path(__file__).parent / "vendor"
FILES = {False: "NotoSansSC_400Regular.ttf", True: "NotoSansSC_700Bold.ttf"}

# A typesetter's mark for a character that is not to be had.
MISSING = "〓"


@cache
def font(bold: bool) -> Font:
    """Read when it is first asked for; 0.4 MB of memory, its outlines stay in the file."""
    return Font(FOLDER / FILES[bold])


def text_width(text: str, size: float, bold: bool = False) -> float:
    """How far a line of text goes, in the unit of `size`."""
    return font(bold).width(printable(text), size)


def printable(text: str) -> str:
    """What is set of a text: nothing that has no form of its own, a mark for what has no glyph."""
    return "".join(map(_printable, text))


def visible(text: str) -> str:
    """What has a form of its own, whether or not our letters have it; XML can hold all of it."""
    return "".join(map(_visible, text))


@cache
def _visible(character: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return " " if character in "\t\n\r" else ""
    code = ord(character)
    if 0xFE00 <= code <= 0xFE0F:  # chooses between forms of the character before
        return ""
    is_none = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # no character (Unicode 23.7)
    return "" if is_none else character


@cache
def _printable(character: str) -> str:
    character = _visible(character)
    if not character or (font(False).glyph(character) and font(True).glyph(character)):
        return character
    return MISSING


def parts(drawings: Iterable[Drawing]) -> dict[bool, Part]:
    """The part of each weight that drawings need."""
    letters: dict[bool, set[str]] = {}
    for drawing in drawings:
        for mark in drawing.marks:
            if isinstance(mark, Words):
                letters.setdefault(mark.lettering.bold, set()).update(printable(mark.text))
    return {bold: font(bold).part(characters) for bold, characters in letters.items()}
