/** Filters of the address: as many parentheses as there may be are taken off, quickly. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { makeAtlas } from "./zone.js";

const { filterText, parseFilter } = await import("../../server/static/filter.js");

const atlas = makeAtlas();
const fieldOf = (name) => atlas.field(name);

test("parentheses around all of it mean nothing", () => {
  const plain = parseFilter("kind='a'", fieldOf);
  for (const text of ["(kind='a')", " ( ( kind='a' ) ) ", `${"(".repeat(50_000)}kind='a'${")".repeat(50_000)}`]) assert.deepEqual(parseFilter(text, fieldOf), plain);
  const apart = "(kind='a') OR (kind='b')";
  assert.deepEqual(parseFilter(apart, fieldOf), { conditions: [], other: apart });
});

test("a parenthesis in quotes is none, and one without its partner stays", () => {
  assert.deepEqual(parseFilter("(name=')')", fieldOf).conditions[0].values, [")"]);
  for (const text of ["(kind='a'", "kind='a')", "((kind='a')", ")("]) assert.deepEqual(parseFilter(text, fieldOf), { conditions: [], other: text });
});

test("what is read is written as it was", () => {
  for (const text of [
    "kind='a'", "kind IN ('a','b')", "(kind='a' OR kind IS NULL)", "workers IS NULL", "workers>=3", "(workers>=3 AND workers<=5)", "listed=true", "A_OVERLAPS(tags,('x','it''s'))",
    "opened>=DATE('2020-01-01')", "seen<=TIMESTAMP('2024-01-01T00:00:00Z')", "\"the \"\"odd\"\" one\"='x'", "kind='a' AND workers>=3 AND (name LIKE 'a%' OR name LIKE 'b%')",
  ]) {
    const { conditions, other } = parseFilter(text, fieldOf);
    assert.equal(filterText(conditions, other, fieldOf), text);
  }
});
