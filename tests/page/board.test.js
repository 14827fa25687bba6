/** The address of a board: the view as it is, and an extent that the server can read. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./globals.js";

const { boardQuery, extentText } = await import("../../server/static/board.js");

const WISH = { view: new URLSearchParams(), extent: null, title: null, subtitle: null, paper: "A4", orientation: "landscape", scale: "", lang: "zh" };

function query(wish, more) {
  return Object.fromEntries(boardQuery({ ...WISH, ...wish }, more));
}

test("what is left to the server is not said", () => {
  assert.deepEqual(query({}), { paper: "A4", orientation: "landscape", lang: "zh" });
  assert.deepEqual(query({ title: "", scale: "50000" }, { page: 2 }), { paper: "A4", orientation: "landscape", lang: "zh", title: "", map_scale: "50000", page: "2" });
});

test("of the view goes along what is printed, and nothing else", () => {
  const view = new URLSearchParams({ layers: "", filter: "a='b&c'", selected: "parks/p1", theme: "dark", lang: "en", slides: "[]", drawer: "table", foo: "1", title: "x" });
  const { paper, orientation, ...rest } = query({ view });
  assert.deepEqual(rest, { layers: "", filter: "a='b&c'", selected: "parks/p1", lang: "zh" });
});

test("the place on the screen goes along with its window only", () => {
  const view = new URLSearchParams({ center: "120,31", zoom: "9" });
  const { center, zoom, extent } = query({ view, extent: [119, 30, 121, 32] });
  assert.deepEqual([center, zoom, extent], ["120,31", "9", "119.00000,30.00000,121.00000,32.00000"]);
  assert.deepEqual(query({ view }), query({}));
});

test("an extent lies within the world, whatever part of it the window shows", () => {
  const numbers = (extent) => extentText(extent).split(",").map(Number);
  assert.deepEqual(numbers([-1, -2, 1, 2]), [-1, -2, 1, 2]);
  assert.deepEqual(numbers([170, -20, 200, -10]), [170, -20, -160, -10]);
  assert.deepEqual(numbers([-190, 0, -170, 1]), [170, 0, -170, 1]);
  assert.deepEqual(numbers([530, 0, 560, 1]), [170, 0, -160, 1]);
  assert.deepEqual(numbers([-180, 0, 180, 1]), [-180, 0, 180, 1]);
  assert.deepEqual(numbers([-300, -91, 100, 95]), [-180, -90, 180, 90]);
});
