/** A field asked by its values: each with how many items it would give, to be ticked; any of those ticked will do. */

import { asksNothing, conditionText } from "./conditions.js";
import { h } from "./dom.js";
import { valueText } from "./fields.js";
import { number, say, word } from "./words.js";

/**
 * @typedef {import("./conditions.js").Value} Value
 * @typedef {{row: HTMLElement, box: HTMLInputElement, count: HTMLElement, inferred: HTMLElement, bar: HTMLElement}} Row
 */

/** So many values are shown before the reader asks for more. */
const FIRST = 6;

export class Facet {
  /**
   * @param {import("./askable.js").AskableValues} asked
   * @param {import("./state.js").State} state
   */
  constructor(asked, state) {
    this.asked = asked;
    this.state = state;
    this.whole = false;
    /** @type {Map<Value | null, Row>} null is what is not known */
    this.rows = new Map();
    this.list = h("ul", { "aria-label": say(asked.field.label) });
    this.more = h("button", { class: "link facet-more", type: "button", onclick: () => this.unfold() });
    this.body = h("div", { class: "facet-body" }, this.list, this.more);
  }

  /** @returns {import("./conditions.js").ValuesCondition} */
  get condition() {
    const condition = this.state.condition(this.asked.field.name);
    return condition?.kind === "values" ? condition : { kind: "values", field: this.asked.field.name, values: [], unknown: false };
  }

  /** The values that the field has or is asked for, in an order that stays, then what is not known. */
  get order() {
    const { values, unknown } = this.condition;
    const extra = values.filter((value) => !this.asked.values.includes(value));
    return [...this.asked.values, ...extra, ...(this.asked.unknown || unknown ? [null] : [])];
  }

  /** Shows the counts; whether there is anything to be shown. @param {import("./tally.js").Tally} tally */
  update(tally) {
    const { values, unknown } = this.condition;
    const isTicked = (/** @type {Value | null} */ value) => (value === null ? unknown : values.includes(value));
    const countOf = (/** @type {Value | null} */ value) => (value === null ? tally.unknown : (tally.counts.get(value) ?? 0));
    const given = this.order.filter((value) => countOf(value) > 0 || isTicked(value));
    const known = given.filter((value) => value !== null);
    const folded = known.length > FIRST + 1 ? known.filter((value, index) => index >= FIRST && !isTicked(value)) : [];
    const most = Math.max(...given.map(countOf), 1);
    const shown = this.whole ? given : given.filter((value) => value === null || !folded.includes(value));
    for (const value of shown) {
      const row = this.rows.get(value) ?? this.row(value);
      const count = countOf(value);
      const inferred = value === null ? 0 : (tally.inferred.get(value) ?? 0);
      row.box.checked = isTicked(value);
      row.count.textContent = number(count);
      row.inferred.textContent = inferred ? word("filter.inferred", { count: number(inferred) }) : "";
      row.row.classList.toggle("is-none", count === 0);
      row.bar.style.width = `${(100 * count) / most}%`;
    }
    keepRows(this.list, shown.flatMap((value) => this.rows.get(value)?.row ?? []));
    this.more.hidden = folded.length === 0;
    this.more.textContent = this.whole ? word("filter.less") : word("filter.more", { count: number(folded.length) });
    this.more.setAttribute("aria-expanded", String(this.whole));
    this.tally = tally;
    return given.length > 0;
  }

  /** @param {Value | null} value @returns {Row} */
  row(value) {
    const box = h("input", { type: "checkbox", onchange: () => this.ask(value, box.checked) });
    const [count, inferred, bar] = [h("span", { class: "count" }), h("span", { class: "facet-inferred" }), h("span", { class: "facet-bar", "aria-hidden": "true" })];
    const text = value === null ? word("filter.unknown") : valueText(this.asked.field, value);
    const row = h("li", { class: value === null ? "facet-value is-unknown" : "facet-value", "data-value": value === null ? null : String(value) }, h("label", {}, box, h("span", { class: "facet-text" }, text), inferred, count), bar);
    const made = { row, box, count, inferred, bar };
    this.rows.set(value, made);
    return made;
  }

  /** @param {Value | null} value @param {boolean} on */
  ask(value, on) {
    const { field, values, unknown } = this.condition;
    const asked = this.order.filter((one) => one !== null && (one === value ? on : values.includes(one)));
    /** @type {import("./conditions.js").ValuesCondition} */
    const condition = { kind: "values", field, values: /** @type {Value[]} */ (asked), unknown: value === null ? on : unknown };
    this.state.ask(field, asksNothing(condition) ? null : condition);
  }

  unfold() {
    this.whole = !this.whole;
    if (this.tally) this.update(this.tally);
  }

  /** What is asked of the field, in words. */
  get chosen() {
    return conditionText(this.condition, this.asked.field);
  }
}

/** Leaves in a list the given rows, in their order; what stays is not moved, so that focus stays too. @param {HTMLElement} list @param {HTMLElement[]} rows */
function keepRows(list, rows) {
  const kept = new Set(rows);
  for (const row of [...list.children]) if (!kept.has(/** @type {HTMLElement} */ (row))) row.remove();
  rows.forEach((row, index) => list.children[index] !== row && list.insertBefore(row, list.children[index] ?? null));
}
