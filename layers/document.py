"""Reading JSON definitions: each value knows its key path, so a mistake is named where it is."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NoReturn

from layers.errors import BadDocument
from layers.model import NO_TEXT, Text

# A scheme other than http(s), or a bare //host, is what an address must not begin with.
_FOREIGN_SCHEME = re.compile(r"(?!https?://)([a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


class Node:
    """A value of a JSON document and where it stands; null and a missing key are the same."""

    def __init__(self, value: object, path: str) -> None:
        self.value, self.path = value, path

    def fail(self, allowed: str) -> NoReturn:
        got = repr(self.value)
        raise BadDocument(self.path, f"must be {allowed}, not {got[:60]}")

    @property
    def missing(self) -> bool:
        return self.value is None

    def members(self, *known: str) -> Node:
        """Itself, an object that has no keys but the known ones."""
        if not isinstance(self.value, Mapping):
            self.fail("an object")
        for key in self.value:
            if key not in known:
                name = f"{self.path}.{key}" if self.path else key
                raise BadDocument(name, f"is not known; allowed here: {', '.join(known)}")
        return self

    def __getitem__(self, key: str) -> Node:
        """A member of the object."""
        value = self.value.get(key) if isinstance(self.value, Mapping) else None
        return Node(value, f"{self.path}.{key}" if self.path else key)

    def pairs(self) -> Iterator[tuple[str, Node]]:
        """The members of an object whose keys are data."""
        if self.missing:
            return
        if not isinstance(self.value, Mapping):
            self.fail("an object")
        for key, value in self.value.items():
            yield str(key), Node(value, f"{self.path}.{key}")

    def __iter__(self) -> Iterator[Node]:
        """The members of a list."""
        if self.missing:
            return
        if not isinstance(self.value, list):
            self.fail("a list")
        for index, value in enumerate(self.value):
            yield Node(value, f"{self.path}[{index}]")

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value:
            self.fail("a text")
        if "\0" in self.value:
            self.fail("a text without NUL characters")
        return self.value

    def optional_text(self) -> str | None:
        return None if self.missing else self.text()

    def one_of(self, allowed: Sequence[str], default: str | None = None) -> str:
        if self.missing and default is not None:
            return default
        if not isinstance(self.value, str) or self.value not in allowed:
            self.fail(f"one of {', '.join(allowed)}")
        return self.value

    def flag(self, default: bool) -> bool:
        if self.missing:
            return default
        if not isinstance(self.value, bool):
            self.fail("true or false")
        return self.value

    def whole(self) -> int | None:
        if self.missing:
            return None
        if type(self.value) is not int:
            self.fail("a whole number")
        return self.value

    def number(self) -> float:
        if type(self.value) not in (int, float):
            self.fail("a number")
        assert isinstance(self.value, int | float)
        return self.value

    def words(self, default: Text = NO_TEXT) -> Text:
        """A text in both languages, or one plain text that stands for both."""
        if self.missing:
            return default
        if isinstance(self.value, str):
            return Text(self.text(), self.text())
        pair = self.members("zh", "en")
        found = Text(pair["zh"].optional_text() or "", pair["en"].optional_text() or "")
        return found if found != NO_TEXT else self.fail("a text, or texts as {zh, en}")

    def address(self) -> str | None:
        """A web address or a relative one: these become links, and `javascript:` must not."""
        address = self.optional_text()
        if address is not None and _FOREIGN_SCHEME.match(address.strip()):
            self.fail("an address that begins with http:// or https://, or a relative one")
        return address

    def date(self) -> str | None:
        """A date, or as much of one as is known: 2024, 2024-08, 2024-08-23."""
        date = self.optional_text()
        if date is None:
            return None
        try:
            if not re.fullmatch(r"\d{4}(-\d\d){0,2}", date, re.ASCII):
                raise ValueError
            datetime.date.fromisoformat(
                date + "-01-01"[len(date) - 4 :] if len(date) < 10 else date
            )
        except ValueError:
            self.fail("a date like 2024-08-23")
        return date


def words_document(text: Text | None) -> dict[str, str] | None:
    """The way back: a text as {zh, en}, without what has not been written."""
    if text is None:
        return None
    return {lang: words for lang, words in zip(("zh", "en"), text, strict=True) if words} or None


def without_nothing(document: dict[str, object]) -> dict[str, object]:
    """The document without the keys that hold nothing."""
    return {key: value for key, value in document.items() if value not in (None, [], {})}
