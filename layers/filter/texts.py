"""Texts that another program may have written: SQLite takes any bytes for one."""


def decoded(data: bytes) -> str:
    """UTF-8; else GB 18030, which a program on a Chinese Windows may have put there."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        return data.decode(errors="replace")
