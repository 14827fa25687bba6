"""CQL2 text (OGC 21-065r2, annex B) to the tree, by precedence climbing.

The parser calls itself for parentheses, arguments and the right side of an operator, counted and
hardly deeper than twice the limit on depth; chains such as `a AND b AND c` cost no depth.
"""

from collections.abc import Callable

from layers.filter import tree
from layers.filter.errors import FilterError
from layers.filter.instants import checked_date, checked_timestamp, instant_type
from layers.filter.limits import LIMITS, Budget, Limits, check_size, too_deep
from layers.filter.literals import number
from layers.filter.tokens import Token, Tokens, unescaped, unquoted
from layers.filter.tree import Literal, Node, Property
from layers.filter.wkt import KINDS, read_bbox, read_geometry

_OR, _AND, _NOT, _PREDICATE, _SUM, _PRODUCT, _POWER, _FACTOR = range(1, 9)
_WORDS = {
    "OR": _OR, "AND": _AND, "IS": _PREDICATE, "LIKE": _PREDICATE, "BETWEEN": _PREDICATE,
    "IN": _PREDICATE, "NOT": _PREDICATE, "DIV": _PRODUCT,
}  # fmt: skip
_BINDS = {
    **_WORDS, **dict.fromkeys(tree.COMPARISONS, _PREDICATE),
    "+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "%": _PRODUCT, "^": _POWER,
}  # fmt: skip
# What cannot be a property without quotation marks, whatever follows.
_RESERVED = frozenset(_WORDS) | {"TRUE", "FALSE", "NULL"}
_BARE = (tree.Function, tree.Interval, tree.GeometryLiteral, tree.BBox)


def parse_text(text: str, limits: Limits = LIMITS) -> Node:
    """The tree of a filter in CQL2 text; FilterError in all that is not one."""
    check_size(text, limits)
    return TextParser(Tokens(text), limits).filter()


class TextParser:
    def __init__(self, tokens: Tokens, limits: Limits) -> None:
        self.limits = limits
        self.budget = Budget(limits)
        self.tokens = tokens
        self.depth = 0  # of calls
        self.nested = 0  # of parentheses

    def filter(self) -> Node:
        if self.tokens.next.kind == "end":
            raise FilterError("is empty")
        found = self.expression(_OR)
        last = self.tokens.next
        if last.kind != "end":
            raise FilterError(f"{last.said} does not fit here", last.at)
        return tree.check_depth(found, self.limits)

    def expression(self, binds: int) -> Node:
        """An operand and all operators after it that bind at least so strongly."""
        self.depth += 1
        if self.depth > 2 * self.limits.depth + 2:
            raise too_deep(self.limits, self.tokens.next.at)
        left = self.operand(binds)
        most = _FACTOR
        while True:
            word = self.tokens.next.word
            found = _BINDS.get(word, 0)
            if not binds <= found <= most:
                break
            left = self.operation(left, word, found)
            if found in (_PREDICATE, _POWER):
                most = found - 1  # a = b = c and a ^ b ^ c are not CQL2
                while found == _PREDICATE and self.tokens.next.word == "IS":
                    left = self.operation(left, "IS", found)  # a = b IS NULL is
        self.depth -= 1
        return left

    def operation(self, left: Node, name: str, binds: int) -> Node:
        if binds <= _AND:
            return self.junction(left, name, binds)
        at = self.tokens.take().at
        if name in tree.COMPARISONS:
            return tree.Comparison(name, left, self.expression(_SUM), at=at)
        if binds > _PREDICATE:
            self.budget.term(at)
            return tree.Arithmetic(name.lower(), left, self.expression(binds + 1), at=at)
        if name == "IS":
            negated = self.word("NOT")
            if not self.word("NULL"):
                raise self.expected("NULL after IS")
            return self.negated(tree.IsNull(left, at=at), negated)
        if name == "NOT":
            name = self.tokens.next.word
            if name not in ("LIKE", "BETWEEN", "IN"):
                raise self.expected("LIKE, BETWEEN or IN after NOT")
            self.tokens.take()
            return tree.Not(self.predicate(name, left, at), at=at)
        return self.predicate(name, left, at)

    def junction(self, left: Node, name: str, binds: int) -> Node:
        terms, at = [left], self.tokens.next.at
        while self.word(name):
            self.budget.term(at)
            terms.append(self.expression(binds + 1))
        return tree.joined(tree.Or if name == "OR" else tree.And, terms, at)

    def predicate(self, name: str, value: Node, at: int) -> Node:
        if name == "LIKE":
            return self.like(value, at)
        return self.between(value, at) if name == "BETWEEN" else self.within_list(value, at)

    def like(self, value: Node, at: int) -> Node:
        return tree.Like(value, self.expression(_SUM), at=at)

    def between(self, value: Node, at: int) -> Node:
        low = self.expression(_SUM)
        if not self.word("AND"):
            raise self.expected("AND between the bounds of BETWEEN")
        return tree.Between(value, low, self.expression(_SUM), at=at)

    def within_list(self, value: Node, at: int) -> Node:
        return tree.In(value, self.members(self.expression), at=at)

    @staticmethod
    def negated(node: Node, negated: bool) -> Node:
        return tree.Not(node, at=node.at) if negated else node

    def operand(self, binds: int) -> Node:
        token = self.tokens.next
        if token.kind == "name":
            return self.named(token, binds)
        if token.kind == "number":
            return self.number("")
        if token.kind == "text":
            return self.text()
        if token.kind == "quoted":
            self.tokens.take()
            return Property(unquoted(token.value), at=token.at)
        if token.value in ("+", "-"):
            return self.signed(token)
        if token.value == "(":
            return self.parenthesis()
        raise self.expected("a value or a predicate")

    def text(self) -> Literal:
        token = self.tokens.take()
        return Literal(unescaped(token.value), "text", at=token.at)

    def parenthesis(self) -> Node:
        at = self.tokens.next.at
        self.enter()
        found = self.expression(_OR)
        self.leave()
        if self.is_bare(found):
            raise FilterError("there are no parentheses around a text, a time or a geometry", at)
        return found

    def is_bare(self, node: Node) -> bool:
        """What stands in no parentheses of its own; numbers, properties and predicates may."""
        return isinstance(node, _BARE) or (
            isinstance(node, Literal) and isinstance(node.value, str)
        )

    def signed(self, sign: Token) -> Node:
        """A number, or a minus before what is one; only that may be a number with its own sign."""
        self.tokens.take()
        token = self.tokens.next
        if token.kind == "number":
            return self.number(sign.value)
        negated = token.word in ("+", "-") and self.tokens.after.kind == "number"
        if sign.value == "+" or not (negated or token.kind in ("name", "quoted")):
            raise self.expected(f"a number after the sign {sign.value}")
        self.budget.term(sign.at)
        value = self.operand(_FACTOR)
        return tree.Arithmetic("*", Literal(-1, "number", at=sign.at), value, at=sign.at)

    def number(self, sign: str) -> Node:
        token = self.tokens.take()
        return Literal(number(sign.replace("+", "") + token.value, token.at), "number", at=token.at)

    def named(self, token: Token, binds: int) -> Node:
        word = token.word
        if word == "NOT" and binds <= _NOT:
            self.tokens.take()
            if self.tokens.next.word == "NOT":
                raise self.expected("a predicate, or parentheses around the second NOT,")
            return tree.Not(self.expression(_NOT), at=token.at)
        if word in ("TRUE", "FALSE"):
            self.tokens.take()
            return Literal(word == "TRUE", "boolean", at=token.at)
        if word in _RESERVED:
            raise self.expected("a value or a predicate")
        follows = self.tokens.after
        if follows.word == "(":
            return self.call(word)
        if word in KINDS and follows.word in ("Z", "EMPTY"):
            return read_geometry(self.tokens, self.budget)
        self.tokens.take()
        return Property(token.value, at=token.at)

    def call(self, word: str) -> Node:
        if word in KINDS:
            return read_geometry(self.tokens, self.budget)
        if word == "BBOX":
            return read_bbox(self.tokens)
        token = self.tokens.take()
        read = _CALLS.get(word)
        if read is None:
            allowed = ", ".join(tree.FUNCTIONS)
            raise FilterError(
                f"there is no function {token.said}; the functions are {allowed}", token.at
            )
        self.enter()
        found = read(self, word, token.at)
        self.leave()
        return found

    def fold(self, word: str, at: int) -> Node:
        self.budget.term(at)
        return tree.Function(word, self.expression(_SUM), at=at)

    def spatial(self, word: str, at: int) -> Node:
        return tree.SpatialPredicate(word, *self.pair(self.expression), at=at)

    def temporal(self, word: str, at: int) -> Node:
        return tree.TemporalPredicate(word, *self.pair(self.expression), at=at)

    def array(self, word: str, at: int) -> Node:
        return tree.ArrayPredicate(word, *self.pair(self.array_operand), at=at)

    def interval(self, word: str, at: int) -> Node:
        return tree.Interval(*self.pair(self.interval_end), at=at)

    def pair(self, read: Callable[[int], Node]) -> tuple[Node, Node]:
        left = read(_SUM)
        self.tokens.take_sign(",", "between the two arguments")
        return left, read(_SUM)

    def array_operand(self, binds: int) -> Node:
        if not self.tokens.at_sign("("):
            return self.expression(binds)
        at = self.tokens.next.at
        return tree.Array(self.members(self.expression, may_be_empty=True), at=at)

    def interval_end(self, binds: int) -> Node:
        end = self.expression(binds)
        if not (isinstance(end, Literal) and end.type == "text"):
            return end
        if end.value == "..":
            return Literal("..", "unbounded", at=end.at)
        return Literal(end.value, instant_type(end.value, end.at), at=end.at)

    def instant(self, word: str, at: int) -> Node:
        token = self.tokens.next
        if token.kind != "text":
            raise self.expected(f"a text in {word}(...)")
        self.tokens.take()
        check = checked_date if word == "DATE" else checked_timestamp
        return Literal(check(unescaped(token.value), token.at), word.lower(), at=at)

    def members(self, read: Callable[[int], Node], may_be_empty: bool = False) -> tuple[Node, ...]:
        self.enter()
        found: list[Node] = []
        while not (may_be_empty and not found and self.tokens.at_sign(")")):
            self.budget.member(self.tokens.next.at)
            found.append(read(_SUM))
            if not self.tokens.at_sign(","):
                break
            self.tokens.take()
        self.leave()
        return tuple(found)

    def enter(self) -> None:
        opening = self.tokens.take_sign("(", "here")
        self.nested += 1
        if self.nested > self.limits.depth:
            raise too_deep(self.limits, opening.at)

    def leave(self) -> None:
        self.tokens.take_sign(")", "here")
        self.nested -= 1

    def word(self, word: str) -> bool:
        found = self.tokens.next.word == word
        if found:
            self.tokens.take()
        return found

    def expected(self, what: str) -> FilterError:
        token = self.tokens.next
        return FilterError(f"{what} is missing, there is {token.said}", token.at)


_CALLS: dict[str, Callable[[TextParser, str, int], Node]] = {
    **dict.fromkeys(tree.FOLDS, TextParser.fold),
    **dict.fromkeys(tree.SPATIAL, TextParser.spatial),
    **dict.fromkeys(tree.TEMPORAL, TextParser.temporal),
    **dict.fromkeys(tree.ARRAY, TextParser.array),
    "INTERVAL": TextParser.interval,
    "DATE": TextParser.instant,
    "TIMESTAMP": TextParser.instant,
}
