/** The page's words, numbers, distances and dates, as both languages write them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { inLanguage, wordsOf } from "./globals.js";

const zh = await inLanguage("zh-CN", "words.js");
const en = await inLanguage("en", "words.js");
zh.setWords(await wordsOf("zh"));
en.setWords(await wordsOf("en"));

test("the reader's language is that of the document", () => {
  assert.deepEqual([zh.lang, en.lang], ["zh", "en"]);
});

test("a word is filled in, and what is not given stays to be seen", () => {
  assert.equal(en.word("list.count", { count: 3 }), "3 entries");
  assert.equal(en.word("list.count"), "{count} entries");
  assert.equal(en.word("no.such.word"), "no.such.word");
});

test("a value is no pattern", () => {
  for (const value of ["$&", "$1", "$`", "{count}", "{name}", "<b>"]) assert.equal(en.word("list.count", { count: value }), `${value} entries`);
});

test("a text of the data is said in the reader's language, or else in the one it has", () => {
  const both = { zh: "园区", en: "Park" };
  assert.deepEqual([zh.say(both), en.say(both)], ["园区", "Park"]);
  assert.deepEqual([zh.say({ en: "Park" }), en.say({ zh: "园区", en: "" })], ["Park", "园区"]);
  assert.deepEqual([en.say("plain"), en.say(""), en.say(null), en.say(undefined), en.say({})], ["plain", "", "", "", ""]);
});

test("numbers keep their digits", () => {
  assert.deepEqual([en.number(1234567.125), zh.number(1234567.125)], ["1,234,567.125", "1,234,567.125"]);
  assert.deepEqual([en.number(0), en.number(-0.5), en.number(1e-6)], ["0", "-0.5", "0.000001"]);
  assert.equal(en.number(9007199254740993n), "9,007,199,254,740,993");
});

test("an ISO date is written out; nothing else is taken for one", () => {
  assert.deepEqual([en.date("2024-02-29"), zh.date("2024-02-29")], ["29 February 2024", "2024年2月29日"]);
  for (const other of ["2024", "2024-02", "2024-13-01", "2024-1-1", "", "soon", "2024-01-01T00:00:00Z"]) assert.equal(en.date(other), other);
});

test("a distance is in metres below a kilometre", () => {
  assert.deepEqual([0, 1, 999.4, 1000, 1049, 1050, 12345].map(en.distance), ["0 m", "1 m", "999 m", "1 km", "1 km", "1.1 km", "12.3 km"]);
  assert.equal(zh.distance(1500), "1.5公里");
});

test("names are joined as the language joins them", () => {
  assert.deepEqual([en.joined(["a", "b"]), zh.joined(["a", "b"]), en.joined([])], ["a, b", "a、b", ""]);
});
