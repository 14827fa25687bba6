/** A window that goes through time, step by step or by itself, from one step that holds something to the next. */

import { beginning, next } from "./bins.js";
import { numeric } from "./conditions.js";
import { h } from "./dom.js";
import { say, word } from "./words.js";

/** How long each step is shown, in milliseconds. */
const PACE = 1200;

export class Timeline {
  /**
   * @param {import("./state.js").State} state
   * @param {import("./atlas.js").Field} field
   * @param {import("./bins.js").Step} step
   * @param {(from: number, to: number) => void} show asks for the step from one beginning to the next
   */
  constructor(state, field, step, show) {
    this.state = state;
    this.field = field;
    this.step = step;
    this.ask = show;
    this.playing = 0;
    /** @type {number | null} the step that was asked for last */
    this.last = null;
    /** @type {number[]} the beginnings of the steps that hold something */
    this.steps = [];
    const button = (/** @type {string} */ sign, /** @type {string} */ key, /** @type {() => void} */ onclick) => h("button", { class: "plain", type: "button", "aria-label": word(key), title: word(key), onclick }, sign);
    this.back = button("‹", `time.back_${step.unit}`, () => this.stepBy(-1));
    this.forward = button("›", `time.forward_${step.unit}`, () => this.stepBy(1));
    this.player = button("▶", "time.play", () => (this.playing ? this.stop() : this.play()));
    // Whoever wants no motion goes by steps.
    this.player.hidden = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.body = h("div", { class: "timeline", role: "group", "aria-label": word("time.label", { name: say(field.label) }), onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) }, this.back, this.player, this.forward);
  }

  /** The step that is asked for; of another range the moment before it, so that its first step follows; null where none begins. */
  present() {
    const condition = this.state.condition(this.field.name);
    if (condition?.kind !== "range" || condition.least === null) return null;
    const at = numeric(condition.least);
    const isStep = condition.greatest !== null && beginning(at, this.step) === at && numeric(condition.greatest) < next(at, this.step);
    return isStep ? at : at - 1;
  }

  /** @param {1 | -1} by @returns {number | undefined} */
  following(by) {
    const at = this.present();
    const { steps } = this;
    if (at === null) return by > 0 ? steps[0] : steps[steps.length - 1];
    return by > 0 ? steps.find((step) => step > at) : steps.findLast((step) => step < at);
  }

  /** @param {1 | -1} by */
  stepBy(by) {
    this.stop();
    this.show(this.following(by));
  }

  /** @param {number | undefined} step */
  show(step) {
    if (step === undefined) return;
    this.last = step;
    this.ask(step, next(step, this.step));
  }

  /** From where the range begins; from the very beginning where that is the last step. */
  play() {
    this.show(this.following(1) ?? this.steps[0]);
    this.playing = window.setInterval(() => this.goOn(), PACE);
    this.draw();
  }

  goOn() {
    const step = this.following(1);
    if (step === undefined) return this.stop();
    // One step to come back from for the whole play.
    this.state.isByItself = true;
    this.show(step);
    this.state.isByItself = false;
  }

  stop() {
    window.clearInterval(this.playing);
    this.playing = 0;
    this.draw();
  }

  /** @param {number[]} times what there is, in milliseconds since 1970 */
  update(times) {
    const known = [...new Set(times)].filter((time) => !Number.isNaN(time));
    this.steps = [...new Set(known.map((time) => beginning(time, this.step)))].sort((a, b) => a - b);
    this.draw();
  }

  draw() {
    // Somebody else has asked for another time, or for none: so does the way back.
    if (this.playing && this.present() !== this.last) return this.stop();
    this.player.textContent = this.playing ? "⏸" : "▶";
    for (const set of ["aria-label", "title"]) this.player.setAttribute(set, word(this.playing ? "time.pause" : "time.play"));
    // Not disabled: whoever works with keys would lose the place.
    this.back.setAttribute("aria-disabled", String(this.following(-1) === undefined));
    this.forward.setAttribute("aria-disabled", String(this.following(1) === undefined));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const by = { ArrowLeft: /** @type {const} */ (-1), ArrowRight: /** @type {const} */ (1) }[event.key];
    if (!by) return;
    event.preventDefault();
    this.stepBy(by);
  }
}
