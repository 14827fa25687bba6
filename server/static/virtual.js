/** Rows of one height, of which only those in sight are page elements: a hundred thousand are as quick as ten. */

/** Rows kept ready beyond each edge, so that a scroll shows no gap. */
const SPARE = 6;

export class VirtualRows {
  /**
   * @param {HTMLElement} element holds the rows; its style says their height in `--row`
   * @param {HTMLElement} scroller what scrolls: the element itself or one around it
   * @param {(index: number) => HTMLElement} make
   */
  constructor(element, scroller, make) {
    this.element = element;
    this.scroller = scroller;
    this.make = make;
    this.count = 0;
    this.height = 1;
    /** @type {Map<number, HTMLElement>} */
    this.rows = new Map();
    scroller.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(scroller);
  }

  /** Other rows, or the same ones made anew. @param {number} count */
  show(count) {
    this.count = count;
    this.rows.clear();
    this.element.replaceChildren();
    this.draw();
  }

  /** Makes the rows that have come into sight and drops those that have left it. */
  draw() {
    if (!this.element.isConnected) return;
    this.height = parseFloat(getComputedStyle(this.element).getPropertyValue("--row"));
    this.element.style.height = `${this.count * this.height}px`;
    if (!this.scroller.clientHeight) return;
    const above = this.above();
    const first = Math.max(0, Math.floor(above / this.height) - SPARE);
    const end = Math.min(this.count, Math.ceil((above + this.scroller.clientHeight) / this.height) + SPARE);
    for (const [index, row] of this.rows) {
      if (index >= first && index < end) continue;
      row.remove();
      this.rows.delete(index);
    }
    this.element.style.paddingTop = `${Math.min(first, this.count) * this.height}px`;
    /** @type {HTMLElement | null} */
    let before = null;
    for (let index = first; index < end; index += 1) {
      let row = this.rows.get(index);
      if (!row) {
        row = this.make(index);
        this.rows.set(index, row);
        if (before) before.after(row);
        else this.element.prepend(row);
      }
      before = row;
    }
  }

  /** How much of the rows has been scrolled past, in pixels; negative where something stands above them. */
  above() {
    return this.scroller.getBoundingClientRect().top + this.scroller.clientTop - this.element.getBoundingClientRect().top;
  }

  /** Brings a row into sight, out from under what stays at the top (the scroller's scroll padding). @param {number} index */
  reveal(index) {
    const covered = parseFloat(getComputedStyle(this.scroller).scrollPaddingTop) || 0;
    const top = index * this.height - this.above();
    const bottom = top + this.height - this.scroller.clientHeight;
    if (top < covered) this.scroller.scrollTop += top - covered;
    else if (bottom > 0) this.scroller.scrollTop += bottom;
    this.draw();
  }

  /** How many rows fit into the window. */
  page() {
    return Math.max(1, Math.floor(this.scroller.clientHeight / this.height) - 1);
  }
}
