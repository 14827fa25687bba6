"""Random filters over the made-up layer, by seed: every kind of node, small values that do meet."""

import random

from layers.filter import tree
from layers.filter.tree import Literal, Node, Property

TEXTS = (
    "",
    "a",
    "Ä",
    "ab",
    "ß",
    "SS",
    "İ",
    "上海",
    "𠮷",
    "a%b",
    "a_b",
    "a\\b",
    "it's",
    "\n",
    "[a*?]",
)
PATTERNS = (
    "%",
    "a%",
    "%b",
    "_",
    "__",
    "a\\%b",
    "a\\_%",
    "\\",
    "\\\\%",
    "%a%b%",
    "",
    "[a]",
    "*",
    "上_",
)
WHOLE = (0, 1, -1, 2, 3, -7, 63, 2**53 + 1, 2**63 - 1, -(2**63))
NUMBERS = (*WHOLE, 0.5, -1.5, 2.0, 1e16, 1e308)
DATES = ("2021-12-31", "2022-01-01", "2022-01-02", "1001-01-01", "9999-12-31")
TIMES = (
    "2021-12-31T23:59:59.999Z", "2022-01-01T00:00:00Z", "2022-01-01T00:00:00.0009Z",
    "2022-01-01T12:00:00.5Z", "2022-01-02T00:00:00Z", "1001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
)  # fmt: skip
TAGS = ("a", "b", "ß")
SPOTS = (0.0, 1.0, 2.0, 3.0, 179.0, -180.0)


class Trees:
    """Trees that are right for LAYER of `places`; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.pick = self.random.choice

    def predicate(self, depth: int) -> Node:
        if depth > 0 and self.random.random() < 0.6:
            kind = self.pick((tree.And, tree.Or, tree.Not))
            if kind is tree.Not:
                return tree.Not(self.predicate(depth - 1))
            terms = [self.predicate(depth - 1) for _ in range(self.random.randint(2, 3))]
            return tree.joined(kind, terms, None)
        return self.pick(_LEAVES)(self)

    def comparison(self) -> Node:
        read = self.pick((self.text, self.number, self.instant, self.truth))
        op = self.pick(tree.COMPARISONS)
        return tree.Comparison(op, read(), read())

    def like(self) -> Node:
        value, pattern = self.text(), Literal(self.pick(PATTERNS), "text")
        return tree.Like(value, self.pick((pattern, tree.Function("CASEI", pattern))))

    def between(self) -> Node:
        read = self.pick((self.number, self.instant, self.text))
        return tree.Between(read(), read(), read())

    def within_list(self) -> Node:
        read = self.pick((self.text, self.number, self.instant, self.truth))
        return tree.In(read(), tuple(read() for _ in range(self.random.randint(1, 4))))

    def is_null(self) -> Node:
        return tree.IsNull(
            self.pick((self.text, self.number, self.instant, self.interval, self.shape, self.tags,
                       self.comparison))()
        )  # fmt: skip

    def truth(self) -> Node:
        return self.pick((Property("open"), Literal(True, "boolean"), Literal(False, "boolean")))

    def text(self) -> Node:
        value = self.pick((Property("name"), Property("plain"), Literal(self.pick(TEXTS), "text")))
        if self.random.random() < 0.3:
            value = tree.Function(self.pick(tree.FOLDS), value)
        return tree.Function(self.pick(tree.FOLDS), value) if self.random.random() < 0.1 else value

    def number(self) -> Node:
        if self.random.random() < 0.4:
            op = self.pick(tree.ARITHMETIC)
            return tree.Arithmetic(op, self.number(), self.number())
        return self.pick((Property("pop"), Property("area"), Literal(self.pick(NUMBERS), "number")))

    def instant(self) -> Node:
        return self.pick((
            Property("date"), Property("start"), Property("end"),
            Literal(self.pick(DATES), "date"), Literal(self.pick(TIMES), "timestamp"),
        ))  # fmt: skip

    def interval(self) -> Node:
        field, values = self.pick(((("date",), DATES), (("start", "end"), TIMES)))
        kind = "date" if values is DATES else "timestamp"
        first, second = sorted((self.pick(values), self.pick(values)))
        start, end = (
            self.pick(
                (Literal(value, kind), Property(self.pick(field)), Literal("..", "unbounded"))
            )
            for value in (first, second)
        )
        return tree.Interval(start, end)

    def temporal(self) -> Node:
        op = self.pick(tree.TEMPORAL)
        simple = op in ("T_AFTER", "T_BEFORE", "T_DISJOINT", "T_EQUALS", "T_INTERSECTS")
        read = self.pick((self.instant, self.interval)) if simple else self.interval
        return tree.TemporalPredicate(op, self.interval(), read())

    def spatial(self) -> Node:
        sides = [Property("geometry"), self.pick((self.shape, lambda: Property("geometry")))()]
        self.random.shuffle(sides)
        return tree.SpatialPredicate(self.pick(tree.SPATIAL), sides[0], sides[1])

    def shape(self) -> Node:
        x, y = self.pick(SPOTS), self.pick(SPOTS[:4])
        return self.pick((
            tree.GeometryLiteral("Point", (x, y)),
            tree.GeometryLiteral("LineString", ((x, y), (1.0, 2.5))),
            tree.GeometryLiteral("MultiPoint", ((x, y), (0.0, 0.0))),
            tree.GeometryLiteral("Polygon", (((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 0.0)),)),
            tree.GeometryLiteral("GeometryCollection", (tree.GeometryLiteral("Point", (x, y)),)),
            tree.BBox((x, 0.0, self.pick(SPOTS), y)),
            tree.BBox((0.0, 0.0, 2.0, 2.0)),
        ))  # fmt: skip

    def tags(self) -> Node:
        return Property("tags")

    def array(self) -> Node:
        members = tuple(Literal(self.pick(TAGS), "text") for _ in range(self.random.randint(0, 2)))
        members += self.pick(((), (), (Property("name"),)))
        sides: list[Node] = [Property("tags"), tree.Array(members)]
        self.random.shuffle(sides)
        return tree.ArrayPredicate(self.pick(tree.ARRAY), sides[0], sides[1])


_LEAVES = (
    Trees.comparison, Trees.comparison, Trees.like, Trees.between, Trees.within_list,
    Trees.is_null, Trees.truth, Trees.temporal, Trees.spatial, Trees.array,
)  # fmt: skip
