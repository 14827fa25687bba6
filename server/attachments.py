"""Names of the files that answers are saved as."""

import re
from urllib.parse import quote


def plain_name(name: str) -> str:
    """ASCII that no shell and no header takes apart."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", name).strip("_.") or "map"


def attachment(name: str, title: str, extension: str, *, opened: bool = False) -> dict[str, str]:
    """An id as file name, and the Chinese title for those who can read it (RFC 6266).

    `opened`: browsers show it, and save it under that name.
    """
    plain = f'filename="{plain_name(name)}.{extension}"'
    full = quote(f"{title}.{extension}", safe="")
    kind = "inline" if opened else "attachment"
    return {"Content-Disposition": f"{kind}; {plain}; filename*=UTF-8''{full}"}
