"""SQL being written: its bound values, and how deep it is.

SQLite reads no deeper than its stack of 100 symbols. What is nested deeper than a few levels is
therefore said before, as a value with a name, and used by that name: text that grows longer, not
deeper.
"""

from collections.abc import Callable, Sequence

import orjson

# A level takes up to 6 symbols of the stack, and a statement around the filter some 40.
_LEVELS = 8


class SqlText:
    """The values bound so far stand in `parameters`, in the order of the text."""

    def __init__(self) -> None:
        self.parameters: list[object] = []
        self._level = 0
        self._named: list[str] = []  # each may use those before it
        self._named_parameters: list[object] = []

    def bound(self, value: object) -> str:
        self.parameters.append(value)
        return "?"

    def json(self, values: Sequence[object]) -> str:
        """A list as one value."""
        return self.bound(orjson.dumps(values).decode())

    def nested(self, write: Callable[[], str]) -> str:
        """What `write` writes a level deeper, or, from _LEVELS on, the name of its value."""
        if self._level < _LEVELS:
            self._level += 1
            sql = write()
            self._level -= 1
            return sql
        level, parameters = self._level, self.parameters
        self._level, self.parameters = 0, []
        sql = self.nested(write)
        name = f"zoneatlas_{len(self._named)}"
        self._named.append(f"{name}(x) AS (SELECT {sql})")
        self._named_parameters += self.parameters
        self._level, self.parameters = level, parameters
        return f"(SELECT x FROM {name})"

    def whole(self, sql: str) -> str:
        """The finished expression, with the values it names before it."""
        if not self._named:
            return sql
        self.parameters = self._named_parameters + self.parameters
        return f"(WITH {', '.join(self._named)} SELECT {sql})"
