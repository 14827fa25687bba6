"""The empty document that Word files begin as: A4, our styles, and nothing that is not used."""

from functools import cache
from io import BytesIO
from zipfile import ZipFile

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.part import Part
from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import OxmlElement
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

from layers.model import Lang
from server.picture.colours import palette
from server.profile.layout import (
    HEADING,
    HEADING_LEADING,
    LEADING,
    MARGIN,
    PAPER,
    SMALL,
    TEXT,
    TIGHT,
)
from server.zips import zip_of

# Names that Word and WPS have on every system that reads Chinese; other systems are told what the
# same letters are called there.
SONG, HEI = "宋体", "黑体"
SERIF, SANS = "Times New Roman", "Calibri"
_FONTS = (
    (SONG, "SimSun", "86", "auto"),
    (HEI, "SimHei", "86", "modern"),
    (SERIF, "", "00", "roman"),
    (SANS, "Carlito", "00", "swiss"),
)
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}

SMALL_STYLE, DENSE_STYLE = "Profile Small", "Profile Dense"
QUIET_STYLE, LABEL_STYLE = "Profile Quiet", "Profile Label"
_KEPT = ("Normal", "Heading1", "Heading2", "DefaultParagraphFont", "TableNormal", "NoList")
# Parts by the last word of how they are related.
_UNUSED = (
    "stylesWithEffects", "customXml", "numbering", "webSettings", "thumbnail",
    "extended-properties",
)  # fmt: skip
_SETTINGS = ("w:zoom", "w:proofState", "w:savePreviewPicture", "w:rsids", "w:shapeDefaults")
_MODE = "15"  # Word 2013 and later: an older one is shown as a mode of compatibility


def blank(lang: Lang) -> Document:
    return docx.Document(BytesIO(_blank(lang)))


@cache
def _blank(lang: Lang) -> bytes:
    document = docx.Document()
    _drop_unused(document)
    _set_page(document)
    _set_styles(document, lang)
    _set_settings(document, lang)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def packed(document: Document) -> bytes:
    """The same document is the same bytes, whenever it is written."""
    out = BytesIO()
    document.save(out)
    with ZipFile(out) as archive:
        return zip_of((name, archive.read(name)) for name in archive.namelist())


def _drop_unused(document: Document) -> None:
    for holder in (document.part, document.part.package):
        for name, one in list(holder.rels.items()):
            if one.reltype.rpartition("/")[2] in _UNUSED:
                del holder.rels[name]
    for one in document.part.rels.values():
        if one.reltype == RT.FONT_TABLE:
            part: Part = one.target_part
            part._blob = _font_table()


def _font_table() -> bytes:
    fonts = "".join(
        f'<w:font w:name="{name}">'
        + (f'<w:altName w:val="{other}"/>' if other else "")
        + f'<w:charset w:val="{charset}"/><w:family w:val="{family}"/></w:font>'
        for name, other, charset, family in _FONTS
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    return f'{head}<w:fonts xmlns:w="{nsmap["w"]}">{fonts}</w:fonts>'.encode()


def _set_page(document: Document) -> None:
    [section] = document.sections
    section.page_width, section.page_height = Pt(PAPER[0]), Pt(PAPER[1])
    section.left_margin = section.right_margin = section.top_margin = Pt(MARGIN)
    section.bottom_margin = section.footer_distance = section.header_distance = Pt(MARGIN)


def _set_styles(document: Document, lang: Lang) -> None:
    styles = document.styles
    for one in list(styles.element):
        if one.tag == qn("w:style") and one.get(qn("w:styleId")) not in _KEPT:
            styles.element.remove(one)
    for link in list(styles.element.iter(qn("w:link"))):
        link.getparent().remove(link)
    colours = palette(False)
    ink, quiet = colours["ink"].name, colours["ink-quiet"].name
    latin = SANS if lang == "en" else SERIF
    defaults = styles.element.find(qn("w:docDefaults"))
    for one in list(defaults.iter(qn("w:rFonts"), qn("w:lang"), qn("w:spacing"))):
        one.getparent().remove(one)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    language.set(qn("w:eastAsia"), "zh-CN")
    [properties] = defaults.iter(qn("w:rPr"))
    properties.append(language)
    normal = styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    _set_style(normal, (latin, SONG), TEXT, LEADING, ink)
    for name, size, leading in (
        ("Heading 1", HEADING, HEADING_LEADING),
        ("Heading 2", TEXT, LEADING),
    ):
        heading = styles[name]
        assert isinstance(heading, ParagraphStyle)
        _set_style(heading, (SANS, HEI), size, leading, ink)
        heading.font.bold = True
        heading.paragraph_format.keep_with_next = False
    for name, size, leading, colour in (
        (SMALL_STYLE, SMALL, TIGHT, quiet),
        (DENSE_STYLE, SMALL, TIGHT, ink),
        (QUIET_STYLE, TEXT, LEADING, quiet),
        (LABEL_STYLE, TEXT, LEADING, quiet),
    ):
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        style.base_style = normal
        _set_style(style, (latin, SONG), size, leading, colour)


def _set_style(
    style: ParagraphStyle, fonts: tuple[str, str], size: float, leading: float, colour: str
) -> None:
    """Lines of a fixed height: the page stays one whatever letters there are."""
    set_fonts(style.element.get_or_add_rPr(), fonts)
    style.font.size = Pt(size)
    style.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
    paragraph = style.paragraph_format
    paragraph.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.line_spacing = Pt(leading)
    paragraph.space_before = paragraph.space_after = Pt(0)
    paragraph.widow_control = False
    paragraph.keep_together = False


def set_fonts(properties: object, fonts: tuple[str, str]) -> None:
    """Of run properties: the letters of Latin and of Chinese, in the place of a theme's."""
    assert isinstance(properties, type(OxmlElement("w:rPr")))
    for one in list(properties.iter(qn("w:rFonts"))):
        properties.remove(one)
    named = OxmlElement("w:rFonts")
    latin, chinese = fonts
    for name, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
        named.set(qn(f"w:{name}"), font)
    properties.insert(0, named)


def _set_settings(document: Document, lang: Lang) -> None:
    settings = document.settings.element
    for one in list(settings):
        if one.tag in {qn(name) for name in _SETTINGS}:
            settings.remove(one)
    for one in settings.iter(qn("w:themeFontLang")):
        one.set(qn("w:eastAsia"), "zh-CN")
    for one in settings.iter(qn("w:compatSetting")):
        if one.get(qn("w:name")) == "compatibilityMode":
            one.set(qn("w:val"), _MODE)
