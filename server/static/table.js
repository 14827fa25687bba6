/** The table under the map: all that is shown, or one layer of it, with the columns that a reader wants. */

import { MADE, headText } from "./columns.js";
import { toClipboard } from "./copy.js";
import { h } from "./dom.js";
import { Grid } from "./grid.js";
import { MOST, tableText } from "./tabbed.js";
import { number, say, word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./atlas.js").Layer} Layer
 * @typedef {import("./columns.js").Column} Column
 */

export class Table {
  /**
   * @param {import("./state.js").State} state
   * @param {import("./order.js").Order} order
   * @param {{open: (item: Item) => void, hint: (reason: "pointer" | "focus", items: Item[]) => void}} page
   */
  constructor(state, order, page) {
    this.id = "table";
    this.title = word("table.title");
    this.state = state;
    this.order = order;
    this.page = page;
    /** @type {Map<string, Set<Column>>} the columns that were chosen, for each layer and for all together */
    this.chosen = new Map();
    /** @type {Map<Layer, Set<Column>>} the columns in which anything is known of a layer, whatever is asked */
    this.told = new Map();
    /** @type {Grid | null} while the table is open */
    this.grid = null;
    state.follow((choice, changed) => {
      if (["layers", "conditions", "answer", "sort", "table"].some((key) => changed.has(key))) this.draw();
      else if (changed.has("selected")) this.grid?.select(choice.selected);
    });
  }

  /** @param {HTMLElement} body */
  open(body) {
    this.layers = h("select", { "aria-label": word("table.layer"), onchange: () => this.state.set({ table: this.layers?.value || null }) });
    this.count = h("span", { class: "quiet", role: "status" });
    this.choices = h("fieldset", {}, h("legend", {}, word("table.columns")));
    const columns = h("details", { class: "table-columns", onkeydown: (/** @type {KeyboardEvent} */ event) => closed(event, columns) }, h("summary", { class: "plain" }, word("table.columns")), this.choices);
    const copy = h("button", { class: "plain", type: "button", onclick: () => this.copy() }, word("copy.do"));
    this.grid = new Grid({ ...this.page, sort: (column) => this.sortBy(column) });
    body.append(h("div", { class: "table" }, h("div", { class: "table-tools" }, this.layers, columns, copy, this.count), this.grid.element));
    this.draw();
    this.grid.select(this.state.choice.selected);
  }

  close() {
    this.grid = null;
    this.page.hint("pointer", []);
    this.page.hint("focus", []);
  }

  /** The layer shown alone; null where all are, as where that layer is not shown. */
  get layer() {
    const { table, layers } = this.state.choice;
    return table !== null && layers.has(table) ? (this.state.atlas.layer(table) ?? null) : null;
  }

  draw() {
    if (!this.grid) return;
    const sites = this.state.atlas.layers.filter((layer) => layer.role === "sites" && this.state.choice.layers.has(layer.id));
    this.layers?.replaceChildren(h("option", { value: "" }, word("table.all_layers")), ...sites.map((layer) => h("option", { value: layer.id }, say(layer.title))));
    if (this.layers) this.layers.value = this.layer?.id ?? "";
    const items = this.items();
    if (this.count) this.count.textContent = items.length ? word("list.count", { count: number(items.length) }) : word("list.empty");
    this.drawChoices();
    this.grid.show(this.columns(), items, this.order.sort, this.state.choice.selected);
  }

  items() {
    const { layer } = this;
    const shown = this.order.shown();
    return layer ? shown.filter((item) => item.layer === layer) : shown;
  }

  /** The columns that there are to choose from: of all layers what two of them share, of one what it knows of anything. */
  possible() {
    const { layer } = this;
    const { answer } = this.state.choice;
    const sites = this.state.atlas.layers.filter((one) => one.role === "sites").length;
    return this.order.columns.filter((column) => {
      if (column.id === MADE.certainty) return answer?.hasCertainty;
      if (column.id === MADE.distance) return answer?.hasDistances;
      if (column.id === MADE.layer) return !layer;
      if (!layer) return column.layers === null || column.layers.size >= Math.min(2, sites);
      return this.toldOf(layer).has(column);
    });
  }

  /** Looked up once: an empty column is known for one by its last item only. @param {Layer} layer */
  toldOf(layer) {
    const items = this.state.atlas.items.get(layer.id) ?? [];
    const told = this.told.get(layer) ?? new Set(this.order.columns.filter((column) => column.lasting && (column.layers?.has(layer.id) ?? true) && items.some((item) => column.text(item) !== "")));
    this.told.set(layer, told);
    return told;
  }

  columns() {
    const chosen = this.chosen.get(this.layer?.id ?? "");
    return this.possible().filter((column, index) => index === 0 || (chosen?.has(column) ?? column.main));
  }

  drawChoices() {
    const shown = new Set(this.columns());
    const [first, ...others] = this.possible();
    const boxes = others.map((column) => h("label", {}, h("input", { type: "checkbox", checked: shown.has(column), onchange: (/** @type {Event} */ event) => this.choose(column, /** @type {HTMLInputElement} */ (event.target).checked) }), h("span", {}, headText(column))));
    this.choices?.replaceChildren(h("legend", {}, word("table.columns_beside", { name: headText(first) })), ...boxes);
  }

  /** @param {Column} column @param {boolean} on */
  choose(column, on) {
    const chosen = new Set(this.columns());
    if (on) chosen.add(column);
    else chosen.delete(column);
    this.chosen.set(this.layer?.id ?? "", chosen);
    this.grid?.show(this.columns(), this.items(), this.order.sort, this.state.choice.selected);
  }

  /** Least first, then greatest first, then as it comes. @param {Column} column */
  sortBy(column) {
    const { sort } = this.order;
    if (sort?.column !== column) this.state.set({ sort: column.id });
    else this.state.set({ sort: sort.descending ? null : `-${column.id}` });
  }

  async copy() {
    const items = this.items();
    if (!this.count) return;
    if (items.length > MOST) this.count.textContent = word("table.too_many", { count: number(MOST) });
    else this.count.textContent = (await toClipboard(tableText(this.columns(), items, headText))) ? word("table.copied", { count: number(items.length) }) : word("table.not_copied");
  }
}

/** Escape closes what is open in the table before the table itself. @param {KeyboardEvent} event @param {HTMLDetailsElement} details */
function closed(event, details) {
  if (event.key !== "Escape" || !details.open) return;
  event.stopPropagation();
  details.open = false;
  details.querySelector("summary")?.focus();
}
