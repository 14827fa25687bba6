/** The line under the map that answers how many and how much, always true to what is asked. */

import { counts } from "./areashape.js";
import { h } from "./dom.js";
import { figureText } from "./figures.js";
import { lang, number, say, word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Layer} Layer
 * @typedef {import("./atlas.js").Figure} Figure
 */

/** How long the line stands before it is read out, in milliseconds. */
const PAUSE = 500;

export class Totals {
  /**
   * @param {HTMLElement} element
   * @param {import("./state.js").State} state
   * @param {{note: string, openLayer: (layer: Layer) => void, openArea: () => void}} page note: what the collection is not
   */
  constructor(element, state, { note, openLayer, openArea }) {
    this.state = state;
    this.note = note;
    this.openLayer = openLayer;
    this.openArea = openArea;
    this.line = h("p", {});
    // Heard when it stands still, without its buttons.
    this.heard = h("div", { class: "is-heard-only", role: "status" });
    this.tools = h("div", { class: "totals-tools" });
    element.setAttribute("aria-label", word("totals.label"));
    element.replaceChildren(this.line, this.heard, this.tools);
    state.follow((_, changed) => {
      if (["layers", "conditions", "answer"].some((key) => changed.has(key))) this.draw();
    });
    this.draw();
  }

  draw() {
    const shown = this.state.shown();
    const all = this.state.atlas.sites.length;
    const count = number(shown.length);
    const parts = [
      h("b", {}, this.state.isNarrowed() ? word("totals.chosen", { count, all: number(all) }) : word(this.note ? "totals.shown_note" : "totals.shown", { count, all: number(all), note: this.note })),
      ...(this.state.choice.area && this.state.choice.answer ? [this.certainty()] : []),
      ...jointFigures(this.state.atlas, new Set(shown), this.openLayer),
    ];
    window.clearTimeout(this.saying);
    this.saying = window.setTimeout(() => (this.heard.textContent = parts.map((part) => part.textContent).join(lang === "zh" ? "，" : ", ")), PAUSE);
    this.line.replaceChildren(...parts.flatMap((part, index) => (index ? [h("span", { class: "dot", "aria-hidden": "true" }, " · "), part] : [part])));
  }

  /** How sure it is that they are in the area. */
  certainty() {
    const { certain, possible } = counts(this.state);
    return h("button", { class: "link", type: "button", onclick: this.openArea }, word("area.counts", { certain: number(certain), possible: number(possible) }));
  }
}

/**
 * Of each layer what was published for several items together: whole, or not known for a part of them.
 * @param {import("./atlas.js").Atlas} atlas
 * @param {Set<import("./atlas.js").Item>} shown
 * @param {(layer: Layer) => void} openLayer
 */
export function jointFigures(atlas, shown, openLayer) {
  return atlas.layers.flatMap((layer) => layer.figures.filter(isJoint).flatMap((figure) => {
    const text = jointText(atlas, layer, figure, shown);
    return text ? [h("button", { class: "link", type: "button", onclick: () => openLayer(layer) }, text)] : [];
  }));
}

/** @param {import("./atlas.js").Atlas} atlas @param {Layer} layer @param {Figure} figure @param {Set<import("./atlas.js").Item>} shown */
function jointText(atlas, layer, figure, shown) {
  const known = figure.members.flatMap((id) => atlas.byKey.get(`${layer.id}/${id}`) ?? []);
  const members = known.filter((item) => shown.has(item)).length;
  if (!members) return null;
  const label = figureName(figure);
  const count = number(figure.members.length);
  return members === figure.members.length ? word("totals.joint", { label, amount: figureText(figure), count }) : word("totals.part", { label, count: number(members), all: count });
}

/** Its label without what it says in brackets at its end. @param {Figure} figure */
export function figureName(figure) {
  return say(figure.label).replace(/[（(][^（()）]*[)）]$/, "").trim();
}

/** Whether it belongs to several together, and is no count of them. @param {Figure} figure */
export function isJoint({ members, value }) {
  return members.length > 1 && value !== members.length;
}
