/** Where a histogram's bins begin and end: round numbers, or the days, months and years of the calendar (UTC). */

const DAY = 86_400_000;

/** About so many bins; of months and days a few more make a whole. */
const BINS = 16;

/**
 * @typedef {{unit: "day" | "month" | "year", every: number}} Step
 */

/**
 * Equal steps of 1, 2 or 5 times a power of ten around two numbers, the greatest below the last edge or at it.
 * @param {number} least
 * @param {number} greatest above least
 * @param {boolean} whole for whole numbers: bins end before the next one begins, so that the greatest lies below the last
 */
export function numberEdges(least, greatest, whole) {
  const rough = greatest / BINS - least / BINS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = power * ([1, 2, 5].find((one) => one * power >= rough) ?? 10);
  const step = whole ? Math.max(1, round) : round;
  const first = Math.floor(least / step);
  const last = whole ? Math.floor(greatest / step) + 1 : Math.ceil(greatest / step);
  if (!(last - first <= 2 * BINS)) return [least, greatest]; // so near to each other that a double holds no steps between
  // A power of ten below one is no exact number: its multiples are rounded to its own decimals.
  const decimals = Math.min(100, Math.max(0, -Math.floor(Math.log10(step))));
  return Array.from({ length: last - first + 1 }, (_, index) => Number(((first + index) * step).toFixed(decimals)));
}

/** The steps in which a span of time is divided. @param {number} least @param {number} greatest milliseconds since 1970 @returns {Step} */
export function timeStep(least, greatest) {
  const days = (greatest - least) / DAY;
  if (days <= 31) return { unit: "day", every: 1 };
  if (days <= 3 * 366) return { unit: "month", every: 1 };
  const years = days / 365.25 / BINS;
  const power = 10 ** Math.max(0, Math.floor(Math.log10(years)));
  return { unit: "year", every: [1, 2, 5, 10].map((one) => one * power).find((every) => every >= years) ?? 1 };
}

/** The beginnings of the steps from the one that holds the least to the one after the greatest. @param {number} least @param {number} greatest */
export function timeEdges(least, greatest) {
  const step = timeStep(least, greatest);
  const edges = [beginning(least, step)];
  while (edges[edges.length - 1] <= greatest) edges.push(next(edges[edges.length - 1], step));
  return edges;
}

/** Where the step that holds a time begins. @param {number} time @param {Step} step */
export function beginning(time, { unit, every }) {
  const at = new Date(time);
  at.setUTCHours(0, 0, 0, 0);
  if (unit !== "day") at.setUTCDate(1);
  if (unit === "year") at.setUTCFullYear(Math.floor(at.getUTCFullYear() / every) * every, 0);
  return at.getTime();
}

/** Where the next step begins. @param {number} time where one begins @param {Step} step */
export function next(time, { unit, every }) {
  const at = new Date(time);
  if (unit === "day") at.setUTCDate(at.getUTCDate() + every);
  if (unit === "month") at.setUTCMonth(at.getUTCMonth() + every);
  if (unit === "year") at.setUTCFullYear(at.getUTCFullYear() + every);
  return at.getTime();
}

/**
 * How many values lie in each bin; one at the last edge belongs to the last.
 * @param {number[]} edges
 * @param {number[]} values
 */
export function binCounts(edges, values) {
  const counts = new Array(edges.length - 1).fill(0);
  for (const value of values) if (value >= edges[0] && value <= edges[edges.length - 1]) counts[binOf(edges, value)] += 1;
  return counts;
}

/** The bin that holds a value, by halving. @param {number[]} edges @param {number} value */
function binOf(edges, value) {
  let [low, high] = [0, edges.length - 2];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (edges[middle] <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
