/** What opens under the map and takes its room from it: one panel at a time, chosen by tabs. */

import { h } from "./dom.js";
import { word } from "./words.js";

/**
 * @typedef {{id: string, title: string, open: (body: HTMLElement) => void, close?: () => void}} Tab
 *   open fills the body, which is empty; close is called before it is emptied
 */

export class Drawer {
  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} tools where the buttons stand that open it
   * @param {import("./state.js").State} state
   * @param {Tab[]} tabs
   */
  constructor(element, tools, state, tabs) {
    this.element = element;
    this.state = state;
    this.tabs = tabs;
    this.body = h("div", { class: "drawer-body", role: "tabpanel", tabindex: "-1" });
    /** @type {Tab | null} */
    this.open = null;
    this.choosers = tabs.map((tab) => h("button", { role: "tab", type: "button", "data-tab": tab.id, onclick: () => state.set({ drawer: tab.id }) }, tab.title));
    const list = h("div", { role: "tablist", "aria-label": word("drawer.label"), onkeydown: (/** @type {KeyboardEvent} */ event) => this.move(event) }, ...this.choosers);
    element.replaceChildren(h("div", { class: "drawer-head" }, list, h("button", { class: "plain close", type: "button", "aria-label": word("list.close"), onclick: () => this.close() }, "×")), this.body);
    this.openers = tabs.map((tab) => h("button", { class: "plain", type: "button", "aria-expanded": "false", "aria-controls": element.id, "data-opens": tab.id, onclick: () => this.toggle(tab) }, tab.title));
    tools.prepend(...this.openers);
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    state.follow((choice, changed) => {
      if (changed.has("drawer")) this.show(choice.drawer);
    });
    this.show(state.choice.drawer);
  }

  /** @param {Tab} tab */
  toggle(tab) {
    const opens = this.state.choice.drawer !== tab.id;
    this.state.set({ drawer: opens ? tab.id : null });
    if (opens) this.body.focus({ preventScroll: true });
  }

  close() {
    const opener = this.openers.find((one) => one.dataset.opens === this.open?.id);
    this.state.set({ drawer: null });
    opener?.focus();
  }

  /** @param {string | null} id */
  show(id) {
    const tab = this.tabs.find((one) => one.id === id) ?? null;
    if (tab === this.open && tab) return;
    this.open?.close?.();
    this.open = tab;
    this.body.replaceChildren();
    this.element.hidden = tab === null;
    for (const opener of this.openers) opener.setAttribute("aria-expanded", String(opener.dataset.opens === id));
    for (const chooser of this.choosers) {
      const chosen = chooser.dataset.tab === id;
      chooser.setAttribute("aria-selected", String(chosen));
      chooser.tabIndex = chosen ? 0 : -1;
    }
    if (!tab) return;
    this.body.setAttribute("aria-label", tab.title);
    tab.open(this.body);
  }

  /** Arrow keys go from tab to tab, as the pattern of tabs has it (WAI-ARIA practices). @param {KeyboardEvent} event */
  move(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = this.choosers.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    if (!step || at < 0) return;
    const next = this.choosers[(at + step + this.choosers.length) % this.choosers.length];
    this.state.set({ drawer: next.dataset.tab ?? null });
    next.focus();
  }
}
