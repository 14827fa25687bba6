/** The tab that compares districts: a column for each, a row for each thing that is known of them. */

import { bar } from "./bars.js";
import { compare } from "./compare.js";
import { comparable, compared, FEWEST, MOST } from "./compared.js";
import { countText } from "./celltext.js";
import { sentence } from "./answerline.js";
import { toClipboard } from "./copy.js";
import { h } from "./dom.js";
import { tsv } from "./spreadsheet.js";
import { number, word } from "./words.js";

/**
 * @typedef {import("./compare.js").Comparison} Comparison
 * @typedef {import("./compare.js").Line} Line
 * @typedef {import("./atlas.js").Item} Item
 */

export class CompareTab {
  /** @param {import("./state.js").State} state */
  constructor(state) {
    this.id = "compare";
    this.title = word("compare.title");
    this.state = state;
    /** @type {Comparison | null} what is in the table, while it is open */
    this.shown = null;
    this.answer = h("p", { class: "stats-answer", role: "status" });
    this.said = h("span", { class: "quiet", role: "status" });
    this.body = h("div", { class: "stats-scroll", tabindex: "0", role: "region", "aria-label": this.title });
    /** @type {Map<Item, HTMLInputElement>} */
    this.boxes = new Map(comparable(state.atlas).map((area) => [area, h("input", { type: "checkbox", onchange: () => this.choose() })]));
    state.follow((_, changed) => {
      if (this.shown && ["layers", "conditions", "answer", "compare"].some((key) => changed.has(key))) this.draw();
    });
  }

  /** @param {HTMLElement} body */
  open(body) {
    if (this.boxes.size < FEWEST) return body.append(h("p", { class: "stats-answer" }, word("compare.too_few")));
    const choices = h("fieldset", { class: "compare-areas" }, h("legend", { class: "quiet" }, word("compare.which", { most: MOST })), ...[...this.boxes].map(([area, box]) => h("label", {}, box, h("span", {}, area.name))));
    const tools = h("div", { class: "stats-tools" }, choices, h("button", { class: "plain", type: "button", onclick: () => this.copy() }, word("copy.do")), this.said);
    body.append(h("div", { class: "stats" }, this.answer, tools, this.body));
    this.draw();
  }

  close() {
    this.shown = null;
  }

  choose() {
    const chosen = [...this.boxes].filter(([, box]) => box.checked).map(([area]) => area.key);
    this.state.set({ compare: chosen.join(",") });
  }

  draw() {
    const areas = compared(this.state);
    const full = areas.length >= MOST;
    for (const [area, box] of this.boxes) {
      box.checked = areas.includes(area);
      // Two are the fewest, four the most: what would leave that is not to be ticked.
      box.disabled = box.checked ? areas.length <= FEWEST : full;
    }
    this.shown = compare(this.state, areas);
    this.said.textContent = "";
    this.answer.textContent = answer(this.shown);
    this.body.replaceChildren(table(this.shown));
  }

  async copy() {
    if (!this.shown) return;
    const { areas, parts } = this.shown;
    const cells = parts.flatMap(({ lines }) => lines.map(({ label, entries }) => [label, ...entries.map(({ text, beside }) => [text, beside].filter(Boolean).join(" "))]));
    const done = await toClipboard(tsv([["", ...areas.map((area) => area.name)], ...cells, [answer(this.shown)]]));
    this.said.textContent = word(done ? "stats.copied" : "stats.not_copied");
  }
}

/** Each district; and once what stands in no column. @param {Comparison} comparison */
function answer({ areas, items, several, unknown }) {
  const parts = [several && word("compare.several", { count: number(several) }), unknown && word("compare.unknown", { count: number(unknown) })];
  const rest = several || unknown ? word("compare.in_none", { rest: parts.filter(Boolean).join(word("stats.comma")) }) : "";
  const named = areas.map((area, index) => {
    const inferred = items[index].filter((item) => item.inferred).length;
    return countText(area.name, { count: items[index].length - inferred, inferred, sum: null, known: 0 });
  });
  return sentence([named.join(word("stats.comma")), rest]);
}

/** @param {Comparison} comparison */
function table({ areas, parts }) {
  const bodies = parts.map(({ title, lines }) => h("tbody", {}, h("tr", { class: "compare-part" }, h("th", { scope: "rowgroup", colspan: areas.length + 1 }, h("span", {}, title))), ...lines.map(row)));
  return h("table", { class: "stats-table compare-table" }, h("thead", {}, h("tr", {}, h("td", {}), ...areas.map((area) => h("th", { scope: "col" }, area.name)))), ...bodies);
}

/** @param {Line} line */
function row({ label, entries, hasBars }) {
  const most = hasBars ? Math.max(...entries.map(({ size, inferred }) => size + inferred)) : 0;
  return h("tr", {}, h("th", { scope: "row" }, label), ...entries.map(({ text, beside, size, inferred }) => h("td", {}, h("div", { class: "compare-cell" }, h("span", {}, text), beside && h("span", { class: "quiet" }, beside), most > 0 && bar(size, inferred, most)))));
}
