/** A bar beside a number that says the same: what is inferred is hatched at its end. */

import { h } from "./dom.js";

/**
 * @param {number} known
 * @param {number} inferred
 * @param {number} most what fills the whole width
 */
export function bar(known, inferred, most) {
  const part = (/** @type {number} */ value, /** @type {string} */ kind) => {
    const element = h("i", { class: kind });
    element.style.width = `${((value / most) * 100).toFixed(2)}%`;
    return element;
  };
  const parts = most > 0 ? [known > 0 && part(known, "bar-known"), inferred > 0 && part(inferred, "bar-inferred")] : [];
  return h("span", { class: "bar", "aria-hidden": "true" }, ...parts);
}
