/** The server's groups as rows and columns: each value of a field in the place that its codes give it. */

import { valueText } from "./fields.js";
import { word } from "./words.js";

/**
 * @typedef {import("./countable.js").Grouping} Grouping
 * @typedef {import("./stats.js").Stats} Stats
 * @typedef {import("./stats.js").Group} Group
 * @typedef {import("./stats.js").One} One
 * @typedef {"value" | "several" | "unknown"} Kind
 * @typedef {{count: number, inferred: number, sum: number | bigint | null, known: number}} Cell
 *   count: those not inferred; sum: of those known, null where none is
 * @typedef {{key: string, kind: Kind, value: One, label: string}} Place a row or a column
 * @typedef {Place & {cells: Map<string, Cell>, total: Cell}} Row
 * @typedef {{rows: Row[], columns: (Place & {total: Cell})[], total: Cell, isRankable: boolean, overlaps: boolean}} Tabulated
 *   columns: none unless it is by two fields; overlaps: whether an item may stand in several rows or columns
 */

/** So much must be known before anything is called the most. */
const ENOUGH = 0.75;

/**
 * @param {Stats} stats
 * @param {Grouping[]} by one or two
 * @param {string | null} sum
 * @returns {Tabulated}
 */
export function tabulate(stats, [first, second], sum) {
  const rows = places(stats.groups, first).map((place) => ({ ...place, cells: new Map(), total: nothing() }));
  const columns = second ? places(stats.groups, second).map((place) => ({ ...place, total: nothing() })) : [];
  const rowOf = new Map(rows.map((row) => [row.key, row]));
  const columnOf = new Map(columns.map((column) => [column.key, column]));
  const total = nothing();
  for (const group of stats.groups) {
    const inRows = keysOf(group, first).map((key) => /** @type {Row} */ (rowOf.get(key)));
    const inColumns = second ? keysOf(group, second).map((key) => /** @type {Place & {total: Cell}} */ (columnOf.get(key))) : [];
    add(total, group, sum);
    for (const column of inColumns) add(column.total, group, sum);
    for (const row of inRows) {
      add(row.total, group, sum);
      for (const { key } of inColumns) {
        if (!row.cells.has(key)) row.cells.set(key, nothing());
        add(/** @type {Cell} */ (row.cells.get(key)), group, sum);
      }
    }
  }
  const isRankable = stats.rankable && (sum === null || total.known >= stats.matched * ENOUGH);
  if (isRankable && !first.unit) rows.sort((a, b) => Number(b.kind === "value") - Number(a.kind === "value") || (a.kind === "value" ? size(b.total, sum) - size(a.total, sum) : 0));
  const overlaps = [first, second].some((one) => one && !one.isDistrict && stats.groups.some((group) => Array.isArray(group.values[one.name])));
  return { rows, columns, total, isRankable, overlaps };
}

/** @returns {Cell} */
function nothing() {
  return { count: 0, inferred: 0, sum: null, known: 0 };
}

/** @param {Cell} cell @param {Group} group @param {string | null} sum */
function add(cell, group, sum) {
  cell.count += group.count;
  cell.inferred += group.inferred;
  const of = sum === null ? null : group.sums[sum];
  if (!of || of.known_sum === null) return;
  const [a, b] = [cell.sum ?? 0, of.known_sum];
  cell.sum = typeof a === "bigint" || typeof b === "bigint" ? (isWhole(a) && isWhole(b) ? BigInt(a) + BigInt(b) : Number(a) + Number(b)) : a + b;
  cell.known += of.known_count;
}

/** @param {number | bigint} value */
function isWhole(value) {
  return typeof value === "bigint" || Number.isInteger(value);
}

/** How large a cell is drawn. @param {Cell} cell @param {string | null} sum */
export function size(cell, sum) {
  return sum === null ? cell.count + cell.inferred : Number(cell.sum ?? 0);
}

/**
 * The values in the order of their codes or, without, as the server has them; then several districts, then unknown.
 * @param {Group[]} groups
 * @param {Grouping} by
 * @returns {Place[]}
 */
function places(groups, by) {
  /** @type {Map<string, Place>} */
  const found = new Map();
  for (const group of groups) for (const place of placesOf(group, by)) if (!found.has(place.key)) found.set(place.key, place);
  const codes = new Map(by.isDistrict ? [] : Object.keys(by.field.codes ?? {}).map((code, order) => [code, order]));
  const rank = (/** @type {Place} */ { kind, value }) => (kind === "unknown" ? Infinity : kind === "several" ? codes.size + 1 : (codes.get(String(value)) ?? codes.size));
  return [...found.values()].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}

/** @param {Group} group @param {Grouping} by */
function keysOf(group, by) {
  return placesOf(group, by).map((place) => place.key);
}

/**
 * Where a group stands: several districts stand apart, of other lists each value counts.
 * @param {Group} group
 * @param {Grouping} by
 * @returns {Place[]}
 */
function placesOf({ values, labels }, by) {
  const value = values[by.name] ?? null;
  if (value === null) return [{ key: "unknown", kind: "unknown", value: null, label: by.isDistrict ? word("stats.unknown_district") : word("filter.unknown") }];
  if (!Array.isArray(value)) return [place(value, labels[by.name])];
  if (by.isDistrict) return [{ key: "several", kind: "several", value: null, label: word("stats.several_districts") }];
  return value.map((one) => place(one, valueText({ ...by.field, type: "text" }, one)));
}

/** @param {One} value @param {string} label @returns {Place} */
function place(value, label) {
  return { key: `${typeof value}:${value}`, kind: "value", value, label };
}

/**
 * What asks for the items of a row; null where no condition does.
 * @param {Grouping} by
 * @param {Place} place
 * @returns {import("./conditions.js").Condition | null}
 */
export function conditionOf({ field, unit }, { kind, value }) {
  if (kind === "several") return null;
  const unknown = kind === "unknown";
  if (!unit) return { kind: "values", field: field.name, values: value === null ? [] : [value], unknown };
  if (value === null) return { kind: "range", field: field.name, least: null, greatest: null, unknown };
  const text = String(value);
  const [year, month = "12"] = text.split("-");
  const last = new Date(Date.UTC(Number(year), Number(month), 0)).toISOString().slice(0, 10);
  const least = unit === "year" ? `${text}-01-01` : `${text}-01`;
  if (field.type === "date") return { kind: "range", field: field.name, least, greatest: last, unknown };
  return { kind: "range", field: field.name, least: `${least}T00:00:00Z`, greatest: `${last}T23:59:59.999Z`, unknown };
}
