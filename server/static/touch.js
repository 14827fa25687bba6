/** Pressing the small buttons on the map: the nearest is meant, and it stays until it is let go. */

/** Their areas are larger than what is drawn of them (see the style sheet), so that they lie over their neighbours. */
const TARGETS = ".pill, .plate-name, .capsule, .fan-item";

/** @param {HTMLElement} container */
export function nearestWins(container) {
  container.addEventListener(
    "click",
    (event) => {
      const touched = /** @type {Element} */ (event.target).closest(TARGETS);
      // A click by key or by program has no place.
      if (!touched || !event.isTrusted || event.detail === 0) return;
      const away = (/** @type {Element} */ one) => distance(one.getBoundingClientRect(), event.clientX, event.clientY);
      const nearest = [...container.querySelectorAll(TARGETS)].reduce((best, one) => (away(one) < away(best) ? one : best), touched);
      if (nearest === touched) return;
      event.stopPropagation();
      /** @type {HTMLElement} */ (nearest).click();
    },
    true,
  );
}

/** Whether one of them is pressed: laid out anew it would be gone before the click, which then goes to nobody. */
export class Press {
  /**
   * @param {HTMLElement} container
   * @param {() => void} released called after the click
   */
  constructor(container, released) {
    this.isDown = false;
    container.addEventListener("pointerdown", ({ target }) => (this.isDown = /** @type {Element} */ (target).closest(TARGETS) !== null), true);
    const release = () => {
      if (!this.isDown) return;
      setTimeout(() => {
        this.isDown = false;
        released();
      });
    };
    for (const end of ["pointerup", "pointercancel"]) window.addEventListener(end, release, true);
  }
}

/** @param {DOMRect} box @param {number} x @param {number} y */
function distance({ left, right, top, bottom }, x, y) {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
}
