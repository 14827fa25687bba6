/** "Share": the link of exactly this view, in words what it holds, and a short one from the server. */

import { readable, viewForOthers } from "./address.js";
import { openBoarding } from "./boarding.js";
import { copyable } from "./copy.js";
import { h } from "./dom.js";
import { openEmbedding } from "./embedding.js";
import { reachWarning } from "./reach.js";
import { joined, lang, say, word } from "./words.js";

/** Longer addresses are cut by mail programs and messengers. */
const LONG = 2000;

/** Between two sentences. */
const GAP = lang === "zh" ? "" : " ";

/**
 * @typedef {{side: import("./side.js").Side, base: string, map: import("leaflet").Map, state: import("./state.js").State, chips: import("./chips.js").Chips, zone: import("./types.d.ts").Zone, approval: string}} Page
 */

/** @param {Page} page */
export function openShare(page) {
  const panel = new SharePanel(page);
  page.side.openPanel(word("share.title"), panel.element);
}

class SharePanel {
  /** @param {Page} page */
  constructor({ base, map, state, chips, zone, approval }) {
    this.base = base;
    // The panel takes the place of what was selected; the receiver gets that.
    this.selected = state.choice.selected;
    this.link = h("div", {});
    this.short = h("div", { class: "share-short" });
    this.language = h("select", { onchange: () => this.show() }, ...["", "zh", "en"].map((one) => h("option", { value: one }, word(`share.language_${one || "own"}`))));
    this.language.value = new URL(window.location.href).searchParams.get("lang") ?? "";
    this.element = h(
      "article",
      { class: "connect share" },
      h("h2", { tabindex: "-1" }, word("share.title")),
      h("p", {}, [word("share.view"), held(state, chips)].filter(Boolean).join(GAP)),
      reachWarning(base),
      h("section", {}, h("label", { class: "share-language" }, word("share.language"), this.language), this.link),
      h("section", {}, h("h3", {}, word("share.short")), this.short),
      h("section", {}, h("h3", {}, word("board.title")), h("p", { class: "quiet" }, word("board.note")), h("button", { class: "plain", type: "button", onclick: () => openBoarding({ base, map, zone }, this.selected) }, word("board.open"))),
      h("section", {}, h("h3", {}, word("embedding.title")), h("p", { class: "quiet" }, word("embedding.note")), h("button", { class: "plain", type: "button", onclick: () => openEmbedding(base, this.address(), { zone, approval, held: held(state, chips) }) }, word("embedding.open"))),
      typeof navigator.share === "function" && h("section", {}, h("button", { class: "plain", type: "button", onclick: () => this.send() }, word("share.send"))),
    );
    this.show();
    const moved = () => (this.element.isConnected ? this.show() : map.off("moveend", moved));
    map.on("moveend", moved);
  }

  /** The view's address as the receiver is to get it. */
  address() {
    const address = new URL(window.location.href);
    address.search = String(viewForOthers());
    if (this.selected) address.searchParams.set("selected", this.selected);
    if (this.language.value) address.searchParams.set("lang", this.language.value);
    else address.searchParams.delete("lang");
    address.hash = "";
    return address;
  }

  show() {
    const text = readable(this.address());
    this.link.replaceChildren(copyable(text, word("share.link")));
    this.short.replaceChildren(h("p", { class: "quiet" }, word("share.short_note")), h("button", { class: "plain", type: "button", onclick: () => this.shorten() }, word("share.make_short")));
    if (text.length > LONG) this.shorten();
  }

  async shorten() {
    const address = this.address();
    try {
      const answer = await fetch(`${this.base}?${address.searchParams}`, { method: "POST" });
      const document = await answer.json();
      if (!answer.ok) throw new Error(document.detail);
      if (address.href === this.address().href) this.short.replaceChildren(copyable(document.href, word("share.short")));
    } catch {
      this.short.replaceChildren(h("p", { role: "status" }, word("share.not_short")));
    }
  }

  async send() {
    try {
      await navigator.share({ title: document.title, url: this.address().href });
    } catch {
      // The reader has closed the system's own panel.
    }
  }
}

/** What the view holds, in sentences. @param {import("./state.js").State} state @param {import("./chips.js").Chips} chips */
function held(state, chips) {
  const { layers, selected } = state.choice;
  const on = state.atlas.layers.filter((layer) => layer.role === "sites" && layers.has(layer.id)).map((layer) => say(layer.title));
  const asked = chips.chips().map(({ label, text }) => [label, text].filter(Boolean).join(" "));
  const item = selected === null ? null : state.atlas.byKey.get(selected);
  return [
    on.length > 0 && word("share.layers", { names: joined(on) }),
    asked.length > 0 && word("share.asked", { names: joined(asked) }),
    item && word("share.selected", { name: item.name }),
  ].filter(Boolean).join(GAP);
}
