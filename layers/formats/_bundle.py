"""Several files as one zip, with a readme for those who unpack it."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from layers.export import readme
from layers.export.content import Content
from layers.export.readme import Line
from layers.formats._files import pieces
from layers.model import LANGUAGES, Lang

QUICK = 1  # on padded tables as good as slower levels
README = "readme.txt"


def bundled(
    folder: Path, content: Content, more: Callable[[Lang], Sequence[Line]]
) -> Iterator[bytes]:
    """All that is in `folder`, which is empty afterwards; `more` is what the readme says besides.

    Chinese first, then English, with the line ends and the mark that Notepad needs.
    """
    said = ([*readme.lines(content, lang), *more(lang)] for lang in LANGUAGES)
    text = "\n".join(map(readme.plain, said))
    (folder / README).write_text(text, encoding="utf-8-sig", newline="\r\n")
    file = folder.with_name(f"{folder.name}.zip")
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=QUICK) as bundle:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                bundle.write(one, one.relative_to(folder))
                one.unlink()
    yield from pieces(file)
