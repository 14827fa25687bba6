"""Public names: what ids of layers and features look like, and how one is made from any text."""

import hashlib
import re
import sqlite3
import unicodedata
from collections.abc import Mapping
from typing import Any

import orjson

LAYER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
FEATURE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def layer_id(name: str) -> str:
    """`name` itself where it can be an id, else an id that the same name always gives."""
    return name if LAYER_ID.fullmatch(name) else _made("layer", name)


def feature_id(original: str) -> str:
    """The same for a feature; what it was is kept beside it as the property `source_id`."""
    return original if FEATURE_ID.fullmatch(original) else _made("feature", original)


def _made(kind: str, name: str) -> str:
    """A readable part, as far as the text has ASCII letters, and a digest that tells it apart."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:10]
    return f"{words or kind}-{digest}"


class Ids:
    """Makes the ids of a file's features fit; knows on disk, not in memory, which it has given."""

    def __init__(self) -> None:
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("PRAGMA journal_mode=OFF")
        self._seen.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID")

    def close(self) -> None:
        self._seen.close()

    def public(self, feature: Mapping[str, Any], repeats: bool) -> tuple[str, str | None]:
        """The id, and what the file had instead.

        `repeats`: one that occurs again gets another. A made one always does: its author does not
        know it, and two equal features without ids are two.
        """
        given = feature.get("id")
        if given is None or given == "":
            content = [feature.get("geometry"), feature.get("properties")]
            original, public = None, "f" + hashlib.sha256(_json(content)).hexdigest()[:12]
        else:
            original = given if isinstance(given, str) else _json(given).decode()
            public = feature_id(original)
        if (repeats or original != public) and (n := self._count(public)) > 1:
            if original is not None and not repeats:
                raise ValueError("has an id that occurs twice")
            public = feature_id(f"{public} {n}")
        return public, original if original != public else None

    def _count(self, public: str) -> int:
        sql = "INSERT INTO seen VALUES (?, 1) ON CONFLICT DO UPDATE SET n = n + 1 RETURNING n"
        return int(self._seen.execute(sql, (public,)).fetchone()[0])


def _json(value: object) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        raise ValueError("is nested too deeply") from None
