/** Values as a reader sees them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsOf } from "./globals.js";

const { isKnown, valueText } = await import("../../server/static/fields.js");
const { setWords } = await import("../../server/static/words.js");
setWords(await wordsOf("en"));

const plain = { name: "kind", type: "text", label: { zh: "", en: "Kind" }, unit: null, lang: null, codes: null, role: null, expected: false };
const coded = { ...plain, codes: { a: { zh: "甲", en: "First" }, 1: { zh: "一", en: "One" }, empty: { zh: "", en: "" } } };

test("a code is said by its label, and what has none as it is", () => {
  assert.deepEqual(["a", 1, "b", "empty"].map((value) => valueText(coded, value)), ["First", "One", "b", "empty"]);
});

test("a value may have the name of anything that an object has", () => {
  for (const value of ["constructor", "toString", "__proto__", "hasOwnProperty"]) assert.equal(valueText(coded, value), value);
});

test("signs that nobody sees have a name all the same", () => {
  assert.deepEqual(["", " \u3000"].map((value) => valueText(plain, value)), ["Left blank", "Left blank"]);
});

test("each member of a list is a value", () => {
  assert.equal(valueText({ ...coded, type: "list" }, ["a", "b"]), "First, b");
});

test("numbers have their unit, dates their words, truths yes and no", () => {
  assert.equal(valueText({ ...plain, unit: "ha" }, 1234.5), "1,234.5 ha");
  assert.equal(valueText(plain, 9007199254740993n), "9,007,199,254,740,993");
  assert.equal(valueText({ ...plain, type: "date" }, "2024-05-01"), "1 May 2024");
  assert.notEqual(valueText(plain, true), valueText(plain, false));
});

test("nothing and an empty list are not known; zero and false are", () => {
  assert.deepEqual([null, undefined, "", []].map(isKnown), [false, false, false, false]);
  assert.deepEqual([0, false, "0", [null]].map(isKnown), [true, true, true, true]);
});
