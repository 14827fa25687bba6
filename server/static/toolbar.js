/** The tools of the map: one in use at a time, each with its button above the map; on a phone they open as a sheet. */

import { byId, h, svg } from "./dom.js";
import { word } from "./words.js";

/**
 * @typedef {{said: HTMLElement, end: () => void}} Use
 *   said: where the tool speaks while it is in use, empty at first; end: what it calls when it ends by itself
 * @typedef {{id: string, title: string, sign: string, beside?: boolean, start: (use: Use) => void, stop: () => void}} Tool
 *   title: the text of its button; sign: lines in a 16 x 16 box; beside: may be on while another is in use, and has
 *   nothing to say
 */

export class Toolbar {
  /**
   * @param {HTMLElement} element the row above the map
   * @param {Tool[]} tools
   */
  constructor(element, tools) {
    /** @type {Tool | null} what is in use, but for those that may be on beside it */
    this.active = null;
    /** @type {Set<Tool>} */
    this.on = new Set();
    this.said = h("div", { class: "tool-said" });
    /** @type {Map<Tool, HTMLButtonElement>} */
    this.buttons = new Map(tools.map((tool) => [tool, this.button(tool)]));
    this.list = h("div", { id: "tool-list", role: "group", "aria-label": word("tools.title") }, ...this.buttons.values());
    this.opener = h("button", { id: "tools-open", type: "button", "aria-expanded": "false", "aria-controls": "tool-list", onclick: () => this.open(this.list.className === "") }, word("tools.title"));
    element.append(this.said, h("div", { id: "tools" }, this.list));
    // On a phone it stands in the row of the headline, for the map needs each row.
    byId("headline").after(this.opener);
    document.addEventListener("keydown", (event) => this.pressed(event));
    document.addEventListener("pointerdown", ({ target }) => {
      if (!(/** @type {Element} */ (target).closest("#tools, #tools-open"))) this.open(false);
    });
  }

  /** @param {Tool} tool */
  button(tool) {
    const sign = svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, class: "tool-sign", "aria-hidden": "true" }, svg("path", { d: tool.sign }));
    return h("button", { class: "tool", type: "button", "aria-pressed": "false", "data-tool": tool.id, title: tool.title, onclick: () => this.toggle(tool) }, sign, h("span", {}, tool.title));
  }

  /** @param {boolean} is whether the sheet of a phone is open */
  open(is) {
    this.list.className = is ? "is-open" : "";
    this.opener.setAttribute("aria-expanded", String(is));
    if (is) this.list.querySelector("button")?.focus({ preventScroll: true });
  }

  /** @param {Tool} tool */
  toggle(tool) {
    this.open(false);
    if (this.on.has(tool)) this.end(tool);
    else this.start(tool);
  }

  /** @param {Tool} tool */
  start(tool) {
    if (!tool.beside && this.active) this.end(this.active);
    this.on.add(tool);
    if (!tool.beside) this.active = tool;
    this.buttons.get(tool)?.setAttribute("aria-pressed", "true");
    tool.start({ said: this.said, end: () => this.end(tool) });
  }

  /** @param {Tool} tool */
  end(tool) {
    if (!this.on.delete(tool)) return;
    this.buttons.get(tool)?.setAttribute("aria-pressed", "false");
    tool.stop();
    if (this.active !== tool) return;
    this.active = null;
    this.said.replaceChildren();
  }

  /** Escape ends the tool in use, wherever on the map one is; panels close themselves. @param {KeyboardEvent} event */
  pressed({ key, target }) {
    const from = /** @type {Element} */ (target);
    const here = from === document.body || (byId("stage").contains(from) && !byId("drawer").contains(from));
    if (key !== "Escape" || !here) return;
    if (this.list.className) {
      this.open(false);
      this.opener.focus();
    } else if (this.active) {
      const button = this.buttons.get(this.active);
      this.end(this.active);
      (this.opener.offsetParent ? this.opener : button)?.focus({ preventScroll: true });
    }
  }
}
