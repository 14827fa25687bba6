/** The statistics as a table for the eye, and as rows for a spreadsheet. */

import { bar } from "./bars.js";
import { besideText, mainText } from "./celltext.js";
import { h } from "./dom.js";
import { conditionOf, size } from "./tabulate.js";
import { word } from "./words.js";

/**
 * @typedef {import("./tabulate.js").Tabulated} Tabulated
 * @typedef {import("./tabulate.js").Cell} Cell
 * @typedef {import("./tabulate.js").Row} Row
 * @typedef {import("./celltext.js").Measure} Measure
 * @typedef {{table: Tabulated, by: import("./countable.js").Grouping[], heads: string[], measure: Measure}} Shown
 *   heads: what the groupings are called
 */

/** @type {Cell} */
const NONE = { count: 0, inferred: 0, sum: null, known: 0 };

/**
 * @param {Shown} shown
 * @param {(condition: import("./conditions.js").Condition) => void} ask
 */
export function statsTable({ table, by, heads, measure }, ask) {
  const { rows, columns, total } = table;
  const most = scale(table, measure);
  const cells = (/** @type {(key: string) => Cell} */ of, /** @type {Cell} */ all, /** @type {boolean} */ hasBars) => [
    ...columns.map(({ key }) => cell(of(key), measure, hasBars ? most : 0)),
    cell(all, measure, hasBars && !columns.length ? most : 0),
  ];
  const line = (/** @type {Row} */ row) => h("tr", { class: row.kind === "value" ? null : "is-apart" }, h("th", { scope: "row" }, name(row, by[0], ask)), ...cells((key) => row.cells.get(key) ?? NONE, row.total, true));
  const head = [h("th", { scope: "col" }, heads.join(" × ")), ...columns.map(({ label, kind }) => h("th", { scope: "col", class: kind === "value" ? null : "is-apart" }, label)), h("th", { scope: "col" }, columns.length ? word("stats.total") : measure.label)];
  const totals = new Map(columns.map((column) => [column.key, column.total]));
  return h(
    "table",
    { class: columns.length ? "stats-table is-crossed" : "stats-table" },
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...rows.map(line)),
    h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, word("stats.total")), ...cells((key) => totals.get(key) ?? NONE, total, false))),
  );
}

/** @param {Row} row @param {import("./countable.js").Grouping} by @param {(condition: import("./conditions.js").Condition) => void} ask */
function name(row, by, ask) {
  const condition = conditionOf(by, row);
  if (!condition || !(row.total.count + row.total.inferred)) return row.label;
  return h("button", { class: "link", type: "button", "data-row": row.key, title: word("stats.ask", { name: row.label }), onclick: () => ask(condition) }, row.label);
}

/** @param {Cell} of @param {Measure} measure @param {number} most 0 draws no bar */
function cell(of, measure, most) {
  const beside = besideText(of, measure);
  const isEmpty = !(of.count + of.inferred);
  const drawn = most > 0 && (measure.field ? bar(Number(of.sum ?? 0), 0, most) : bar(of.count, of.inferred, most));
  return h("td", { class: isEmpty ? "is-empty" : null }, h("div", { class: "stats-cell" }, drawn, h("b", {}, mainText(of, measure)), beside && h("span", { class: "quiet" }, beside)));
}

/** What the longest bar stands for; 0 where bars would say more than is known, or cannot be drawn. @param {Tabulated} table @param {Measure} measure */
function scale({ rows, columns, isRankable }, measure) {
  if (!isRankable) return 0;
  const name = measure.field?.name ?? null;
  const sizes = rows.flatMap((row) => (columns.length ? [...row.cells.values()] : [row.total])).map((of) => size(of, name));
  return sizes.some((one) => one < 0) ? 0 : Math.max(0, ...sizes);
}

/** The same rows for a spreadsheet: numbers as numbers, what is not known empty. @param {Shown} shown @returns {import("./spreadsheet.js").Rows} */
export function statsRows({ table: { rows, columns, total }, heads, measure }) {
  const named = [...columns.map((column) => ({ ...column, of: (/** @type {Row} */ row) => row.cells.get(column.key) ?? NONE })), { label: columns.length ? word("stats.total") : "", total, of: (/** @type {Row} */ row) => row.total }];
  const head = named.flatMap(({ label }) => parts(measure).map((part) => [label, part].filter(Boolean).join(" · ")));
  return [
    [heads.join(" × "), ...head],
    ...rows.map((row) => [row.label, ...named.flatMap(({ of }) => numbers(of(row), measure))]),
    [word("stats.total"), ...named.flatMap((column) => numbers(column.total, measure))],
  ];
}

/** @param {Measure} measure */
function parts({ field, label }) {
  if (!field) return [label, word("stats.inferred")];
  return [field.unit ? `${label} ${field.unit}` : label, word("stats.known_head"), word("stats.count")];
}

/** @param {Cell} cell @param {Measure} measure */
function numbers({ count, inferred, sum, known }, { field }) {
  return field ? [sum ?? "", known, count + inferred] : [count, inferred];
}
