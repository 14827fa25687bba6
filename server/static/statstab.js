/** The tab of statistics under the map: what is shown, counted or added up by the values of one or two fields. */

import { Refused } from "./answer.js";
import { answerLine } from "./answerline.js";
import { chosen, groupings, sitesOn, sums } from "./countable.js";
import { toClipboard } from "./copy.js";
import { h } from "./dom.js";
import { csv, save, tsv } from "./spreadsheet.js";
import { ASKED } from "./stats.js";
import { statsRows, statsTable } from "./statstable.js";
import { tabulate } from "./tabulate.js";
import { jointFigures } from "./totals.js";
import { joined, lang, number, say, word } from "./words.js";

/**
 * @typedef {import("./statstable.js").Shown} Shown
 * @typedef {{statistics: import("./stats.js").Statistics, shade: {choice: HTMLElement, why: HTMLElement}, openLayer: (layer: import("./atlas.js").Layer) => void}} Around
 *   shade: the choice to colour the map by the same numbers, or why there is none
 */

export class StatsTab {
  /** @param {import("./state.js").State} state @param {Around} around */
  constructor(state, around) {
    this.id = "stats";
    this.title = word("stats.title");
    this.state = state;
    this.around = around;
    this.turn = 0;
    /** @type {Shown | null} what is in the table */
    this.shown = null;
    this.group = this.select("stats.group", () => this.choose());
    this.second = this.select("stats.then_by", () => this.choose());
    this.measure = this.select("stats.measure", () => state.set({ sum: this.measure.value || null }));
    this.said = h("span", { class: "quiet", role: "status" });
    this.answer = h("p", { class: "stats-answer", role: "status" });
    this.notes = h("span");
    this.body = h("div", { class: "stats-body" });
    this.isOpen = false;
    state.follow((_, changed) => {
      if (this.isOpen && [...ASKED, "answer", "group", "sum"].some((key) => changed.has(key))) this.draw();
    });
  }

  /** @param {string} label @param {() => void} onchange */
  select(label, onchange) {
    return h("select", { "aria-label": word(label), onchange });
  }

  /** @param {HTMLElement} body */
  open(body) {
    this.isOpen = true;
    const labelled = (/** @type {string} */ key, /** @type {HTMLElement} */ control) => h("label", {}, h("span", { class: "quiet" }, word(key)), control);
    const tools = h(
      "div",
      { class: "stats-tools" },
      labelled("stats.group", this.group),
      labelled("stats.then_by", this.second),
      labelled("stats.measure", this.measure),
      this.around.shade.choice,
      h("button", { class: "plain", type: "button", onclick: () => this.copy() }, word("copy.do")),
      h("button", { class: "plain", type: "button", onclick: () => this.shown && save(word("stats.file"), csv(statsRows(this.shown))) }, word("stats.csv")),
      this.said,
    );
    body.append(h("div", { class: "stats" }, this.answer, tools, h("p", { class: "stats-notes quiet" }, this.notes, " ", this.around.shade.why), this.body));
    this.draw();
  }

  close() {
    this.isOpen = false;
    this.turn += 1;
    this.shown = null;
  }

  choose() {
    const second = this.second.value === this.group.value ? "" : this.second.value;
    this.state.set({ group: [this.group.value, second].filter(Boolean).join(",") });
  }

  async draw() {
    const turn = (this.turn += 1);
    const { atlas, choice } = this.state;
    const all = groupings(atlas, choice.layers);
    const numbers = sums(atlas, choice.layers);
    const by = chosen(choice.group, all);
    const field = numbers.find((one) => one.name === choice.sum) ?? null;
    this.offer(all, by, numbers, field);
    this.said.textContent = "";
    const asked = by.length ? this.around.statistics.ask(by.map((one) => one.name), field?.name ?? null) : null;
    if (!asked) return this.fail(word(sitesOn(atlas, choice.layers).length ? "stats.nothing_to_count_by" : "stats.no_layers"));
    this.body.setAttribute("aria-busy", "true");
    try {
      const stats = await asked;
      if (turn !== this.turn) return;
      const heads = by.map((one) => groupingText(one));
      const measure = { field, label: field ? say(field.label) : word("stats.count") };
      this.show(stats, { table: tabulate(stats, by, field?.name ?? null), by, heads, measure });
    } catch (error) {
      if (turn !== this.turn) return;
      this.fail(error instanceof Refused ? error.message : word("status.unanswered"), !(error instanceof Refused));
    }
  }

  /**
   * @param {import("./countable.js").Grouping[]} all
   * @param {import("./countable.js").Grouping[]} by
   * @param {import("./atlas.js").Field[]} numbers
   * @param {import("./atlas.js").Field | null} field
   */
  offer(all, by, numbers, field) {
    const option = (/** @type {import("./countable.js").Grouping} */ one) => h("option", { value: one.name }, groupingText(one));
    fill(this.group, all.map(option), by[0]?.name ?? "");
    fill(this.second, [h("option", { value: "" }, word("stats.no_second")), ...all.filter((one) => one !== by[0]).map(option)], by[1]?.name ?? "");
    fill(this.measure, [h("option", { value: "" }, word("stats.count")), ...numbers.map((one) => h("option", { value: one.name }, word("stats.known_sum", { field: say(one.label) })))], field?.name ?? "");
  }

  /** @param {import("./stats.js").Stats} stats @param {Shown} shown */
  show(stats, shown) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.row;
    this.shown = shown;
    this.answer.textContent = answerLine(shown.table, shown.measure, shown.by[0].isDistrict);
    this.body.removeAttribute("aria-busy");
    this.notes.textContent = this.noted(stats, shown).join(lang === "zh" ? "" : " ");
    this.body.replaceChildren(h("div", { class: "stats-scroll", tabindex: "0", role: "region", "aria-label": this.title }, statsTable(shown, (condition) => this.state.ask(condition.field, condition))), this.figures());
    if (!focused) return;
    const again = /** @type {HTMLElement | null} */ (this.body.querySelector(`[data-row="${CSS.escape(focused)}"]`));
    (again ?? this.group).focus({ preventScroll: true });
  }

  /** What has to be known to read the table. @param {import("./stats.js").Stats} stats @param {Shown} shown */
  noted(stats, { table, by }) {
    if (!stats.matched) return [];
    const lacking = sitesOn(this.state.atlas, this.state.choice.layers).filter((layer) => !layer.schema.fields.some((field) => field.name === by[0].field.name));
    const unknown = stats.groups.filter((group) => group.values[by[0].name] === null);
    const without = (/** @type {import("./atlas.js").Layer} */ { id }) => unknown.reduce((sum, group) => sum + (group.layers[id] ?? 0), 0);
    const holding = lacking.filter(without);
    return [
      ...(table.isRankable ? [] : [word(by[0].isDistrict ? "stats.not_rankable_district" : "stats.not_rankable")]),
      ...(table.overlaps ? [word("stats.overlaps")] : []),
      ...(holding.length ? [word("stats.lacking", { count: number(holding.reduce((sum, layer) => sum + without(layer), 0)), layers: joined(holding.map((layer) => say(layer.title))) })] : []),
    ];
  }

  figures() {
    const figures = jointFigures(this.state.atlas, new Set(this.state.shown()), this.around.openLayer);
    return figures.length > 0 ? h("ul", { class: "stats-figures" }, ...figures.map((figure) => h("li", {}, figure))) : "";
  }

  /** @param {string} text @param {boolean} [again] */
  fail(text, again = false) {
    this.shown = null;
    this.answer.textContent = text;
    this.notes.textContent = "";
    this.body.removeAttribute("aria-busy");
    this.body.replaceChildren(again ? h("button", { class: "plain", type: "button", onclick: () => this.draw() }, word("status.retry")) : "");
  }

  async copy() {
    if (!this.shown) return;
    const done = await toClipboard(tsv(statsRows(this.shown)));
    this.said.textContent = word(done ? "stats.copied" : "stats.not_copied");
  }
}

/** What a grouping is called. @param {import("./countable.js").Grouping} grouping */
function groupingText({ field, unit, isDistrict }) {
  if (isDistrict) return word("stats.by_district");
  return unit ? word(`stats.by_${unit}`, { field: say(field.label) }) : say(field.label);
}

/** @param {HTMLSelectElement} select @param {HTMLOptionElement[]} options @param {string} value */
function fill(select, options, value) {
  select.replaceChildren(...options);
  select.value = value;
}
