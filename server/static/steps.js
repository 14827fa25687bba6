/** The steps in which areas are coloured by a number: even, round, at most five. */

const MOST = 5;
const ROUND = [1, 2, 5];

/**
 * Where steps begin and the last one ends, above the greatest value or at it; one step where all values are the same.
 * @param {number[]} values
 * @param {boolean} whole whether they are counts
 * @returns {number[]}
 */
export function stepEdges(values, whole) {
  const least = Math.min(...values);
  const greatest = Math.max(...values);
  if (!(greatest > least)) return [least, greatest];
  const rough = greatest / MOST - least / MOST;
  for (let power = Math.floor(Math.log10(rough)); power < 309; power += 1) {
    for (const round of ROUND) {
      const step = whole ? Math.max(1, round * 10 ** power) : round * 10 ** power;
      const first = Math.floor(least / step);
      const last = Math.floor(greatest / step) + 1;
      if (step >= rough && last - first <= MOST) return Array.from({ length: last - first + 1 }, (_, index) => exactly((first + index) * step, power));
    }
  }
  return [least, greatest];
}

/** A power of ten below one is no exact number: its multiples are rounded to its own decimals. @param {number} value @param {number} power */
function exactly(value, power) {
  return Number(value.toFixed(Math.min(100, Math.max(0, -power))));
}

/** The step that a value lies in, from 0. @param {number[]} edges @param {number} value */
export function stepOf(edges, value) {
  const above = edges.slice(1, -1).findIndex((edge) => value < edge);
  return above < 0 ? edges.length - 2 : above;
}
