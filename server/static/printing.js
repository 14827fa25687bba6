/** The page on paper (A4, landscape): the map takes its size there before it is drawn, the legend beside it, no buttons. */

import { byId, h } from "./dom.js";
import { date, word } from "./words.js";

/**
 * @param {import("./frame.js").Frame} frame
 * @param {import("./chips.js").Chips} chips
 */
export function printing(frame, chips) {
  const made = h("p", { id: "printed" });
  byId("strip").append(made);
  const turn = (/** @type {boolean} */ on) => {
    document.body.classList.toggle("is-printing", on);
    if (on) {
      const asked = chips.chips().map(({ label, text }) => [label, text].filter(Boolean).join(" "));
      made.replaceChildren(...[word("print.made", { date: date(new Date().toISOString().slice(0, 10)) }), ...asked].map((line) => h("span", {}, line)));
    }
    frame.resized();
  };
  window.addEventListener("beforeprint", () => turn(true));
  window.addEventListener("afterprint", () => turn(false));
}
