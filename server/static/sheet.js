/** On a phone a panel is a sheet of three heights: a finger on its handle drags it, arrow keys step, too low it closes. */

import { h } from "./dom.js";
import { word } from "./words.js";

/** The three heights, as parts of the window. */
const HEIGHTS = [0.36, 0.6, 0.92];

/** Below this part of the window it closes. */
const CLOSES = 0.16;

export class Sheet {
  /**
   * @param {HTMLElement} element
   * @param {() => void} close
   * @param {number} [step] which of its heights it opens with
   */
  constructor(element, close, step = 1) {
    this.element = element;
    this.close = close;
    this.first = step;
    this.step = step;
    this.handle = h("button", { class: "sheet-handle", type: "button", "aria-label": word("sheet.height"), onclick: () => this.clicked(), onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event), onpointerdown: (/** @type {PointerEvent} */ event) => this.drag(event) });
    element.prepend(this.handle);
    // Whatever fills the panel anew leaves the handle on top.
    new MutationObserver(() => element.firstElementChild !== this.handle && element.prepend(this.handle)).observe(element, { childList: true });
    this.set(this.step);
  }

  /** @param {number} step */
  set(step) {
    this.step = Math.max(0, Math.min(HEIGHTS.length - 1, step));
    this.height(HEIGHTS[this.step]);
  }

  /** @param {number} part */
  height(part) {
    this.element.style.setProperty("--sheet", `${(part * 100).toFixed(2)}dvh`);
  }

  clicked() {
    if (this.dragged) return;
    this.set(this.step === HEIGHTS.length - 1 ? 0 : this.step + 1);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    if (by < 0 && this.step === 0) this.close();
    else this.set(this.step + by);
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const { handle } = this;
    this.dragged = false;
    const from = event.clientY;
    const top = this.element.getBoundingClientRect().top;
    const part = (/** @type {PointerEvent} */ { clientY }) => (window.innerHeight - (top + clientY - from)) / window.innerHeight;
    const move = (/** @type {PointerEvent} */ at) => {
      this.dragged ||= Math.abs(at.clientY - from) > 4;
      if (this.dragged) this.height(Math.max(0.05, Math.min(HEIGHTS[HEIGHTS.length - 1], part(at))));
    };
    const end = (/** @type {PointerEvent} */ at) => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", end);
      if (!this.dragged) return;
      if (part(at) < CLOSES) {
        this.set(this.first);
        this.close();
      } else this.set(nearest(part(at)));
    };
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
  }
}

/** @param {number} part */
function nearest(part) {
  const gaps = HEIGHTS.map((height) => Math.abs(height - part));
  return gaps.indexOf(Math.min(...gaps));
}
