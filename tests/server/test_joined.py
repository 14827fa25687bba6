"""The page's modules as one script: they do what they did, or it is said at once."""

import pytest

from server.assets import read_assets
from server.joined import SHEETS, NotJoined, joined_script
from tests.page.node import node


def test_what_is_imported_runs_first_and_once() -> None:
    modules = {
        "a.js": 'import { one, two as other } from "./b.js";\nimport { C } from "./c.js";\n'
        "console.log(one(), other, new C().name);\n",
        "b.js": "console.log('b');\nexport async function late() {}\n"
        "export function one() { return 1; }\nexport const two = `2\n import`;\n",
        "c.js": 'import { one } from "./b.js";\nexport class C { name = one(); }\nconst x = 1;\n',
    }
    script = joined_script(modules, "a.js")
    assert node("-e", script).split() == ["b", "1", "2", "import", "1"]


@pytest.mark.parametrize(
    "text",
    [
        'import { a } from "./a.js";\n',
        'import "./b.js";\n',
        'import * as b from "./b.js";\n',
        "export default 1;\n",
        "export let a = 1;\n",
        "export { a };\n",
    ],
)
def test_what_it_cannot_join_is_refused(text: str) -> None:
    with pytest.raises(NotJoined):
        joined_script({"a.js": text, "b.js": ""}, "a.js")


def test_every_sheet_of_the_page_is_in_it() -> None:
    sheets = [name for name in read_assets().files if name.endswith(".css") and "/" not in name]
    assert sorted(f"{name}.css" for name in SHEETS) == sorted(
        name for name in sheets if name not in ("pages.css", "file.css", "joined.css")
    )
