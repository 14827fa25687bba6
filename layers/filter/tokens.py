"""CQL2 text cut into tokens, one at a time: what is refused early is not read to its end."""

import re
from typing import NamedTuple

from layers.filter.errors import FilterError, short

# Rule identifier of the BNF (XML's names without the hyphen).
START = (
    ":A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1ffe\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
# Rule whitespace, which is not all that Python takes for it.
SPACE = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Each repetition is possessive: no input makes the expression try twice.
_TOKEN = re.compile(
    rf"""[{SPACE}]*+(?:
      (?P<name>[{START}][{START}.0-9\u0300-\u036f\u203f-\u2040]*+)
    | (?P<number>(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+)
    | (?P<text>'(?:[^'\\]|''|\\.)*+')
    | (?P<quoted>"(?:[^"]|"")*+")
    | (?P<sign><>|<=|>=|[=<>+\-*/%^(),])
    | (?P<end>\Z)
    | (?P<unreadable>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"''|\\([\\'abtnvfr])", re.DOTALL)
# Requirement /req/cql2-text/escaping. All other backslashes stay: LIKE has its own use for them.
_ESCAPED = {
    "\\": "\\", "'": "'", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r",
}  # fmt: skip


class Token(NamedTuple):
    kind: str  # name number text quoted sign end
    value: str
    at: int
    word: str  # of a name in upper case, of a sign itself, of all others nothing

    @property
    def said(self) -> str:
        return "the end" if self.kind == "end" else short(self.value)


class Tokens:
    """The token to be read next, and the one after it."""

    pattern = _TOKEN

    def __init__(self, text: str) -> None:
        self._text = text
        self._found = self.pattern.finditer(text)
        self.next = self._read()
        self.after = self.next if self.next.kind == "end" else self._read()

    def take(self) -> Token:
        token, self.next = self.next, self.after
        if self.after.kind != "end":
            self.after = self._read()
        return token

    def take_sign(self, sign: str, where: str) -> Token:
        token = self.next
        if token.kind != "sign" or token.value != sign:
            raise FilterError(f"{sign!r} is missing {where}, there is {token.said}", token.at)
        return self.take()

    def at_sign(self, sign: str) -> bool:
        return self.next.word == sign

    def _read(self) -> Token:
        found = next(self._found)
        kind = found.lastgroup or "end"
        value, at = found[kind], found.start(kind)
        if kind == "name":
            return Token(kind, value, at, value.upper())
        if kind == "unreadable":
            raise self._unreadable(value, at)
        return Token(kind, value, at, value if kind == "sign" else "")

    def _unreadable(self, char: str, at: int) -> FilterError:
        if char in "'\"":
            return FilterError(f"the text that begins with {char} has no end", at)
        if self._text.startswith("!=", at):
            return FilterError("!= is not known; write <>", at)
        return FilterError(f"{short(char)} has no meaning here", at)


def unescaped(literal: str) -> str:
    """The text between the quotation marks of a character literal."""
    body = literal[1:-1]
    if "'" not in body and "\\" not in body:
        return body
    return _ESCAPE.sub(lambda found: _ESCAPED[found[1] or "'"], body)


def unquoted(name: str) -> str:
    return name[1:-1].replace('""', '"')
