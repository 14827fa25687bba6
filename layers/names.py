"""Public names: what ids of layers and features look like, and how one is made from any text."""

import hashlib
import re
import unicodedata

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
