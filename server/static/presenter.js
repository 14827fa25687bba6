/** Slides on the whole screen: the map, the title and the line of totals in large type, and the keys of a presenter. */

import { viewParams } from "./address.js";
import { byId, h } from "./dom.js";
import { searchOf } from "./slides.js";
import { word } from "./words.js";

/** @typedef {import("./slides.js").Slide} Slide */

/** What the keys do, those of remote controls for presenters (Page Up and Down) among them. */
const KEYS = /** @type {Record<string, (show: Show) => void>} */ ({
  ArrowRight: (show) => show.step(1),
  ArrowDown: (show) => show.step(1),
  PageDown: (show) => show.step(1),
  " ": (show) => show.step(1),
  Enter: (show) => show.step(1),
  ArrowLeft: (show) => show.step(-1),
  ArrowUp: (show) => show.step(-1),
  PageUp: (show) => show.step(-1),
  Backspace: (show) => show.step(-1),
  Home: (show) => show.go(0),
  End: (show) => show.go(show.slides.length - 1),
  b: (show) => show.blank(),
  ".": (show) => show.blank(),
  Escape: (show) => show.end(),
});

/**
 * Shows slides until the presenter ends it; then the view is as it was.
 * @param {Slide[]} slides
 * @param {number} first
 * @param {(search: string) => void} goTo
 */
export function present(slides, first, goTo) {
  new Show(slides, goTo).begin(first);
}

class Show {
  /** @param {Slide[]} slides @param {(search: string) => void} goTo */
  constructor(slides, goTo) {
    this.slides = slides;
    this.goTo = goTo;
    this.before = String(viewParams());
    this.at = -1;
    this.title = h("h2", {});
    this.place = h("span", { class: "slide-place" });
    this.bar = h(
      "div",
      { id: "slide", role: "region", "aria-label": word("meeting.title") },
      h("div", { role: "status" }, this.title),
      this.place,
      ...[
        ["‹", "meeting.previous", () => this.step(-1)],
        ["›", "meeting.next", () => this.step(1)],
        ["×", "meeting.end", () => this.end()],
      ].map(([sign, key, act]) => h("button", { class: "plain", type: "button", title: word(String(key)), "aria-label": word(String(key)), onclick: act }, String(sign))),
    );
    this.pressed = this.pressed.bind(this);
    this.left = this.left.bind(this);
  }

  /** @param {number} first */
  begin(first) {
    document.body.classList.add("is-presenting");
    byId("stage").prepend(this.bar);
    document.addEventListener("keydown", this.pressed, true);
    document.addEventListener("fullscreenchange", this.left);
    // Where the browser does not let it have the whole screen, the window is enough.
    document.documentElement.requestFullscreen?.().catch(() => {});
    this.go(first);
  }

  /** @param {number} by */
  step(by) {
    this.go(Math.max(0, Math.min(this.slides.length - 1, this.at + by)));
  }

  /** @param {number} index */
  go(index) {
    document.body.classList.remove("is-blank");
    if (index === this.at) return;
    this.at = index;
    const slide = this.slides[index];
    this.title.textContent = slide.title;
    this.place.textContent = `${index + 1} / ${this.slides.length}`;
    this.goTo(searchOf(slide));
  }

  /** Black, so that people look at the speaker; and back. */
  blank() {
    document.body.classList.toggle("is-blank");
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const onButton = event.target instanceof HTMLElement && this.bar.contains(event.target) && [" ", "Enter"].includes(event.key);
    const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || onButton) return;
    event.preventDefault();
    event.stopPropagation();
    act(this);
  }

  /** The browser's own way out of the whole screen ends it too. */
  left() {
    if (!document.fullscreenElement) this.end();
  }

  end() {
    document.removeEventListener("keydown", this.pressed, true);
    document.removeEventListener("fullscreenchange", this.left);
    if (document.fullscreenElement) document.exitFullscreen();
    document.body.classList.remove("is-presenting", "is-blank");
    this.bar.remove();
    this.goTo(this.before);
    byId("meeting").focus();
  }
}
