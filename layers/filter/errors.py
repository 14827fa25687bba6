"""The one error of filters: what is wrong, where in the filter, and what is allowed instead."""

from layers.errors import AtlasError

# A character offset in CQL2 text, a JSON pointer in CQL2 JSON, None where there is no one place.
Place = int | str | None


class FilterError(AtlasError):
    """A filter that cannot be answered; always the client's to mend (status 400)."""

    def __init__(self, reason: str, at: Place = None) -> None:
        self.reason, self.at = reason, at
        super().__init__(f"filter{_place(at)}: {reason}")


def _place(at: Place) -> str:
    if at is None:
        return ""
    if isinstance(at, int):
        return f", character {at + 1}"  # people count from 1
    return f", {at or 'the whole of it'}"


def short(value: object) -> str:
    """A value as it may stand in an error: one line, never long."""
    text = repr(value[:60] if isinstance(value, str | list | tuple) else value)
    return text if len(text) <= 50 else text[:47] + "..."
