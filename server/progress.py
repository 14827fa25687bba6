"""How far a long command is: a bar on a terminal, a line now and then anywhere else."""

import time
from typing import TextIO

BAR = 24
EACH_SECONDS, EACH_LINE_SECONDS = 0.2, 10.0
LOOKED_AT = 512  # steps between two looks at the clock


class Progress:
    """`begin` a work of so many steps, `step` through it, `end` it.

    On a terminal it says something of each, elsewhere only of those that take long.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream, self._bar = stream, stream.isatty()
        self._each = EACH_SECONDS if self._bar else EACH_LINE_SECONDS
        self.begin("", None)

    def begin(self, name: str, total: int | None) -> None:
        self._name, self._total, self._count = name, total, 0
        self._start = self._said = time.monotonic()
        self._shown = False

    def step(self, count: int) -> None:
        before, self._count = self._count, self._count + count
        if before // LOOKED_AT == self._count // LOOKED_AT:
            return
        now = time.monotonic()
        if now - self._said >= self._each:
            self._said = now
            self._say(now)

    def end(self) -> None:
        """The last state stays to be read."""
        if self._shown or self._bar:
            self._say(time.monotonic())
            self._stream.write("\n" if self._bar else "")
            self._stream.flush()
        self._shown = False

    def _say(self, now: float) -> None:
        rate = self._count / max(now - self._start, 1e-9)
        of = "" if self._total is None else f"/{self._total}"
        text = f"{self._name}: {self._count}{of}, {rate:.0f} a second"
        if self._bar:
            share = min(1.0, self._count / self._total) if self._total else 0.0
            done = "#" * round(BAR * share)
            text = f"\r[{done:.<{BAR}}] {text}\x1b[K"
        self._stream.write(text if self._bar else text + "\n")
        self._stream.flush()
        self._shown = True
