"""`where` as Esri's clients write it (a part of SQL-92), to the same tree as CQL2 text.

The grammar of comparisons, AND, OR, NOT, BETWEEN, IN, IS NULL and arithmetic is that of CQL2 and is
read by the same parser under the same limits; here is what differs: texts, dates, LIKE, UPPER.
"""

import re
from collections.abc import Mapping

from layers.filter import tree
from layers.filter.check import check
from layers.filter.errors import FilterError, short
from layers.filter.fit_where import fitted
from layers.filter.instants import checked_date, checked_timestamp
from layers.filter.limits import LIMITS, Limits, check_size
from layers.filter.read_text import TextParser
from layers.filter.tokens import SPACE, START, Token, Tokens
from layers.filter.tree import Literal, Node
from layers.model import Layer

# A backslash means nothing in SQL's texts; each repetition is possessive.
_TOKEN = re.compile(
    rf"""[{SPACE}]*+(?:
      (?P<name>[{START}][{START}.0-9\u0300-\u036f\u203f-\u2040]*+)
    | (?P<number>(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+)
    | (?P<text>'(?:[^']|'')*+')
    | (?P<quoted>"(?:[^"]|"")*+")
    | (?P<sign><>|!=|<=|>=|[=<>+\-*/%(),])
    | (?P<end>\Z)
    | (?P<unreadable>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_WILDCARDS = "%_"
_FOLDING = ("UPPER", "LOWER", "UCASE", "LCASE")
_SPACED = re.compile(r"([0-9-]{10}) ([0-9:.]{8,})")


def parse_where(text: str, layer: Layer, names: Mapping[str, str], key: str) -> Node:
    """The checked filter of a `where`; an empty one selects everything, as 1=1 does.

    `names` leads from the fields' published names to those of the schema; `key` is the published
    name of the number that features have inside.
    """
    return check(fitted(read_where(text), layer, names, key), layer)


def read_where(text: str, limits: Limits = LIMITS) -> Node:
    """The tree of a `where` as written, names and types not looked at yet."""
    check_size(text, limits)
    if not text.strip():
        return Literal(True, "boolean", at=0)
    return _WhereParser(_WhereTokens(text), limits).filter()


class _WhereTokens(Tokens):
    pattern = _TOKEN

    def _read(self) -> Token:
        token = super()._read()
        return token._replace(value="<>", word="<>") if token.word == "!=" else token


class _WhereParser(TextParser):
    def text(self) -> Literal:
        token = self.tokens.take()
        return Literal(token.value[1:-1].replace("''", "'"), "text", at=token.at)

    def is_bare(self, node: Node) -> bool:
        return False  # SQL has parentheses around anything

    def like(self, value: Node, at: int) -> Node:
        pattern = super().like(value, at)
        assert isinstance(pattern, tree.Like)
        escape = self.text().value if self.word("ESCAPE") else ""
        if not isinstance(escape, str) or len(escape) > 1:
            raise FilterError(f"ESCAPE needs one character, not {short(escape)}", at)
        return tree.Like(value, _pattern(pattern.pattern, escape), at=at)

    def named(self, token: Token, binds: int) -> Node:
        word, follows = token.word, self.tokens.after
        if follows.kind == "text":
            if word == "N":  # SQL Server's mark of a text beyond ASCII
                self.tokens.take()
                return self.text()
            if word in ("DATE", "TIMESTAMP"):
                self.tokens.take()
                return self.moment(word)
        if word in ("AND", "OR", "NOT", "TRUE", "FALSE") or follows.word != "(":
            return super().named(token, binds)
        return self.call(word)

    def call(self, word: str) -> Node:
        token = self.tokens.take()
        if word not in _FOLDING:
            allowed = "UPPER and LOWER, and DATE '…' and TIMESTAMP '…' without parentheses"
            raise FilterError(f"there is no function {token.said}; there are {allowed}", token.at)
        self.enter()
        found = self.fold("CASEI", token.at)
        self.leave()
        return found

    def moment(self, word: str) -> Literal:
        """DATE '2024-08-23', TIMESTAMP '2024-08-23 10:00:00' in UTC; either word with either."""
        found = self.text()
        text = str(found.value)
        if len(text) == len("2024-08-23"):
            return Literal(checked_date(text, found.at), "date", at=found.at)
        return Literal(checked_timestamp(as_instant(text), found.at), "timestamp", at=found.at)


def as_instant(text: str) -> str:
    """A time as SQL writes it, in the one way CQL2 does."""
    spaced = _SPACED.fullmatch(text)
    return f"{spaced[1]}T{spaced[2]}Z" if spaced else text


def _pattern(node: Node, escape: str) -> Node:
    """The pattern with the escape character of CQL2 in the place of this one, or of none."""
    if isinstance(node, tree.Function):
        return tree.Function(node.name, _pattern(node.argument, escape), at=node.at)
    if not isinstance(node, Literal) or node.type != "text":
        raise FilterError("the pattern of LIKE must be a text", node.at)
    found, rest = "", iter(str(node.value))
    for char in rest:
        if escape and char == escape:
            following = next(rest, "")
            found += f"\\{following}" if following in (*_WILDCARDS, "\\") else following
        else:
            found += "\\\\" if char == "\\" else char
    return Literal(found, "text", at=node.at)
