"""Writing a download to a file."""

from collections.abc import Callable
from pathlib import Path

from layers.errors import AtlasError
from server.order import Order, content_of
from server.source import Source
from server.whole import whole


class TooLarge(AtlasError):
    def __init__(self, most: int) -> None:
        super().__init__(f"The file would be larger than {most:,} bytes; ask for less of it.")


def write_file(
    source: Source,
    order: Order,
    file: Path,
    watch: Callable[[int], None],
    most: int | None = None,
) -> int:
    """Write what is ordered, at most so many bytes, and say how many features that were."""
    source.get_ready(order.given)
    with source.store.reading(), whole(file) as sink:
        content = content_of(source, order, watch=watch)
        for chunk in order.kind.write(content):
            sink.write(chunk)
            if most is not None and sink.tell() > most:
                raise TooLarge(most)
        return content.count()
