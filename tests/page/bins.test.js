/** Edges of histograms: round, around all values, few; of time the calendar's. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { beginning, binCounts, next, numberEdges, timeEdges, timeStep } from "../../server/static/bins.js";

const day = (text) => Date.parse(`${text}T00:00:00Z`);
const days = (edges) => edges.map((edge) => new Date(edge).toISOString().slice(0, 10));

test("steps of numbers are 1, 2 or 5 times a power of ten", () => {
  assert.deepEqual(numberEdges(0.57, 1.31, false), [0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.15, 1.2, 1.25, 1.3, 1.35]);
  assert.deepEqual(numberEdges(-3, 4, true), [-3, -2, -1, 0, 1, 2, 3, 4, 5]);
  assert.deepEqual(numberEdges(0, 100, false), [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
});

test("all values lie between the first and the last edge, whatever their size", () => {
  const spans = [[1e-9, 2e-9], [-1e300, 1e300], [-1.7e308, 1.7e308], [2 ** 53, 2 ** 53 + 2], [-(2 ** 63), 2 ** 63], [1, 1 + Number.EPSILON], [5e-324, 1e-323], [0.1, 0.3]];
  for (const [least, greatest] of spans) {
    const edges = numberEdges(least, greatest, false);
    assert.ok(edges.length >= 2 && edges.length <= 34, `${least} to ${greatest}: ${edges.length}`);
    assert.ok(edges[0] <= least && edges[edges.length - 1] >= greatest, `${least} to ${greatest}: ${edges}`);
    assert.equal(binCounts(edges, [least, greatest]).reduce((sum, count) => sum + count), 2);
  }
});

test("a whole number is below the last edge, so that its bin ends before the next one begins", () => {
  for (const [least, greatest] of [[0, 1], [0, 20], [-7, 1000]]) assert.ok(numberEdges(least, greatest, true).at(-1) > greatest);
});

test("bins hold their lower edge, the last one both", () => {
  assert.deepEqual(binCounts([0, 10, 20], [0, 9.9, 10, 20, 21, -1, Number.NaN]), [2, 2]);
});

test("a month is divided into days, some years into months, more into years", () => {
  assert.deepEqual(days(timeEdges(day("2024-02-27"), day("2024-03-01"))), ["2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]);
  assert.deepEqual(days(timeEdges(day("2023-11-30"), day("2024-02-29"))), ["2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01", "2024-03-01"]);
  assert.deepEqual(days(timeEdges(day("2019-12-31"), day("2023-06-01"))), ["2019-01-01", "2020-01-01", "2021-01-01", "2022-01-01", "2023-01-01", "2024-01-01"]);
  assert.deepEqual(timeStep(day("1000-01-01"), day("2023-01-01")), { unit: "year", every: 100 });
});

test("years before 100 and far ones are years as well", () => {
  const edges = timeEdges(Date.parse("0005-06-01T00:00:00Z"), Date.parse("0012-06-01T00:00:00Z"));
  assert.equal(days(edges)[0], "0005-01-01");
  const step = { unit: "month", every: 1 };
  assert.equal(next(beginning(day("0099-12-31"), step), step), day("0100-01-01"));
});
