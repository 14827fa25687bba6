/** What is copied for a spreadsheet: cells with tabs between them, which no program takes for formulas. */

import { line } from "./spreadsheet.js";

/** More rows than this are what downloads are for. */
export const MOST = 10_000;

/**
 * @param {import("./columns.js").Column[]} columns
 * @param {import("./atlas.js").Item[]} items
 * @param {(column: import("./columns.js").Column) => string} headOf
 */
export function tableText(columns, items, headOf) {
  const rows = items.map((item) => columns.map((column) => (column.numeric ? column.plain(item) : line(column.plain(item)))));
  return [columns.map((column) => line(headOf(column))), ...rows].map((cells) => cells.join("\t")).join("\r\n");
}
