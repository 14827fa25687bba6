"""Zip files that are the same bytes whenever the same is put into them."""

from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

# No file tells when it was made; zip files know of no earlier day.
TIME = (1980, 1, 1, 0, 0, 0)


def zip_of(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Of names and contents, in their order; pictures are packed already."""
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, body in files:
            info = ZipInfo(name, TIME)
            info.compress_type = ZIP_STORED if name.endswith(".png") else ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, body)
    return out.getvalue()
