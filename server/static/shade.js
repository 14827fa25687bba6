/** The districts coloured by the chosen number, where enough is known to compare them; its choice and its legend. */

import { chosen, groupings, sums } from "./countable.js";
import { h } from "./dom.js";
import { ASKED } from "./stats.js";
import { stepEdges, stepOf } from "./steps.js";
import { tabulate } from "./tabulate.js";
import { number, say, word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {{values: Map<Item, number | null>, edges: number[], whole: boolean, title: string}} Shading
 *   values: null where nothing is known
 */

export class Shade {
  /**
   * @param {import("./state.js").State} state
   * @param {import("./stats.js").Statistics} statistics
   */
  constructor(state, statistics) {
    this.state = state;
    this.statistics = statistics;
    this.turn = 0;
    /** @type {(tones: Map<Item, number | null> | null) => void} */
    this.draw = () => {}; // until there is a map
    /** @type {Shading | null} */
    this.shading = null;
    this.box = h("input", { type: "checkbox", onchange: () => this.toggle() });
    this.why = h("span");
    this.choice = h("label", { class: "shade-choice" }, this.box, h("span", {}, word("shade.by_district")));
    this.legend = h("section", { class: "shade-legend" });
    state.follow((_, changed) => {
      if ([...ASKED, "group", "sum", "shade", "drawer"].some((key) => changed.has(key))) this.update();
    });
    this.say(null, "");
  }

  /** Begins to colour the map. @param {(tones: Map<Item, number | null> | null) => void} draw */
  show(draw) {
    this.draw = draw;
    this.update();
  }

  toggle() {
    const { layers } = this.state.choice;
    const areas = this.state.atlas.layers.filter((layer) => layer.role === "areas").map((layer) => layer.id);
    // What is coloured has to be seen.
    this.state.set({ shade: this.box.checked, layers: this.box.checked && areas.some((id) => !layers.has(id)) ? new Set([...layers, ...areas]) : layers });
  }

  async update() {
    const turn = (this.turn += 1);
    const { atlas, choice } = this.state;
    if (!choice.shade && choice.drawer !== "stats") return this.say(null, "");
    const all = groupings(atlas, choice.layers);
    const by = chosen(null, all)[0];
    const field = sums(atlas, choice.layers).find((one) => one.name === choice.sum) ?? null;
    const asked = by?.isDistrict && atlas.areaByDistrict.size ? this.statistics.ask([by.name], field?.name ?? null) : null;
    if (!asked) return this.say(null, "");
    const stats = await asked.catch(() => null);
    if (turn !== this.turn) return;
    const table = stats && tabulate(stats, [by], field?.name ?? null);
    if (!table || !table.isRankable) return this.say(null, table && !chosen(choice.group, all)[0].isDistrict ? word("shade.not_rankable") : ""); // else the table says so
    const values = new Map(table.rows.flatMap(({ kind, value, total }) => {
      const area = kind === "value" ? atlas.areaByDistrict.get(String(value)) : undefined;
      return area ? [/** @type {[Item, number | null]} */ ([area, field ? (total.sum === null ? null : Number(total.sum)) : total.count])] : [];
    }));
    const known = [...values.values()].filter((value) => value !== null);
    const whole = !field || field.type === "integer";
    const title = field ? [say(field.label), field.unit && word("shade.unit", { unit: field.unit })].filter(Boolean).join("") : word("shade.count");
    this.say(known.length ? { values, edges: stepEdges(known, whole), whole, title } : null, "");
  }

  /** @param {Shading | null} shading @param {string} why why there is none */
  say(shading, why) {
    const { shade } = this.state.choice;
    this.shading = shading;
    this.box.checked = shade && shading !== null;
    this.why.textContent = why;
    this.choice.hidden = !shading;
    this.legend.hidden = !shading || !shade;
    this.legend.replaceChildren(...(shading && shade ? legend(shading) : []));
    this.redraw();
  }

  redraw() {
    const { shading } = this;
    this.draw(shading && this.state.choice.shade ? new Map([...shading.values].map(([area, value]) => [area, value === null ? null : tone(stepOf(shading.edges, value), shading.edges)])) : null);
  }
}

/** Of five tones the one for a step: few steps are spread over all of them. @param {number} step @param {number[]} edges */
function tone(step, edges) {
  const steps = edges.length - 1;
  return steps < 2 ? 2 : Math.round((step / (steps - 1)) * 4);
}

/** @param {Shading} shading */
function legend({ values, edges, whole, title }) {
  const lines = edges.slice(1).map((end, step) => ({ tone: String(tone(step, edges)), text: stepText(edges[step], end, whole, step === edges.length - 2) }));
  const unknown = [...values.values()].some((value) => value === null) ? [{ tone: "unknown", text: word("filter.unknown") }] : [];
  return [
    h("h2", {}, word("shade.title", { what: title })),
    h("ul", {}, ...[...lines, ...unknown].map(({ tone: name, text }) => h("li", {}, h("span", { class: "shade-sample", "data-tone": name, "aria-hidden": "true" }), text))),
  ];
}

/** @param {number} begin @param {number} end @param {boolean} whole @param {boolean} isLast */
function stepText(begin, end, whole, isLast) {
  const last = whole && end > begin ? end - 1 : end;
  if (begin === last) return number(begin);
  return whole || isLast ? word("shade.step", { begin: number(begin), end: number(last) }) : word("shade.step_below", { begin: number(begin), end: number(last) });
}
