/** The line under the map that answers how many and how much, always true to what is asked. */

import { counts } from "./areashape.js";
import { h } from "./dom.js";
import { figureText } from "./figures.js";
import { number, say, word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Layer} Layer
 * @typedef {import("./atlas.js").Figure} Figure
 */

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
    this.line = h("p", { role: "status" });
    this.tools = h("div", { class: "totals-tools" });
    element.setAttribute("aria-label", word("totals.label"));
    element.replaceChildren(this.line, this.tools);
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
      h("b", {}, this.state.isNarrowed() ? word("totals.chosen", { count, all: number(all) }) : word(this.note ? "panel.collected_note" : "panel.collected", { count, note: this.note })),
      ...(this.state.choice.area && this.state.choice.answer ? [this.certainty()] : []),
      ...this.figures(new Set(shown)),
    ];
    this.line.replaceChildren(...parts.flatMap((part, index) => (index ? [h("span", { class: "dot", "aria-hidden": "true" }, " · "), part] : [part])));
  }

  /** How sure it is that they are in the area. */
  certainty() {
    const { certain, possible } = counts(this.state);
    return h("button", { class: "link", type: "button", onclick: this.openArea }, word("area.counts", { certain: number(certain), possible: number(possible) }));
  }

  /** Of each layer shown what was published for several together: whole, or not known for a part of them. @param {Set<import("./atlas.js").Item>} shown */
  figures(shown) {
    return this.state.atlas.layers.flatMap((layer) => layer.figures.filter(isJoint).flatMap((figure) => this.figure(layer, figure, shown) ?? []));
  }

  /** @param {Layer} layer @param {Figure} figure @param {Set<import("./atlas.js").Item>} shown */
  figure(layer, figure, shown) {
    const known = figure.members.flatMap((id) => this.state.atlas.byKey.get(`${layer.id}/${id}`) ?? []);
    const members = known.filter((item) => shown.has(item)).length;
    if (!members) return null;
    const label = say(figure.label).replace(/[（(][^（()）]*[)）]$/, "").trim();
    const count = number(figure.members.length);
    const text = members === figure.members.length ? word("totals.joint", { label, amount: figureText(figure), count }) : word("totals.part", { label, count: number(members), all: count });
    return h("button", { class: "link", type: "button", onclick: () => this.openLayer(layer) }, text);
  }
}

/** Whether it belongs to several together, and is no count of them. @param {Figure} figure */
export function isJoint({ members, value }) {
  return members.length > 1 && value !== members.length;
}
