"""The page's modules as one script, and its style sheets as one.

A hundred small requests make a telephone wait for two seconds, and a page opened from disk may not
import other files at all. Our modules import and export by name only, without circles, so that each
can be a function that gives what it exports: no build tool is needed, and tests hold the rules.
"""

import re
from collections.abc import Iterator, Mapping

IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w.-]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
ANY = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
# In the order in which they rule; those of others keep their own address, for their pictures.
SHEETS = (
    "colours", "page", "map", "connect", "ask", "filters", "list", "stats", "tools", "download",
    "print", "search", "share", "meeting", "embed", "dialog", "embedding",
    "boarding",
)  # fmt: skip


class NotJoined(ValueError):
    """A module that does what only a real loader can do."""


def joined_script(modules: Mapping[str, str], entry: str) -> str:
    """One script that does what `entry` does with all that it imports; names as in the folder."""
    functions = (_function(name, modules[name]) for name in _in_order(modules, entry))
    return '"use strict";\n' + "".join(functions)


def joined_sheets(sheets: Mapping[str, str]) -> str:
    return "".join(sheets[f"{name}.css"] for name in SHEETS)


def _in_order(modules: Mapping[str, str], entry: str) -> Iterator[str]:
    """Each once, after all that it imports."""
    seen: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> Iterator[str]:
        if name in way:
            raise NotJoined(f"{' -> '.join((*way, name))} is a circle")
        if name in seen:
            return
        for _, other in IMPORT.findall(modules[name]):
            yield from visit(other, (*way, name))
        seen.add(name)
        yield name

    return visit(entry, ())


def _function(name: str, text: str) -> str:
    exported = EXPORT.findall(text)
    body = EXPORT.sub("", IMPORT.sub(_taken, text))
    if rest := ANY.search(body):
        raise NotJoined(f"{name}: {rest[0]}")
    gives = f"return {{ {', '.join(exported)} }};\n" if exported else ""
    return f"const {_variable(name)} = (() => {{\n{body}{gives}}})();\n"


def _taken(found: re.Match[str]) -> str:
    names = found[1].replace(" as ", ": ")
    return f"const {{{names}}} = {_variable(found[2])};\n"


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))
