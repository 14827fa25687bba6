/** What is copied for a spreadsheet: cells with tabs between them, which no program takes for formulas. */

/** More rows than this are what downloads are for. */
export const MOST = 10_000;

/**
 * @param {import("./columns.js").Column[]} columns
 * @param {import("./atlas.js").Item[]} items
 * @param {(column: import("./columns.js").Column) => string} headOf
 */
export function tableText(columns, items, headOf) {
  const rows = items.map((item) => columns.map((column) => (column.numeric ? column.plain(item) : safe(column.plain(item)))));
  return [columns.map((column) => safe(headOf(column))), ...rows].map((cells) => cells.join("\t")).join("\r\n");
}

/** On one line, and with an apostrophe where a spreadsheet would begin to calculate. @param {string} text */
function safe(text) {
  const line = text.replace(/\s+/g, " ").trim();
  return /^[=+\-@]/.test(line) ? `'${line}` : line;
}
