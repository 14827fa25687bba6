"""Text as XML 1.0 can hold it."""

import re

# What XML 1.0 has no way to write, not even escaped (clause 2.2).
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: object) -> str:
    return _UNWRITABLE.sub("", str(text))


def escaped(text: object) -> str:
    """For the content of an element, and for an attribute between double quotes."""
    found = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # A reader takes a bare carriage return for the end of a line (clause 2.11).
    return found.replace('"', "&quot;").replace("\r", "&#13;")
