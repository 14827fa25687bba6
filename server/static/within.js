/** The answer to "what is in it": what certainly is, what may be, and what nobody can say; and how near is asked. */

import { areaText, nearOf } from "./area.js";
import { counts } from "./areashape.js";
import { h } from "./dom.js";
import { itemSymbol } from "./symbols.js";
import { distance, number, say, word } from "./words.js";

/** Kilometres that are asked for unless the reader says otherwise. */
const KILOMETRES = 15;
const FARTHEST = 1000;

/** Rows of a group that are listed at once; the list and the table have all. */
const ROWS = 200;

/**
 * @typedef {import("./atlas.js").Item} Item
 */

export class Within {
  /**
   * @param {import("./side.js").Side} side
   * @param {import("./state.js").State} state
   */
  constructor(side, state) {
    this.side = side;
    this.state = state;
    this.element = h("article", { class: "within list" });
    this.only = h("input", { type: "checkbox", onchange: () => this.state.set({ certain: this.only.checked }) });
    state.follow((_, changed) => {
      if (this.element.isConnected && ["answer", "layers", "conditions"].some((key) => changed.has(key))) this.fill();
    });
  }

  open() {
    this.fill();
    this.side.openPanel(word("area.title"), this.element);
  }

  fill() {
    const { area, answer, certain } = this.state.choice;
    if (!area || !answer) return this.element.replaceChildren(h("h2", { tabindex: "-1" }, word("area.title")), h("p", {}, word("area.none")));
    const shown = this.state.shown();
    const sure = shown.filter((item) => answer.match(item)?.certainty === "certain");
    const maybe = shown.filter((item) => answer.match(item)?.certainty === "possible");
    const undecided = this.undecided();
    const found = counts(this.state);
    const isInUse = document.activeElement === this.only;
    this.only.checked = certain;
    this.element.replaceChildren(
      h("h2", { tabindex: "-1" }, areaText(area, answer)),
      h("p", { class: "within-counts" }, h("b", {}, word("area.counts", { certain: number(found.certain), possible: number(found.possible) })), undecided.length > 0 && ` · ${word("area.undecided_count", { count: number(undecided.length) })}`),
      h("p", { class: "quiet" }, word("area.why")),
      h("label", { class: "within-only" }, this.only, word("area.only_certain")),
      ...this.group("certain", sure),
      ...this.group("possible", maybe),
      ...this.group("undecided", undecided),
    );
    if (isInUse) this.only.focus({ preventScroll: true });
  }

  /** Items of the layers shown of which the place is not known well enough to say. */
  undecided() {
    const { answer, layers, conditions } = this.state.choice;
    const items = [...(answer?.layers.values() ?? [])].flatMap((layer) => layer.undecided_ids.flatMap((id) => this.state.atlas.byKey.get(`${layer.id}/${id}`) ?? []));
    return items.filter((item) => item.layer.role === "sites" && layers.has(item.layer.id) && this.state.meetsAll(item, conditions));
  }

  /** @param {"certain" | "possible" | "undecided"} kind @param {Item[]} items */
  group(kind, items) {
    if (!items.length) return [];
    const rows = [...items].sort((one, other) => this.distanceOf(one) - this.distanceOf(other)).slice(0, ROWS);
    return [
      h("h3", { class: "within-kind" }, word(`area.${kind}`), " ", h("span", { class: "count" }, number(items.length))),
      h("ul", { class: "rows", "data-kind": kind }, ...rows.map((item) => this.row(item))),
      ...(items.length > ROWS ? [h("p", { class: "quiet" }, word("area.more", { count: number(items.length - ROWS) }))] : []),
    ];
  }

  /** @param {Item} item */
  distanceOf(item) {
    return this.state.choice.answer?.match(item)?.distance_m ?? Infinity;
  }

  /** @param {Item} item */
  row(item) {
    const match = this.state.choice.answer?.match(item);
    const away = match && match.distance_m !== null ? word("area.away", { distance: distance(match.distance_m) }) : "";
    const about = [away && match?.uncertainty_m ? `${away} ± ${distance(match.uncertainty_m)}` : away, say(item.layer.title)].filter(Boolean).join(" · ");
    return h("li", {}, h("button", { class: "row", type: "button", "data-item": item.key, onclick: () => this.side.openItem(item) }, itemSymbol(item, 16), h("span", { class: "row-name" }, item.name), h("span", { class: "row-about" }, about)));
  }
}

/**
 * Asks what is near an item.
 * @param {Item} item
 * @param {(area: string) => void} ask
 */
export function nearForm(item, ask) {
  const field = h("input", { type: "number", inputmode: "decimal", min: 0.1, max: FARTHEST, step: "any", value: KILOMETRES, required: true, "aria-label": word("area.kilometres") });
  const send = (/** @type {Event} */ event) => {
    event.preventDefault();
    ask(nearOf(item, Math.round(field.valueAsNumber * 1000)));
  };
  return h("form", { class: "near", onsubmit: send }, h("span", {}, word("area.near_before")), field, h("span", {}, word("area.near_after")), h("button", { class: "plain", type: "submit" }, word("area.near_ask")));
}
