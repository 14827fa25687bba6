/** A field asked by a range: how its values are spread, two handles over it, and both ends to be typed. */

import { binCounts, timeStep } from "./bins.js";
import { asksNothing, conditionText, numeric } from "./conditions.js";
import { h, svg } from "./dom.js";
import { Scale } from "./scale.js";
import { Timeline } from "./timeline.js";
import { number, say, word } from "./words.js";

/** @typedef {import("./conditions.js").RangeCondition} RangeCondition */

const HEIGHT = 40;

/** So that a few beside many are seen. */
const LEAST_HEIGHT = 2;

export class Range {
  /**
   * @param {import("./askable.js").AskableRange} asked
   * @param {import("./state.js").State} state
   */
  constructor(asked, state) {
    this.asked = asked;
    this.state = state;
    this.scale = new Scale(asked);
    /** @type {number[]} what is known, under all that is asked but of this field */
    this.values = [];
    this.notKnown = 0;
    this.bars = this.scale.edges.slice(1).map((_, index) => svg("rect", { x: index + 0.06, width: 0.88 }));
    this.handles = [false, true].map((isUpper) => this.handle(isUpper));
    this.inputs = ["filter.from", "filter.to"].map((key) => this.input(key));
    this.track = h("span", { class: "range-track" });
    this.said = h("p", { class: "range-said" });
    this.unknown = h("input", { type: "checkbox", onchange: () => this.ask({ unknown: this.unknown.checked }) });
    this.unknownText = h("span");
    this.unknownRow = h("label", { class: "range-unknown" }, this.unknown, this.unknownText);
    this.timeline = this.scale.isTime ? this.makeTimeline() : null;
    this.body = this.build();
  }

  build() {
    const { bars, scale, inputs } = this;
    return h(
      "div",
      { class: "range-body" },
      svg("svg", { class: "range-chart", viewBox: `0 0 ${bars.length} ${HEIGHT}`, preserveAspectRatio: "none", height: HEIGHT, "aria-hidden": "true" }, ...bars),
      h("div", { class: "range-handles" }, this.track, ...this.handles),
      h("p", { class: "range-ends", "aria-hidden": "true" }, h("span", {}, scale.text(0, false)), h("span", {}, scale.text(scale.last, true))),
      this.said,
      h("div", { class: "range-inputs" }, ...inputs.map((input) => h("label", {}, h("span", {}, input.title), input))),
      this.timeline?.body,
      this.unknownRow,
    );
  }

  /** @param {boolean} isUpper */
  handle(isUpper) {
    const name = word(isUpper ? "filter.greatest" : "filter.least", { name: say(this.asked.field.label) });
    return h("input", { type: "range", min: 0, max: this.scale.last, step: 1, "aria-label": name, oninput: () => this.drag(isUpper), onchange: () => this.commit(this.dragged(isUpper)) });
  }

  /** @param {string} key */
  input(key) {
    const type = this.scale.isTime ? { type: "date", max: "9999-12-31" } : { type: "number", step: "any" };
    return h("input", { ...type, title: word(key), "aria-label": `${say(this.asked.field.label)} ${word(key)}`, onchange: () => this.typed() });
  }

  makeTimeline() {
    const { least, greatest } = this.asked;
    const show = (/** @type {number} */ from, /** @type {number} */ to) => this.ask({ least: this.scale.value(from, false), greatest: this.scale.value(to, true), unknown: false });
    return new Timeline(this.state, this.asked.field, timeStep(least, greatest), show);
  }

  /** @returns {RangeCondition} */
  get condition() {
    const condition = this.state.condition(this.asked.field.name);
    return condition?.kind === "range" ? condition : { kind: "range", field: this.asked.field.name, least: null, greatest: null, unknown: false };
  }

  /** Shows the counts; whether there is anything to be shown. @param {import("./tally.js").Tally} tally */
  update({ values, unknown }) {
    this.values = values;
    this.notKnown = unknown;
    const { condition } = this;
    const counts = binCounts(this.scale.edges, values);
    const most = Math.max(...counts, 1);
    this.bars.forEach((bar, index) => {
      const height = counts[index] ? Math.max(LEAST_HEIGHT, (HEIGHT * counts[index]) / most) : 0;
      bar.setAttribute("height", String(height));
      bar.setAttribute("y", String(HEIGHT - height));
    });
    const ends = [condition.least, condition.greatest];
    const places = this.scale.handles(condition);
    this.handles.forEach((handle, side) => (handle.value = String(places[side])));
    this.inputs.forEach((input, side) => (input.value = inputText(ends[side])));
    this.unknown.checked = condition.unknown;
    this.unknownRow.hidden = unknown === 0 && !condition.unknown;
    this.unknownText.textContent = word(ends.every((end) => end === null) ? "filter.unknown_only" : "filter.unknown_too", { count: number(unknown) });
    this.timeline?.update(values);
    this.tell(condition);
    return values.length + unknown > 0 || !asksNothing(condition);
  }

  /** The range and what it gives, in words and in the chart. @param {RangeCondition} condition */
  tell(condition) {
    const { least, greatest, unknown } = condition;
    const isOpen = least === null && greatest === null;
    const from = least === null ? -Infinity : numeric(least);
    const to = greatest === null ? Infinity : numeric(greatest);
    const known = isOpen && unknown ? 0 : this.values.filter((value) => value >= from && value <= to).length;
    const count = number(known + (unknown ? this.notKnown : 0));
    this.said.textContent = isOpen && !unknown ? word("filter.known", { count }) : word("filter.gives", { asked: conditionText(condition, this.asked.field), count });
    const [low, high] = this.handles.map((handle) => Number(handle.value));
    this.handles.forEach((handle, side) => handle.setAttribute("aria-valuetext", this.scale.text(side ? high : low, side === 1)));
    this.bars.forEach((bar, index) => bar.classList.toggle("is-in", !(isOpen && unknown) && this.scale.isIn(index, condition)));
    this.track.style.setProperty("--low", String(low / this.scale.last));
    this.track.style.setProperty("--high", String(high / this.scale.last));
  }

  /** A handle stops short of the other one; what it would give is said as it moves. @param {boolean} isUpper */
  drag(isUpper) {
    const [low, high] = this.handles.map((handle) => Number(handle.value));
    if (low >= high) this.handles[Number(isUpper)].value = String(isUpper ? low + 1 : high - 1);
    this.tell(this.dragged(isUpper));
  }

  /** The range with the end that a handle has been moved to. @param {boolean} isUpper @returns {RangeCondition} */
  dragged(isUpper) {
    const end = this.scale.end(Number(this.handles[Number(isUpper)].value), isUpper);
    return { ...this.condition, [isUpper ? "greatest" : "least"]: end };
  }

  typed() {
    for (const input of this.inputs) input.setCustomValidity("");
    const [least, greatest] = this.inputs.map(({ value }, side) => (value === "" ? null : this.scale.isTime ? this.scale.dayEnd(value, side === 1) : Number(value)));
    if (least !== null && greatest !== null && numeric(least) > numeric(greatest)) this.inputs[1].setCustomValidity(word("filter.crossed"));
    if (this.inputs.every((input) => input.reportValidity())) this.ask({ least, greatest });
  }

  /** @param {Partial<RangeCondition>} change */
  ask(change) {
    this.commit({ ...this.condition, ...change });
  }

  /** @param {RangeCondition} condition */
  commit(condition) {
    this.state.ask(this.asked.field.name, asksNothing(condition) ? null : condition);
  }

  /** What is asked of the field, in words. */
  get chosen() {
    return conditionText(this.condition, this.asked.field);
  }

  close() {
    this.timeline?.stop();
  }
}

/** An end as an input holds it; of an instant its day. @param {import("./scale.js").End | null} end */
function inputText(end) {
  if (end === null) return "";
  return typeof end === "string" ? end.slice(0, 10) : String(end);
}
