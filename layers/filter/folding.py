"""Texts without case (CASEI) or accents (ACCENTI), by the rules of Unicode."""

import unicodedata

# CQL2 recommends to keep these two (rec accent-insensitive-comparison/japanese-non-spacing-marks):
# without them another syllable would be left.
_KEPT_MARKS = "\u3099\u309a"


def fold(text: str, case: bool, accents: bool) -> str:
    """Both at once give the same in whichever order they were asked for."""
    if text.isascii():
        return text.lower() if case else text
    if accents:
        text = _without_accents(text)
    if case:
        text = text.casefold()
        # Ɖ folds to ɖ, a d with a tail
        text = _without_accents(text) if accents else text
    return text


def _without_accents(text: str) -> str:
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFD", text).translate(_PLAIN)
    # composed again, so that `_` in a pattern is one Hangul syllable and not one of its letters
    return unicodedata.normalize("NFC", plain)


class _Plain(dict[int, str]):
    """What stands for a character: found out when it first occurs."""

    def __missing__(self, code: int) -> str:
        self[code] = _plain(chr(code))
        return self[code]


def _plain(char: str) -> str:
    """Nothing for a mark; of a Latin letter with a stroke or a tail, the letter.

    Unicode does not take such letters apart, but the OGC's test data wants ø to be o: LATIN SMALL
    LETTER O WITH STROKE.
    """
    if unicodedata.category(char) == "Mn" and char not in _KEPT_MARKS:
        return ""
    name, found, _ = unicodedata.name(char, "").partition(" WITH ")
    if not found or not name.startswith("LATIN "):
        return char
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return char


_PLAIN = _Plain()
