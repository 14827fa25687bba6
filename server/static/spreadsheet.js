/** Rows of cells for spreadsheets: copied with tabs between them, or a CSV file; no text is ever taken for a formula. */

/** @typedef {(string | number | bigint)[][]} Rows */

/** @param {Rows} rows */
export function tsv(rows) {
  return rows.map((row) => row.map((cell) => safe(cell).replace(/\s+/g, " ")).join("\t")).join("\r\n");
}

/** With a byte order mark, by which Excel knows UTF-8. @param {Rows} rows */
export function csv(rows) {
  const quoted = (/** @type {string} */ text) => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  return `\ufeff${rows.map((row) => row.map((cell) => quoted(safe(cell))).join(",")).join("\r\n")}\r\n`;
}

/** A text that a spreadsheet would calculate gets an apostrophe in front. @param {string | number | bigint} cell */
function safe(cell) {
  return typeof cell === "string" && /^[=+\-@|\t\r]/.test(cell) ? `'${cell}` : String(cell);
}

/** @param {string} name @param {string} text */
export function save(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
