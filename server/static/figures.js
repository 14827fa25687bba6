/** Published figures: of a group or of one item, always with their qualifier, what they count and their source. */

import { h } from "./dom.js";
import { sourceLine } from "./sources.js";
import { number, say, word } from "./words.js";

/** Qualifiers that have a word of their own; another one is printed as its editors wrote it. */
const KNOWN = new Set(["about", "expected", "planned", "at_least"]);

/**
 * The figure as its editors print it; else composed, never without its qualifier.
 * @param {import("./atlas.js").Figure} figure
 */
export function figureText({ text, value, unit, qualifier }) {
  if (text) return say(text);
  const amount = [value === null ? word("figure.unknown") : number(value), unit].filter(Boolean).join(" ");
  if (!qualifier || qualifier === "exact") return amount;
  return KNOWN.has(qualifier) ? word(`figure.${qualifier}`, { amount }) : `${qualifier} ${amount}`;
}

/**
 * One figure with its label and source; of a joint one, how many it belongs to and that no single one is published.
 * @param {import("./atlas.js").Layer} layer
 * @param {import("./atlas.js").Figure} figure
 */
export function figureNote(layer, figure) {
  const source = layer.sources.find((one) => one.id === figure.source);
  const joint = figure.members.length > 1 && figure.value !== figure.members.length;
  return h(
    "div",
    { class: "figure-note" },
    h("b", {}, figureText(figure)),
    h("p", {}, say(figure.label)),
    joint && h("p", { class: "quiet" }, word("figure.joint", { count: figure.members.length })),
    source && h("ul", { class: "sources" }, sourceLine(source)),
  );
}

/**
 * The figures that name an item, its own and those of its groups.
 * @param {import("./atlas.js").Item} item
 */
export function figuresOf(item) {
  const figures = item.layer.figures.filter((figure) => figure.members.includes(item.id));
  if (!figures.length) return null;
  return h("section", { class: "figures" }, h("h3", {}, word("detail.figures")), ...figures.map((figure) => figureNote(item.layer, figure)));
}
