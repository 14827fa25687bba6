/** JSON whose whole numbers stay exact, also beyond what a double holds. */

/** @param {string} text */
export function parseExact(text) {
  return JSON.parse(text, exact);
}

/**
 * A whole number larger than a double can hold stays exact, where the browser tells how it was written.
 * @param {string} _name
 * @param {unknown} value
 * @param {{source?: string}} [written]
 */
function exact(_name, value, written) {
  const large = typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return large && written?.source && /^-?\d+$/.test(written.source) ? BigInt(written.source) : value;
}
