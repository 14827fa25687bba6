/** The steps that areas are coloured in: round, even, three to five where values differ enough. */

import assert from "node:assert/strict";
import { test } from "node:test";

const { stepEdges, stepOf } = await import("../../server/static/steps.js");

test("counts lie in even steps of whole numbers", () => {
  assert.deepEqual(stepEdges([6, 7, 24], true), [5, 10, 15, 20, 25]);
  assert.deepEqual(stepEdges([0, 1], true), [0, 1, 2]);
  assert.deepEqual(stepEdges([0, 100], true), [0, 50, 100, 150]);
});

test("one value, or the same ones, are one step", () => {
  for (const values of [[5], [5, 5, 5], [0], [-2.5, -2.5]]) {
    assert.deepEqual(stepEdges(values, false), [values[0], values[0]]);
    assert.equal(stepOf(stepEdges(values, false), values[0]), 0);
  }
});

test("whatever the values are, all of them lie in one of at most five steps", () => {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 3000; round += 1) {
    const scale = 10 ** Math.floor(random() * 30 - 15);
    const whole = scale >= 10 && random() < 0.5;
    const values = Array.from({ length: 2 + Math.floor(random() * 8) }, () => (whole ? Math.round((random() - 0.4) * scale) : (random() - 0.4) * scale));
    const edges = stepEdges(values, whole);
    assert.ok(edges.length >= 2 && edges.length <= 6, String(edges));
    for (const value of values) {
      const step = stepOf(edges, value);
      const [begin, end] = [edges[step], edges[step + 1]];
      const least = Math.min(...values);
      assert.ok(begin <= value + scale * 1e-9 && value <= end + scale * 1e-9, `${value} in ${begin} to ${end} of ${values}`);
      assert.ok(edges[0] <= least + scale * 1e-9);
    }
    if (whole) assert.ok(edges.every(Number.isInteger), String(edges));
  }
});

test("a number at an edge belongs to the step that begins there", () => {
  assert.deepEqual([5, 9, 10, 24, 25].map((value) => stepOf([5, 10, 15, 20, 25], value)), [0, 0, 1, 3, 3]);
});
