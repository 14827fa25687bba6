/** The quiet line of figures above the map; each opens the layer and figure it comes from. */

import { h } from "./dom.js";
import { figureNote } from "./side.js";
import { say, word } from "./words.js";

/**
 * @param {HTMLElement} element
 * @param {{layer: string, text: {zh: string, en: string}, figure: string | null}[]} entries
 * @param {import("./atlas.js").Atlas} atlas
 * @param {(layer: import("./atlas.js").Layer, note: Node | null, members: string[] | null) => void} open
 */
export function headline(element, entries, atlas, open) {
  element.setAttribute("aria-label", word("headline.label"));
  element.hidden = entries.length === 0;
  element.replaceChildren(
    ...entries.map((entry) => {
      const layer = atlas.layer(entry.layer);
      if (!layer) return h("span", {}, say(entry.text));
      const figure = layer.figures.find((one) => one.id === entry.figure);
      return h("button", { type: "button", onclick: () => open(layer, figureNote(layer, figure), figure?.members ?? null) }, say(entry.text));
    }),
  );
}
