/** One letter wrong, missing, too many or in its neighbour's place, in words of Latin letters (layers/search/typos.py). */

/** @param {string} word */
export function canBeMisspelt(word) {
  return /^[a-z]{4,20}$/.test(word);
}

/** Whether a single slip makes one of the other. @param {string} one @param {string} other */
export function isNear(one, other) {
  const [short, long] = one.length > other.length ? [other, one] : [one, other];
  if (long.length - short.length > 1) return false;
  let start = 0;
  while (start < short.length && short[start] === long[start]) start += 1;
  const [a, b] = [short.slice(start), long.slice(start)];
  if (a.length < b.length) return a === b.slice(1);
  return a.slice(1) === b.slice(1) || (a.slice(0, 2) === b[1] + b[0] && a.slice(2) === b.slice(2));
}
