/** Whether others can open what is given to them here. */

import { h } from "./dom.js";
import { lang, word } from "./words.js";

/**
 * Says so where others cannot open it, as the server knows.
 * @param {string} base
 * @param {(reach: string) => string} [inWords]
 */
export function reachWarning(base, inWords = (reach) => word(`connect.reach_${reach}`)) {
  const said = h("p", { class: "connect-reach", hidden: true });
  const ask = async () => {
    const answer = await fetch(`${base}connect/map.json?lang=${lang}`);
    if (!answer.ok) return;
    const { reach } = await answer.json();
    said.hidden = reach === "everybody";
    if (reach !== "everybody") said.textContent = inWords(reach);
  };
  // Without an answer nothing is known, and nothing said.
  ask().catch(() => undefined);
  return said;
}
