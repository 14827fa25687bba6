"""No sign of the page is drawn as an empty box."""

from tests.browser.test_language import states
from tests.browser.visits import Visits, read
from tests.browser.world import WORDS, World

# Draws each sign alone and compares it with what a sign that no font has looks like.
MISSING = """(signs) => {
  const size = 32;
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  Object.assign(pen.canvas, { width: 2 * size, height: 2 * size });
  const drawn = (sign) => {
    pen.clearRect(0, 0, 2 * size, 2 * size);
    pen.font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    pen.fillText(sign, 8, 1.3 * size);
    return pen.getImageData(0, 0, 2 * size, 2 * size).data.join();
  };
  const nowhere = ["\\u{10ffff}", "\\u{10fffd}", "\\u{e0fff}", "\\ufdd0", "\\u0378"];
  const boxes = new Set(nowhere.map(drawn));
  return [boxes.size, signs.filter((sign) => boxes.has(drawn(sign)))];
}"""


def test_every_sign_has_a_glyph(bundled_world: World, visits: Visits) -> None:
    page = visits.open(bundled_world.url)
    said = [*WORDS["zh"].values(), *WORDS["en"].values()]
    for texts in states(page, bundled_world):
        said += texts
    signs = sorted({sign for text in said for sign in text if not sign.isspace()})
    assert len(signs) > 500
    kinds, missing = read(page, MISSING, signs)
    assert kinds < 5, "signs that no font has must look alike, or nothing is compared"
    assert missing == []
