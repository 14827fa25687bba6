"""What a PDF says and where, read by PDFium."""

from collections.abc import Iterator
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

MISSING = "〓"


class Ink(NamedTuple):
    """A run of text on a page; points from its lower left corner."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def overlaps(self, other: "Ink") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top


def texts(pdf: bytes) -> list[str]:
    """Of each page, without breaks."""
    with pdfium.PdfDocument(pdf) as document:
        return [_joined(page.get_textpage().get_text_range()) for page in document]


def said(pdf: bytes) -> str:
    return "".join(texts(pdf))


def _joined(text: str) -> str:
    return text.replace("\r", "").replace("\n", "").replace("\ufffe", "")


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    with pdfium.PdfDocument(pdf) as document:
        return [page.get_size() for page in document]


def inks(pdf: bytes, page: int = 0) -> list[Ink]:
    """What is set as one line; letters with a line around them are found once, as that line."""
    with pdfium.PdfDocument(pdf) as document:
        return list(_inks(document[page]))


def _inks(page: pdfium.PdfPage) -> Iterator[Ink]:
    text_page = page.get_textpage()
    for one in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        if text := _text_of(one, text_page).strip():
            yield Ink(text, *one.get_bounds())


def _text_of(one: pdfium.PdfObject, page: pdfium.PdfTextPage) -> str:
    length = raw.FPDFTextObj_GetText(one.raw, page.raw, None, 0)
    letters = (raw.FPDF_WCHAR * (length // 2))()
    raw.FPDFTextObj_GetText(one.raw, page.raw, letters, length)
    return bytes(letters).decode("utf-16-le").rstrip("\0")


def embedded_fonts(pdf: bytes) -> tuple[int, int]:
    """How many fonts are described, and how many of them have their file."""
    return pdf.count(b"/Type/FontDescriptor"), pdf.count(b"/FontFile2")
