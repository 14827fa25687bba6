"""Texts as DXF holds them: a line each, without what a reader would take for a code."""

import codecs
import re
import unicodedata

# What no name of a layer may have.
_FORBIDDEN = re.compile(r"""[<>/\\":;?*|=`,\x00-\x1f\x7f]""")
_CONTROL = re.compile(r"[\x00-\x1f^]")
# "\U+4E2D" and "\M+1D6D0" stand for characters; a backslash can be said so itself.
_CODED = re.compile(r"\\(?=[UuMm]\+)")
_LONGEST_NAME = 200
# For str.encode and open: what an encoding does not have, as the code that every reader knows.
CODED = "zoneatlas-dxf"


def line(text: str) -> str:
    """One line that reads back as `text`: control characters and ^ as a caret and a letter."""
    if text.isprintable() and "^" not in text and "\\" not in text:  # nearly all
        return text
    coded = _CODED.sub(r"\\U+005C", text)
    return _CONTROL.sub(lambda found: "^" + _letter(found[0]), coded)


def drawn(text: str) -> str:
    """For a TEXT: in one line as people see it; `%%d` and the like are shown, not obeyed."""
    return line(" ".join(text.split()).replace("%%", "%%%%%%"))


def symbol_name(text: str) -> str:
    """A name that a layer may have."""
    return _FORBIDDEN.sub("_", text).strip()[:_LONGEST_NAME] or "_"


def width(text: str) -> float:
    """About how wide a text is, in its heights, which are those of a capital letter."""
    return sum(1.4 if unicodedata.east_asian_width(one) in "WF" else 0.85 for one in text)


def _letter(character: str) -> str:
    return " " if character == "^" else chr(ord(character) + 64)


def _coded(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    units = error.object[error.start : error.end].encode("utf-16-be").hex().upper()
    codes = (units[n : n + 4] for n in range(0, len(units), 4))
    return "".join(f"\\U+{code}" for code in codes), error.end


codecs.register_error(CODED, _coded)
