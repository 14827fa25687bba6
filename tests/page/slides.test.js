import assert from "node:assert/strict";
import test from "node:test";

import { LONGEST_TITLE, MOST, fit, parseSlides, searchOf, slidesText, viewOf } from "../../server/static/slides.js";

const SLIDES = [
  { title: "签约项目", view: { filter: "stage='signed' AND \"x y\">1", layers: "a,b" } },
  { title: "", view: {} },
];

test("slides are read as they were written", () => {
  assert.deepEqual(parseSlides(slidesText(SLIDES)), SLIDES);
  assert.equal(new URLSearchParams(searchOf(SLIDES[0])).get("filter"), SLIDES[0].view.filter);
});

test("a view has nothing of the reader's own", () => {
  assert.deepEqual(viewOf(new URLSearchParams("?q=x&lang=en&theme=dark&slides=[]&f=html&utm_source=mail&zoom=9")), { q: "x", zoom: "9" });
});

test("what is no slides is null", () => {
  const long = "x".repeat(LONGEST_TITLE + 1);
  for (const text of ["", "{}", "[]", "1", "null", "[1]", '[["a"]]', '[["a",1]]', '[["a",[]]]', '[["a",null]]', '[[1,{}]]', '[["a",{"zoom":9}]]', '[["a",{"slides":"[]"}]]', `[["${long}",{}]]`, JSON.stringify(Array(MOST + 1).fill(["a", {}]))]) {
    assert.equal(parseSlides(text), null, text.slice(0, 40));
  }
  assert.equal(Object.getPrototypeOf(parseSlides('[["a",{"__proto__":"x"}]]')?.[0].view ?? {}), Object.prototype);
});

test("so many fit into an address", () => {
  assert.ok(fit(SLIDES));
  assert.ok(!fit(Array(MOST + 1).fill(SLIDES[1])));
  assert.ok(!fit([{ title: "", view: { filter: "长".repeat(2000) } }]));
});
