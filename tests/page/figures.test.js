/** Published figures in words: as their editors print them, never without their qualifier. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsOf } from "./globals.js";

const { figureText } = await import("../../server/static/figures.js");
const { setWords } = await import("../../server/static/words.js");
setWords(await wordsOf("en"));

const figure = { text: null, value: 1200, unit: "t", qualifier: null };

test("the editors' own words come first", () => {
  assert.equal(figureText({ ...figure, text: { zh: "一千多吨", en: "over a thousand tonnes" }, qualifier: "about" }), "over a thousand tonnes");
});

test("else the amount with its unit", () => {
  assert.equal(figureText(figure), "1,200 t");
  assert.equal(figureText({ ...figure, unit: null }), "1,200");
  assert.equal(figureText({ ...figure, value: 0 }), "0 t");
  assert.equal(figureText({ ...figure, qualifier: "exact" }), "1,200 t");
});

test("with what is known of its exactness", () => {
  const said = ["about", "expected", "planned", "at_least"].map((qualifier) => figureText({ ...figure, qualifier }));
  assert.equal(new Set(said).size, 4);
  for (const text of said) assert.match(text, /\D+1,200 t|1,200 t\D+/);
});

test("a qualifier without a word of its own is printed as it was written", () => {
  for (const qualifier of ["circa", "约", "constructor", "$&"]) assert.equal(figureText({ ...figure, qualifier }), `${qualifier} 1,200 t`);
});

test("what was not published is no zero", () => {
  assert.doesNotMatch(figureText({ ...figure, value: null }), /\d/);
});
