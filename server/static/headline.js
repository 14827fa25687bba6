/** The quiet line of figures above the map; each opens the layer with the figures and the source it comes from. */

import { sourceLine } from "./sources.js";
import { h } from "./dom.js";
import { figureNote } from "./figures.js";
import { say, word } from "./words.js";

/**
 * @typedef {{layer: string, text: {zh: string, en: string}, figures: string[], source: string | null}} Entry
 */

/**
 * @param {HTMLElement} element
 * @param {{headline?: Entry[], sources?: import("./atlas.js").Source[]}} zone
 * @param {import("./atlas.js").Atlas} atlas
 * @param {(layer: import("./atlas.js").Layer, notes: Node[], members: string[]) => void} open
 */
export function headline(element, zone, atlas, open) {
  const entries = zone.headline ?? [];
  element.setAttribute("aria-label", word("headline.label"));
  element.hidden = entries.length === 0;
  element.replaceChildren(
    ...entries.map((entry) => {
      const layer = atlas.layer(entry.layer);
      if (!layer) return h("span", {}, say(entry.text));
      const figures = entry.figures.flatMap((id) => layer.figures.find((figure) => figure.id === id) ?? []);
      const show = () => open(layer, notes(layer, figures, entry, zone), figures.flatMap((figure) => figure.members));
      return h("button", { type: "button", onclick: show }, say(entry.text));
    }),
  );
}

/**
 * The figures; and the line's own source where no figure brings it.
 * @param {import("./atlas.js").Layer} layer
 * @param {import("./atlas.js").Figure[]} figures
 * @param {Entry} entry
 * @param {{sources?: import("./atlas.js").Source[]}} zone
 */
function notes(layer, figures, entry, zone) {
  const shown = figures.map((figure) => figureNote(layer, figure));
  if (figures.some((figure) => figure.source === entry.source)) return shown;
  const source = [...(zone.sources ?? []), ...layer.sources].find((one) => one.id === entry.source);
  return source ? [...shown, h("ul", { class: "sources" }, sourceLine(source))] : shown;
}
