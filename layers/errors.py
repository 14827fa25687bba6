"""What can go wrong with layers, each said in one sentence a planner can act on.

AtlasError
    UnknownLayer, UnknownFeature       no such thing
    InvalidQuery                       a value outside what is allowed
        UnknownFormat                  a file of an ending that nothing writes
    TooManyFeatures                    more than a file of this kind holds
    BadDocument                        a layer definition or a zone that cannot be read
    BadFeature                         a feature that does not fit its layer
    BadLayerFile                       either of these, or broken JSON, in a file
    NoRoom                             the disk has no room for a file
    StoreError                         the store cannot be opened, read or written
        StoreReadOnly, StoreLocked, QueryStopped
"""

from __future__ import annotations

from collections.abc import Iterable


class AtlasError(Exception):
    """Base of all errors raised on purpose; `str(error)` is the sentence to show."""

    @property
    def message(self) -> str:
        return str(self)


class UnknownLayer(AtlasError):
    """`known` are the names that would do, where all of them can be told."""

    def __init__(self, layer: str, known: Iterable[str] = ()) -> None:
        self.layer = layer
        names = ", ".join(known)
        super().__init__(f"There is no layer {layer!r}{f'; there are {names}' if names else ''}.")


class UnknownFeature(AtlasError):
    def __init__(self, layer: str, feature: str) -> None:
        self.layer, self.feature = layer, feature
        super().__init__(f"Layer {layer!r} has no feature {feature!r}.")


class InvalidQuery(AtlasError):
    def __init__(self, parameter: str, got: object, allowed: str) -> None:
        self.parameter, self.got, self.allowed = parameter, got, allowed
        super().__init__(f"{parameter} must be {allowed}, not {got!r}.")


class UnknownFormat(InvalidQuery):
    """No module writes such files; `known` are the endings of those there are."""

    def __init__(self, got: str, known: Iterable[str]) -> None:
        super().__init__("format", got, f"one of {', '.join(known)}")


class TooManyFeatures(AtlasError):
    def __init__(self, count: int, most: int) -> None:
        super().__init__(
            f"The map has {count:,} features, and such a file holds at most {most:,};"
            " copy some of the layers into a GeoPackage of their own."
        )


class BadDocument(AtlasError):
    """A definition that does not hold what it must: `path` is the key, `reason` what is allowed."""

    def __init__(self, path: str, reason: str) -> None:
        self.path, self.reason = path, reason
        super().__init__(f"{path} {reason}".lstrip())


class BadFeature(AtlasError):
    """A feature that a layer cannot take: its id, or its place (from 1) when it has none."""

    def __init__(self, feature: str, reason: str) -> None:
        self.feature, self.reason = feature, reason
        super().__init__(f"feature {feature} {reason}")


class BadLayerFile(AtlasError):
    """A file that cannot become a layer: which file, which feature or row (if one), why."""

    def __init__(self, file: str, feature: str | None, reason: str, row: str = "") -> None:
        self.file, self.feature, self.reason, self.row = file, feature, reason, row
        place = f"{file}, feature {feature}" if feature is not None else file
        place += f", {row}" if row else ""
        super().__init__(f"{place}: {reason.rstrip('.')}.")


class NoRoom(AtlasError):
    def __init__(
        self, reason: str = "The disk has no room for this file; nothing of it was kept."
    ) -> None:
        super().__init__(reason)


class StoreError(AtlasError):
    """The store cannot be opened, read or written; nothing was changed."""


class StoreReadOnly(StoreError):
    """A write was asked of a store that is served read only."""


class StoreLocked(StoreError):
    """Another program holds the store; later may be fine."""


class QueryStopped(StoreError):
    """The reading was interrupted before it was done."""
