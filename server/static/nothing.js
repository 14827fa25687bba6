/** What stands on the map when nothing is shown: why, and what would show something again, the most first. */

import { ask, isAsked } from "./answer.js";
import { h } from "./dom.js";
import { number, say, word } from "./words.js";

/** @typedef {{text: string, count: number, patch: Partial<import("./state.js").Choice>}} Way */

/** So many ways out are offered. */
const WAYS = 3;

export class Nothing {
  /**
   * @param {HTMLElement} view what the map lies in
   * @param {import("./state.js").State} state
   * @param {import("./chips.js").Chips} asked
   * @param {import("./types.d.ts").Answers} answers
   */
  constructor(view, state, asked, answers) {
    this.state = state;
    this.asked = asked;
    this.answers = answers;
    this.turn = 0;
    this.element = h("div", { class: "nothing", role: "status", hidden: true });
    view.append(this.element);
    state.follow((_, changed) => {
      if (["layers", "conditions", "answer"].some((key) => changed.has(key))) this.draw();
    });
    this.draw();
  }

  async draw() {
    const turn = (this.turn += 1);
    // A zone without any site says so itself.
    this.element.hidden = this.state.atlas.sites.length === 0 || this.state.shown().length > 0;
    if (this.element.hidden) return this.element.replaceChildren();
    this.say(this.layers());
    const ways = await Promise.all(this.asked.chips().map((part) => this.without(part)));
    if (turn === this.turn) this.say([...ways.filter((way) => way !== null), ...this.layers()]);
  }

  /** @param {Way[]} ways */
  say(ways) {
    const best = ways.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count).slice(0, WAYS);
    this.element.replaceChildren(
      h("p", {}, word("none.title")),
      ...best.map(({ text, patch }) => h("button", { class: "plain", type: "button", onclick: () => this.go(patch) }, text)),
      ...(this.state.isNarrowed() ? [h("button", { class: "link", type: "button", onclick: () => this.go(null) }, word("filter.clear"))] : []),
    );
  }

  /** @param {Way["patch"] | null} patch null takes everything back */
  go(patch) {
    // The button goes away with what it stands on: whoever works with keys is on the map then.
    document.getElementById("map")?.focus({ preventScroll: true });
    if (patch) this.state.set(patch);
    else this.state.clear();
  }

  /** Layers that are off and have what is asked for. @returns {Way[]} */
  layers() {
    const { layers } = this.state.choice;
    return this.state.atlas.layers
      .filter((layer) => layer.role === "sites" && !layers.has(layer.id))
      .map((layer) => {
        const count = this.state.found.get(layer.id)?.length ?? 0;
        return { text: word("none.layer", { name: say(layer.title), count: number(count) }), count, patch: { layers: new Set([...layers, layer.id]) } };
      });
  }

  /** What would be shown without a part of what is asked; null where nobody says. @param {ReturnType<import("./chips.js").Chips["chips"]>[number]} part @returns {Promise<Way | null>} */
  async without({ label, text, without }) {
    const choice = { ...this.state.choice, ...without };
    try {
      const answer = await this.answer(choice);
      const count = this.state.atlas.sites.filter((item) => choice.layers.has(item.layer.id) && this.state.meetsAll(item, choice.conditions) && (!answer || answer.match(item))).length;
      return { text: word("none.without", { name: [label, text].filter(Boolean).join(" "), count: number(count) }), count, patch: without };
    } catch {
      return null;
    }
  }

  /** What is found for what would still be asked. @param {import("./state.js").Choice} choice */
  async answer(choice) {
    const now = this.state.choice;
    if (!isAsked(choice)) return null;
    const isSame = choice.other === now.other && choice.q === now.q && choice.area === now.area;
    return isSame ? now.answer : ask(this.answers, choice);
  }
}
