/** A table of items to read and sort, by pointer and by keys, as the pattern of a grid has it (WAI-ARIA practices). */

import { headText } from "./columns.js";
import { h } from "./dom.js";
import { itemSymbol } from "./symbols.js";
import { textWidth } from "./textwidth.js";
import { VirtualRows } from "./virtual.js";
import { word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./columns.js").Column} Column
 * @typedef {{column: Column, descending: boolean} | null} Sort
 */

/** Columns are as wide as what stands in the first rows, within bounds, in pixels. */
const WIDTH = { rows: 60, least: 72, most: 300, names: 130, around: 26, symbol: 24, size: 14 };

/** The row of heads, for the keys. */
const HEAD = -1;

export class Grid {
  /**
   * @param {{open: (item: Item) => void, sort: (column: Column) => void, hint: (reason: "pointer" | "focus", items: Item[]) => void}} page
   */
  constructor(page) {
    this.page = page;
    /** @type {Column[]} */
    this.columns = [];
    /** @type {Item[]} */
    this.items = [];
    /** @type {string | null} */
    this.selected = null;
    /** The cell that the keys stand on. */
    this.at = { row: 0, column: 0 };
    this.head = h("div", { class: "grid-head", role: "row", "aria-rowindex": 1 });
    const body = h("div", { class: "grid-rows", role: "rowgroup" });
    this.element = h(
      "div",
      {
        class: "grid",
        role: "grid",
        tabindex: "0",
        "aria-label": word("table.title"),
        onclick: (/** @type {Event} */ event) => this.clicked(event),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.pressed(event),
        onfocus: () => this.entered(),
        onblur: () => page.hint("focus", []),
        onpointerover: (/** @type {Event} */ event) => this.pointed(event),
        onpointerleave: () => page.hint("pointer", []),
      },
      h("div", { class: "grid-top", role: "rowgroup" }, this.head),
      body,
    );
    this.rows = new VirtualRows(body, this.element, (index) => this.row(index));
  }

  /** @param {Column[]} columns @param {Item[]} items @param {Sort} sort @param {string | null} selected */
  show(columns, items, sort, selected) {
    this.columns = columns;
    this.items = items;
    this.selected = selected;
    this.at = { row: Math.min(this.at.row, items.length - 1), column: Math.min(this.at.column, columns.length - 1) };
    this.element.setAttribute("aria-rowcount", String(items.length + 1));
    this.element.setAttribute("aria-colcount", String(columns.length));
    // Beside the names, which stay where they are, there is always room for another column.
    const first = Math.min(WIDTH.most, Math.max(WIDTH.names, this.element.clientWidth * 0.46));
    const widths = columns.map((column, index) => (index ? width(column, items, 0, WIDTH.most) : width(column, items, WIDTH.symbol, first)));
    this.element.style.setProperty("--columns", widths.map((least, index) => `minmax(${least}px, ${index ? 1 : 2}fr)`).join(" "));
    this.element.style.setProperty("--width", `${widths.reduce((sum, least) => sum + least)}px`);
    this.head.replaceChildren(...columns.map((column, index) => headCell(column, index, sort)));
    this.rows.show(items.length);
    this.mark();
  }

  /** @param {number} index */
  row(index) {
    const item = this.items[index];
    return h(
      "div",
      { class: "grid-row", role: "row", "aria-rowindex": index + 2, "aria-selected": String(item.key === this.selected), "data-item": item.key, "data-row": index },
      ...this.columns.map((column, at) => cell(column, item, index, at)),
    );
  }

  /** Which row and column an event happened in. @param {Event} event */
  place(event) {
    const cell = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-column]"));
    const row = /** @type {HTMLElement | null} */ (cell?.closest("[data-row]"));
    return cell ? { row: row ? Number(row.dataset.row) : HEAD, column: Number(cell.dataset.column) } : null;
  }

  /** @param {Event} event */
  clicked(event) {
    const place = this.place(event);
    if (!place) return;
    this.move(place.row, place.column);
    this.use();
  }

  /** @param {Event} event */
  pointed(event) {
    const row = this.place(event)?.row ?? HEAD;
    this.page.hint("pointer", row === HEAD ? [] : [this.items[row]]);
  }

  /** Sorts by the head that the keys stand on, or opens the item of the row. */
  use() {
    if (this.at.row === HEAD) this.page.sort(this.columns[this.at.column]);
    else this.page.open(this.items[this.at.row]);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const { row, column } = this.at;
    const [page, last, end] = [this.rows.page(), this.items.length - 1, this.columns.length - 1];
    /** @type {Record<string, [number, number]>} */
    const steps = { ArrowDown: [row + 1, column], ArrowUp: [row - 1, column], ArrowRight: [row, column + 1], ArrowLeft: [row, column - 1], PageDown: [row + page, column], PageUp: [row - page, column] };
    if (event.ctrlKey || event.metaKey) Object.assign(steps, { Home: [0, 0], End: [last, end] });
    else Object.assign(steps, { Home: [row, 0], End: [row, end] });
    const to = steps[event.key];
    if (to) this.move(to[0], to[1]);
    else if (event.key === "Enter" || event.key === " ") this.use();
    else return;
    event.preventDefault();
  }

  /** By keys: a press of the pointer must find its row where it was. */
  entered() {
    if (this.element.matches(":focus-visible")) this.move(this.at.row, this.at.column);
  }

  /** @param {number} row @param {number} column */
  move(row, column) {
    this.at = { row: Math.max(HEAD, Math.min(this.items.length - 1, row)), column: Math.max(0, Math.min(this.columns.length - 1, column)) };
    if (this.at.row !== HEAD) this.rows.reveal(this.at.row);
    this.mark();
    this.page.hint("focus", this.at.row === HEAD ? [] : [this.items[this.at.row]]);
    // Only sideways: rows have been brought into sight, and the head always is.
    const cell = document.getElementById(cellId(this.at.row, this.at.column));
    const fixed = /** @type {HTMLElement | null} */ (this.head.firstElementChild)?.offsetWidth ?? 0;
    if (!cell || this.at.column === 0) return;
    const [left, right] = [cell.offsetLeft - fixed, cell.offsetLeft + cell.offsetWidth - this.element.clientWidth];
    if (this.element.scrollLeft > left) this.element.scrollLeft = left;
    else if (this.element.scrollLeft < right) this.element.scrollLeft = Math.min(left, right);
  }

  /** Says which cell the keys stand on, and which row is selected. */
  mark() {
    for (const old of this.element.querySelectorAll("[data-at]")) old.removeAttribute("data-at");
    const cell = document.getElementById(cellId(this.at.row, this.at.column));
    cell?.setAttribute("data-at", "");
    if (cell) this.element.setAttribute("aria-activedescendant", cell.id);
    else this.element.removeAttribute("aria-activedescendant");
    for (const [index, row] of this.rows.rows) row.setAttribute("aria-selected", String(this.items[index].key === this.selected));
  }

  /** Follows what was selected, here or elsewhere. @param {string | null} key */
  select(key) {
    this.selected = key;
    const index = this.items.findIndex((item) => item.key === key);
    if (index >= 0) {
      this.at = { row: index, column: this.at.column };
      this.rows.reveal(index);
    }
    this.mark();
  }
}

/** @param {number} row @param {number} column */
function cellId(row, column) {
  return `cell-${row}-${column}`;
}

/** @param {Column} column @param {number} index @param {Sort} sort */
function headCell(column, index, sort) {
  const sorted = sort?.column === column ? (sort.descending ? "descending" : "ascending") : "none";
  const text = headText(column);
  return h("div", { id: cellId(HEAD, index), role: "columnheader", class: column.numeric ? "is-number" : null, "aria-colindex": index + 1, "aria-sort": sorted, "data-column": index, title: text }, h("span", {}, text));
}

/** @param {Column} column @param {Item} item @param {number} row @param {number} at */
function cell(column, item, row, at) {
  const text = column.text(item);
  const unknown = column.expected(item) ? word("filter.unknown") : "";
  const classes = [column.numeric ? "is-number" : "", text ? "" : "quiet"].filter(Boolean).join(" ");
  return h("div", { id: cellId(row, at), role: at ? "gridcell" : "rowheader", class: classes || null, "aria-colindex": at + 1, "data-column": at, title: text || null }, at === 0 && itemSymbol(item, 16), h("span", {}, text || unknown));
}

/** @param {Column} column @param {Item[]} items @param {number} beside room for what stands beside the text @param {number} most */
function width(column, items, beside, most) {
  const head = textWidth(headText(column), WIDTH.size, 600) + 14;
  const widest = Math.max(head, ...items.slice(0, WIDTH.rows).map((item) => textWidth(column.text(item) || word("filter.unknown"), WIDTH.size) + beside));
  return Math.max(WIDTH.least, Math.min(most, widest + WIDTH.around));
}
