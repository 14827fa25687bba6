"""What a workbook looks like and is called: cell formats, names of sheets, widths of columns."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from layers.model import Lang, Text

LONGEST_TEXT = 32_767  # of a cell, counted as Excel does: in halves of UTF-16
LONGEST_NAME = 31
WIDEST, NARROWEST = 48, 9
LINE_POINTS, MOST_LINES = 14, 8
LONGEST_SHOWN = WIDEST * MOST_LINES
YES_NO = {True: Text("是", "Yes"), False: Text("否", "No")}
_ILLEGAL = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}
_NUMBER_FORMATS = {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm:ss"}


class Look:
    """The formats of one workbook; cells may be edited unless said otherwise."""

    def __init__(self, workbook: Any) -> None:
        self._add = workbook.add_format

    def of(self, type: str) -> Any:
        return self._of_type.get(type, self._of_type["text"])

    @cached_property
    def _of_type(self) -> Mapping[str, Any]:
        kinds: dict[str, Any] = {
            kind: self._format(locked=False, num_format=code)
            for kind, code in _NUMBER_FORMATS.items()
        }
        kinds["text"] = self._format(locked=False, text_wrap=True, indent=1)
        kinds["number"] = kinds["integer"] = self._format(locked=False)
        return kinds

    @cached_property
    def id(self) -> Any:
        return self._format(locked=True, font_color="#6B7280")

    @cached_property
    def header(self) -> Any:
        return self._format(
            bold=True, font_color="#FFFFFF", bg_color="#162759", text_wrap=True, valign="vcenter",
            border=1, border_color="#3D4C7A",
        )  # fmt: skip

    @cached_property
    def name(self) -> Any:
        """Of the row that says which field a column is: for the way back, not for readers."""
        return self._format(font_size=8, font_color="#9CA3AF", bg_color="#F3F4F6")

    @cached_property
    def title(self) -> Any:
        return self._format(bold=True, font_size=14, font_color="#162759")

    @cached_property
    def text(self) -> Any:
        return self._format(text_wrap=True)

    @cached_property
    def key(self) -> Any:
        return self._format(bold=True, text_wrap=True, font_color="#162759")

    def _format(self, **more: Any) -> Any:
        return self._add({**_FONT, **more})


def sheet_name(title: str, taken: list[str]) -> str:
    """A legal name that no other sheet has, as near to the title as can be; `taken` learns it."""
    plain = _ILLEGAL.sub("_", title).strip("' ") or "_"
    number = 1
    while True:
        end = f" ({number})" if number > 1 else ""
        name = next(pieces(plain, LONGEST_NAME - len(end))).strip("' ") + end
        # Excel keeps History for itself
        if name.lower() not in [one.lower() for one in taken] and name.lower() != "history":
            taken.append(name)
            return name
        number += 1


def pieces(text: str, longest: int = LONGEST_TEXT) -> Iterator[str]:
    """The text in pieces that fit, none of which ends inside a character; at least one."""
    while True:
        piece = text[:longest]
        while len(piece.encode("utf-16-le")) > 2 * longest:
            piece = piece[: -max(1, (len(piece.encode("utf-16-le")) // 2 - longest + 1) // 2)]
        yield piece
        text = text[len(piece) :]
        if not text:
            return


def width(*texts: str) -> float:
    """Of a column that shows these: a Chinese character takes two, a long text wraps."""
    widest = max((_columns(line) for text in texts for line in text.split("\n")), default=0)
    return min(WIDEST, max(NARROWEST, widest * 1.1 + 3))


def height(texts: Iterable[tuple[str, float]]) -> float | None:
    """Of a row with these texts in columns so wide; None for one line.

    Said outright: a program does not fit rows of a protected sheet by itself.
    """
    lines = 1
    for text, wide in texts:
        if len(text) * 2 >= wide or "\n" in text:  # else it is one line, whatever is in it
            each = (len(one.encode("gbk", "replace")) for one in text[:LONGEST_SHOWN].split("\n"))
            lines = max(lines, sum(1 + int(long / (wide - 3)) for long in each))
    return None if lines == 1 else LINE_POINTS * min(lines, MOST_LINES) + 2


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text[:WIDEST])


def words_of(codes: Mapping[str, Text], lang: Lang) -> dict[str, str]:
    """A word for each code, no two alike: the code stands behind words that several have."""
    plain = {code: text.of(lang) or code for code, text in codes.items()}
    words = list(plain.values())
    return {
        code: f"{word} ({code})" if words.count(word) > 1 or (word in codes and word != code)
        else word
        for code, word in plain.items()
    }  # fmt: skip
