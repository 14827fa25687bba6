/** The search box: asks while the reader types, and lists what it found as a combobox whose keys suffice. */

import { h } from "./dom.js";
import { hitRow, placeRow } from "./results.js";
import { word } from "./words.js";

/** So long nobody types on. */
const PAUSE_MS = 150;

/**
 * @typedef {{layer: string, layerTitle: string, id: string, name: string | null, match: string, field: {name: string, label: string} | null,
 *   text: string | null, fragments: [number, number][], placement: string | null, href: string}} Hit
 * @typedef {{label: string, crs: string, geometry: {coordinates: [number, number]}}} Place
 * @typedef {{hits: Hit[], places: Place[]}} Results
 * @typedef {{answers: import("./types.d.ts").Answers, atlas: import("./atlas.js").Atlas, openHit: (hit: Hit) => void, openPlace: (place: Place) => void, only: (q: string) => void}} Doors
 */

export class Search {
  /**
   * @param {HTMLElement} element from the template: the field, its list, what is said, and how to close it
   * @param {HTMLElement} opener the button that opens it where there is no room for it
   * @param {Doors} doors
   */
  constructor(element, opener, doors) {
    this.element = element;
    this.opener = opener;
    this.doors = doors;
    this.field = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    this.list = /** @type {HTMLElement} */ (element.querySelector("ul"));
    this.said = /** @type {HTMLElement} */ (element.querySelector("[role=status]"));
    /** @type {(() => void)[]} what each row of the list opens */
    this.rows = [];
    this.active = -1;
    /** The last question: an answer to one before it is no longer of interest. */
    this.turn = 0;
    this.timer = 0;
    element.hidden = false;
    opener.hidden = false;
    this.listen();
  }

  listen() {
    const { element, field, list, opener } = this;
    opener.addEventListener("click", () => this.open());
    /** @type {HTMLElement} */ (element.querySelector("button")).addEventListener("click", () => this.leave());
    field.addEventListener("input", (event) => {
      // What an input method has not yet written is no question.
      if (!(/** @type {InputEvent} */ (event).isComposing)) this.later();
    });
    field.addEventListener("compositionend", () => this.later());
    field.addEventListener("focus", () => this.show(this.rows.length > 0 || this.said.textContent !== ""));
    field.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("focusout", (event) => {
      if (!element.contains(/** @type {Node | null} */ (event.relatedTarget))) this.show(false);
    });
    // The field keeps the focus while the list is pressed.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    document.addEventListener("keydown", (event) => {
      const plain = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!plain || /** @type {Element} */ (event.target).closest("input:not([type=checkbox], [type=radio]), select, textarea")) return;
      event.preventDefault();
      this.open();
    });
  }

  open() {
    this.element.classList.add("is-open");
    this.opener.setAttribute("aria-expanded", "true");
    this.field.focus();
    this.field.select();
  }

  /** Back to where there is only the button, on a phone; the focus goes with it. */
  leave() {
    this.show(false);
    this.element.classList.remove("is-open");
    this.opener.setAttribute("aria-expanded", "false");
    if (this.opener.offsetParent) this.opener.focus();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing) return;
    const isShown = this.field.getAttribute("aria-expanded") === "true";
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      if (isShown) this.mark((this.active + step + this.rows.length + (this.active < 0 && step < 0 ? 1 : 0)) % this.rows.length);
      else this.show(this.rows.length > 0);
    } else if (event.key === "Enter" && isShown) this.choose(Math.max(this.active, 0));
    else if (event.key === "Escape") this.escape(isShown || !this.said.hidden);
    else return;
    event.preventDefault();
  }

  /** First the list goes, then the words, then the box. @param {boolean} isShown */
  escape(isShown) {
    if (isShown) this.show(false);
    else if (this.field.value) {
      this.field.value = "";
      this.later();
    } else this.leave();
  }

  later() {
    window.clearTimeout(this.timer);
    this.turn += 1;
    const q = this.field.value.trim();
    if (q) this.timer = window.setTimeout(() => this.ask(q), PAUSE_MS);
    else this.fill([], "");
  }

  /** @param {string} q */
  async ask(q) {
    const turn = this.turn;
    const isWanted = () => turn === this.turn;
    try {
      const found = await this.doors.answers.search(q, isWanted, () => isWanted() && this.fill([], word("search.preparing")));
      if (isWanted()) this.answered(q, found);
    } catch {
      if (isWanted()) this.fill([], word("search.failed"));
    }
  }

  /** @param {string} q @param {Results} found */
  answered(q, { hits, places }) {
    const { atlas, openHit, openPlace, only } = this.doors;
    const rows = [
      ...places.map((place) => ({ row: placeRow(place), act: () => openPlace(place) })),
      ...hits.map((hit) => ({ row: hitRow(hit, atlas), act: () => openHit(hit) })),
      ...(hits.length > 1 ? [{ row: h("span", { class: "search-only" }, word("search.only", { q })), act: () => only(q) }] : []),
    ];
    this.fill(rows, rows.length ? word("search.count", { count: places.length + hits.length }) : word("search.empty", { q }));
  }

  /** @param {{row: HTMLElement, act: () => void}[]} rows @param {string} said */
  fill(rows, said) {
    this.active = -1;
    this.rows = rows.map(({ act }) => act);
    this.list.replaceChildren(
      ...rows.map(({ row }, index) => {
        const option = h("li", { id: `search-${index}`, role: "option", "aria-selected": "false", onclick: () => this.choose(index) }, row);
        option.addEventListener("pointermove", () => this.mark(index));
        return option;
      }),
    );
    this.list.scrollTop = 0;
    this.said.textContent = said;
    this.said.classList.toggle("is-heard-only", rows.length > 0);
    this.show(said !== "" && this.element.contains(document.activeElement));
    this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {boolean} on */
  show(on) {
    this.list.hidden = !on || !this.rows.length;
    this.said.hidden = !on;
    this.field.setAttribute("aria-expanded", String(!this.list.hidden));
    if (!on) this.mark(-1);
  }

  /** @param {number} index the row that Enter opens; -1 for none */
  mark(index) {
    if (index === this.active) return;
    const options = this.list.children;
    options[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = options[index];
    if (!option) return this.field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  /** @param {number} index */
  choose(index) {
    const act = this.rows[index];
    if (!act) return;
    this.leave();
    act();
  }
}
