/** What is on the map as a file: four ways for those who know whom it is for, all formats and systems for those who know more. */

import { exportsList, keepExport } from "./exports.js";
import { h } from "./dom.js";
import { lang, number, say, word } from "./words.js";
import { mentionFilter } from "./view.js";

/** More than so many are written in the background, where the server does that. */
const MANY = 10_000;

/**
 * @typedef {{name: string, title: string, projected: boolean, offset: boolean}} Crs
 * @typedef {{name: string, purpose: string, extension: string, projected: boolean, offsets: boolean, encodings: string[]}} Format
 * @typedef {{id: string, title: string, extension: string, format: string, crs?: string, crsTitle?: string}} Preset
 * @typedef {{numberMatched: number, withoutGeometry: number, layers: {id: string, title: string}[], without: {title: string}[],
 *   presets: Preset[], formats: Format[], crs: Crs[], geometries: {name: string, title: string}[], background: boolean}} Offer
 */

/**
 * Opens the panel.
 * @param {import("./side.js").Side} side
 * @param {{base: string, map: import("leaflet").Map, atlas: import("./atlas.js").Atlas, state: import("./state.js").State}} page
 */
export function openDownload(side, page) {
  const panel = new Download(page);
  side.openPanel(word("download.title"), panel.element);
  panel.ask();
}

class Download {
  /** @param {{base: string, map: import("leaflet").Map, atlas: import("./atlas.js").Atlas, state: import("./state.js").State}} page */
  constructor(page) {
    this.page = page;
    /** @type {Offer | null} */
    this.offer = null;
    /** The last question: an answer to one before it is no longer of interest. */
    this.asked = 0;
    const again = () => this.ask();
    this.scope = h("select", { onchange: again }, ...this.scopes());
    this.window = h("input", { type: "checkbox", onchange: again });
    this.count = h("p", { class: "download-count", role: "status" });
    this.presets = h("ul", { class: "presets" });
    this.format = h("select", { onchange: () => this.choose() });
    this.crs = h("select", { onchange: () => this.link() });
    this.geometry = h("select", { onchange: again });
    this.encoding = h("select", { onchange: () => this.link() });
    this.encodings = labelled("download.encoding", this.encoding);
    this.crsNote = h("p", { class: "quiet" });
    this.go = h("a", { class: "plain primary", download: "", onclick: (/** @type {Event} */ event) => this.follow(event) }, word("download.go"));
    this.exports = h("section", { class: "exports", hidden: true });
    this.element = h(
      "article",
      { class: "download" },
      h("h2", { tabindex: "-1" }, word("download.title")),
      labelled("download.scope", this.scope),
      h("label", { class: "tick" }, this.window, h("span", {}, word("download.window"))),
      this.count,
      this.presets,
      h(
        "details",
        { class: "more-formats" },
        h("summary", {}, word("download.more")),
        labelled("download.format", this.format),
        labelled("download.crs", this.crs),
        this.crsNote,
        labelled("download.geometry", this.geometry),
        this.encodings,
        h("p", {}, this.go),
      ),
      this.exports,
    );
    exportsList(this.exports);
  }

  /** What may be chosen: the layers that are switched on, all, or one of them. */
  scopes() {
    const { atlas, state } = this.page;
    const on = atlas.layers.filter((layer) => state.choice.layers.has(layer.id));
    return [
      on.length > 0 && h("option", { value: "on" }, word("download.layers_on", { count: on.length })),
      h("option", { value: "all" }, word("download.layers_all", { count: atlas.layers.length })),
      h("optgroup", { label: word("download.one_layer") }, ...atlas.layers.map((layer) => h("option", { value: `layer:${layer.id}` }, say(layer.title)))),
    ].filter((one) => one !== false);
  }

  /** Which features: the same words for the question how many there are and for the file. */
  narrowing() {
    const { atlas, state, map } = this.page;
    const query = new URLSearchParams();
    if (this.scope.value === "on") query.set("layers", atlas.layers.filter((layer) => state.choice.layers.has(layer.id)).map((layer) => layer.id).join(","));
    const mention = state.choice.mentionedOnly && this.name() === "map" ? mentionFilter(atlas.layers) : null;
    if (mention) query.set("filter", mention);
    if (this.window.checked) {
      const box = map.getBounds();
      query.set("bbox", [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((one) => one.toFixed(6)).join(","));
    }
    if (this.geometry.value && this.geometry.selectedIndex > 0) query.set("geometry", this.geometry.value);
    query.set("lang", lang);
    return query;
  }

  name() {
    return this.scope.value.startsWith("layer:") ? this.scope.value.slice("layer:".length) : "map";
  }

  /** @param {string} path @param {URLSearchParams} query */
  address(path, query) {
    return `${this.page.base}downloads/${path}?${query.toString().replace(/%2C/g, ",")}`;
  }

  async ask() {
    const turn = (this.asked += 1);
    try {
      const answer = await fetch(this.address(encodeURIComponent(this.name()), this.narrowing()));
      if (!answer.ok) throw new Error(String(answer.status));
      const offer = await answer.json();
      if (turn === this.asked) this.show(offer);
    } catch {
      if (turn === this.asked) this.count.textContent = word("download.failed");
    }
  }

  /** @param {Offer} offer */
  show(offer) {
    const first = this.offer === null;
    this.offer = offer;
    const sentences = [
      word(offer.numberMatched === 1 ? "download.count_one" : "download.count", { count: number(offer.numberMatched) }),
      offer.withoutGeometry > 0 && word("download.placeless", { count: number(offer.withoutGeometry) }),
      this.page.state.choice.mentionedOnly && this.name() === "map" && word("download.mentioned"),
      offer.without.length > 0 && word("download.without", { names: offer.without.map((one) => one.title).join(lang === "zh" ? "、" : ", ") }),
    ];
    this.count.textContent = sentences.filter(Boolean).join(lang === "zh" ? "" : " ");
    if (first) this.fill(offer);
    this.presets.replaceChildren(...offer.presets.map((preset) => h("li", {}, this.preset(preset))));
    this.choose();
  }

  /** @param {Offer} offer */
  fill(offer) {
    this.format.replaceChildren(...offer.formats.map((one) => h("option", { value: one.extension }, one.name)));
    this.geometry.replaceChildren(...offer.geometries.map((one) => h("option", { value: one.name }, one.title)));
  }

  /** @param {Preset} preset */
  preset(preset) {
    const query = this.narrowing();
    if (preset.crs) query.set("crs", preset.crs);
    const about = [preset.format, preset.crsTitle, preset.id === "gis" && word("download.with_styles")].filter(Boolean).join(lang === "zh" ? "，" : ", ");
    const href = this.address(`${encodeURIComponent(this.name())}.${preset.extension}`, query);
    return h(
      "a",
      { class: "preset", href, download: "", "data-preset": preset.id, onclick: (/** @type {Event} */ event) => this.follow(event) },
      h("b", {}, preset.title),
      h("span", { class: "quiet" }, about),
    );
  }

  /** A format decides which systems and encodings there are to choose from. */
  choose() {
    const offer = /** @type {Offer} */ (this.offer);
    const format = offer.formats.find((one) => one.extension === this.format.value) ?? offer.formats[0];
    const known = offer.crs.filter((one) => (format.projected || !one.projected) && (format.offsets || !one.offset));
    refill(this.crs, known.map((one) => ({ value: one.name, text: one.title })));
    refill(this.encoding, format.encodings.map((one) => ({ value: one, text: one.toUpperCase() })));
    this.encodings.hidden = format.encodings.length < 2;
    this.format.title = format.purpose;
    this.link();
  }

  link() {
    const offer = /** @type {Offer} */ (this.offer);
    const query = this.narrowing();
    if (this.crs.selectedIndex > 0) query.set("crs", this.crs.value);
    if (this.encoding.selectedIndex > 0) query.set("encoding", this.encoding.value);
    const offset = offer.crs.find((one) => one.name === this.crs.value)?.offset;
    const format = offer.formats.find((one) => one.extension === this.format.value);
    this.crsNote.textContent = offset ? word("download.offset") : (format?.purpose ?? "");
    this.crsNote.classList.toggle("is-warning", Boolean(offset));
    this.go.href = this.address(`${encodeURIComponent(this.name())}.${this.format.value}`, query);
  }

  /** A large file is written in the background, so that the page can be left meanwhile. @param {Event} event */
  async follow(event) {
    const offer = this.offer;
    if (!offer?.background || offer.numberMatched <= MANY) return;
    event.preventDefault();
    const { href } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
    const answer = await fetch(href, { method: "POST" });
    const document = await answer.json().catch(() => ({}));
    if (answer.status === 202) keepExport(document.links[0].href, decodeURIComponent(new URL(href).pathname.split("/").at(-1) ?? ""));
    else this.count.textContent = answer.status === 429 ? word("download.too_many") : word("download.failed");
    exportsList(this.exports);
  }
}

/** @param {string} key @param {HTMLElement} control */
function labelled(key, control) {
  return h("label", { class: "download-choice" }, h("span", {}, word(key)), control);
}

/**
 * Other options, and the same one chosen where it is still there.
 * @param {HTMLSelectElement} select
 * @param {{value: string, text: string}[]} options
 */
function refill(select, options) {
  const before = select.value;
  select.replaceChildren(...options.map(({ value, text }) => h("option", { value }, text)));
  if (options.some(({ value }) => value === before)) select.value = before;
}
