/** The page on paper (A4, landscape): the map takes its size there before it is drawn, the legend beside it, no buttons. */

import { byId, h, svg } from "./dom.js";
import { date, word } from "./words.js";

/**
 * @param {import("./frame.js").Frame} frame
 * @param {import("./chips.js").Chips} chips
 */
export function printing(frame, chips) {
  const made = h("p", { id: "printed" });
  byId("strip").append(made);
  // North is up wherever one is: meridians of web Mercator are parallel.
  byId("view").append(h("div", { id: "printed-north" }, h("span", {}, word("board.north")), svg("svg", { viewBox: "0 0 18 26", width: 18, height: 26, "aria-hidden": "true" }, svg("path", { d: "M9 0 0 26 9 19Z", class: "is-dark" }), svg("path", { d: "M9 0 18 26 9 19Z" }))));
  const turn = (/** @type {boolean} */ on) => {
    document.body.classList.toggle("is-printing", on);
    if (on) {
      const asked = chips.chips().map(({ label, text }) => [label, text].filter(Boolean).join(" "));
      // The figures in the headline are those of the whole zone.
      document.body.classList.toggle("is-asked", asked.length > 0);
      made.replaceChildren(...[word("print.made", { date: date(new Date().toISOString().slice(0, 10)) }), ...asked].map((line) => h("span", {}, line)));
    }
    frame.resized();
  };
  window.addEventListener("beforeprint", () => turn(true));
  window.addEventListener("afterprint", () => turn(false));
}
