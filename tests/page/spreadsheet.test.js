/** Rows for spreadsheets: nothing in them is a formula, and a CSV reader finds the same cells. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./globals.js";

const { csv, tsv } = await import("../../server/static/spreadsheet.js");

test("texts that a spreadsheet would calculate are texts; numbers stay numbers", () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "|cmd", "\t=1"]) assert.match(tsv([[text]]), /^'/, text);
  assert.equal(tsv([[-1, 2.5, 9007199254740993n, "a-1"]]), "-1\t2.5\t9007199254740993\ta-1");
});

test("a row is one line, whatever its texts hold", () => {
  assert.equal(tsv([["a\tb\nc", 1], ["d", 2]]), "a b c\t1\r\nd\t2");
});

test("CSV begins with a byte order mark and quotes what has to be", () => {
  assert.equal(csv([["区县", "a,b"], ['say "x"', "two\nlines"]]), '\ufeff区县,"a,b"\r\n"say ""x""","two\nlines"\r\n');
});
