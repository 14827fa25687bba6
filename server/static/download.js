/** What is on the map as a file: four ways for those who know whom it is for, all formats and systems for those who know more. */

import { exportsList, keepExport } from "./exports.js";
import { viewForOthers } from "./address.js";
import { openBoarding } from "./boarding.js";
import { h } from "./dom.js";
import { Scope } from "./scope.js";
import { lang, number, word } from "./words.js";

/** More than so many are written in the background, where the server does that. */
const MANY = 10_000;
const BETWEEN = " · ";

/**
 * @typedef {{base: string, map: import("leaflet").Map, atlas: import("./atlas.js").Atlas, state: import("./state.js").State, zone: import("./types.d.ts").Zone}} Page
 * @typedef {{name: string, title: string, projected: boolean, offset: boolean}} Crs
 * @typedef {{name: string, purpose: string, extension: string, manyLayers: boolean, projected: boolean, offsets: boolean, encodings: string[]}} Format
 * @typedef {{id: string, title: string, extension: string, format: string, crs?: string, crsTitle?: string, geometry?: string, geometryTitle?: string}} Preset
 * @typedef {{title: string, numberMatched: number, withoutGeometry: number, layers: {id: string, title: string}[], without: {title: string}[],
 *   presets: Preset[], formats: Format[], layerField: string | null, crs: Crs[], geometries: {name: string, title: string}[], background: boolean}} Offer
 */

/**
 * Opens the panel.
 * @param {import("./side.js").Side} side
 * @param {Page} page
 */
export function openDownload(side, page) {
  const panel = new Download(page);
  side.openPanel(word("download.title"), panel.element);
  panel.ask();
  panel.scope.keepUp();
}

class Download {
  /** @param {Page} page */
  constructor(page) {
    this.base = page.base;
    /** @type {Offer | null} */
    this.offer = null;
    /** The last question: an answer to one before it is no longer of interest. */
    this.asked = 0;
    const again = () => this.ask();
    this.scope = new Scope(page, again);
    this.count = h("p", { class: "download-count", role: "status" });
    this.presets = h("ul", { class: "presets" });
    this.format = h("select", { onchange: () => this.choose() });
    this.crs = h("select", { onchange: () => this.link() });
    this.geometry = h("select", { onchange: again });
    this.encoding = h("select", { onchange: () => this.link() });
    this.encodings = labelled("download.encoding", this.encoding);
    this.purpose = h("p", { class: "quiet" });
    this.warning = h("p", { class: "quiet is-warning", role: "status" });
    this.go = h("a", { class: "plain primary", download: "", onclick: (/** @type {Event} */ event) => this.follow(event, this.chosen()) }, word("download.go"));
    this.said = h("p", { class: "download-said", role: "status" });
    this.exports = h("section", { class: "exports", hidden: true });
    this.element = h(
      "article",
      { class: "download" },
      h("h2", { tabindex: "-1" }, word("download.title")),
      labelled("download.scope", this.scope.layers),
      h("label", { class: "tick" }, this.scope.window, h("span", {}, word("download.window"))),
      this.count,
      this.presets,
      board(page),
      mapFile(page.base),
      h(
        "details",
        { class: "more-formats" },
        h("summary", {}, word("download.more")),
        labelled("download.format", this.format),
        this.purpose,
        labelled("download.crs", this.crs),
        this.warning,
        labelled("download.geometry", this.geometry),
        this.encodings,
        h("p", {}, this.go),
      ),
      this.said,
      this.exports,
    );
    exportsList(this.exports);
  }

  /** Which features, and what stands for an uncertain position. */
  narrowing() {
    const query = this.scope.query();
    if (this.geometry.selectedIndex > 0) query.set("geometry", this.geometry.value);
    return query;
  }

  /** @param {string} path @param {URLSearchParams} query */
  address(path, query) {
    return `${this.base}downloads/${path}?${query.toString().replace(/%2C/g, ",")}`;
  }

  async ask() {
    const turn = (this.asked += 1);
    // The links are right at once, the count when it has come.
    if (this.offer) this.relink();
    try {
      const answer = await fetch(this.address(encodeURIComponent(this.scope.name()), this.narrowing()));
      if (!answer.ok) throw new Error(String(answer.status));
      const offer = await answer.json();
      if (turn === this.asked) this.show(offer);
    } catch {
      if (turn === this.asked) this.count.textContent = word("download.failed");
    }
  }

  /** @param {Offer} offer */
  show(offer) {
    const before = this.offer;
    this.offer = offer;
    const sentences = [
      word(offer.numberMatched === 1 ? "download.count_one" : "download.count", { count: number(offer.numberMatched) }),
      offer.withoutGeometry > 0 && word("download.placeless", { count: number(offer.withoutGeometry) }),
      this.scope.narrowing(),
      offer.without.length > 0 && word("download.without", { names: offer.without.map((one) => one.title).join(lang === "zh" ? "、" : ", ") }),
    ];
    this.count.textContent = sentences.filter(Boolean).join(lang === "zh" ? "" : " ");
    if (!before) this.fill(offer);
    // Those that are as they were stay where they are, for a click may be under way.
    if (looks(before) !== looks(offer)) this.presets.replaceChildren(...offer.presets.map((preset) => h("li", {}, this.preset(preset))));
    this.choose();
    this.relink();
  }

  /** @param {Offer} offer */
  fill(offer) {
    const byName = [...offer.formats].sort((one, other) => one.name.localeCompare(other.name));
    this.format.replaceChildren(...byName.map((one) => h("option", { value: one.extension }, one.name)));
    this.geometry.replaceChildren(...offer.geometries.map((one) => h("option", { value: one.name }, one.title)));
  }

  /** @param {Preset} preset */
  preset(preset) {
    const format = this.offer?.formats.find((one) => one.extension === preset.extension);
    const said = [preset.format, preset.crsTitle ?? format?.purpose, preset.geometryTitle, format && this.joined(format)];
    return h(
      "a",
      { class: "preset", download: "", "data-preset": preset.id, onclick: (/** @type {Event} */ event) => this.follow(event, [preset.format, preset.crsTitle]) },
      h("b", {}, preset.title),
      h("span", { class: "quiet" }, said.filter(Boolean).join(BETWEEN)),
    );
  }

  /** What becomes of several layers in a format that holds but one. @param {Format} format */
  joined(format) {
    const field = this.offer?.layerField;
    return field && !format.manyLayers ? word("download.joined", { field }) : "";
  }

  /** A format decides which systems and encodings there are to choose from. */
  choose() {
    const offer = /** @type {Offer} */ (this.offer);
    const format = offer.formats.find((one) => one.extension === this.format.value) ?? offer.formats[0];
    const known = offer.crs.filter((one) => (format.projected || !one.projected) && (format.offsets || !one.offset));
    refill(this.crs, known.map((one) => ({ value: one.name, text: one.title })));
    refill(this.encoding, format.encodings.map((one) => ({ value: one, text: one.toUpperCase() })));
    this.encodings.hidden = format.encodings.length < 2;
    this.purpose.textContent = [format.purpose, this.joined(format)].filter(Boolean).join(BETWEEN);
    this.link();
  }

  link() {
    const offer = /** @type {Offer} */ (this.offer);
    const query = this.narrowing();
    if (this.crs.selectedIndex > 0) query.set("crs", this.crs.value);
    if (this.encoding.selectedIndex > 0) query.set("encoding", this.encoding.value);
    const offset = offer.crs.find((one) => one.name === this.crs.value)?.offset;
    this.warning.textContent = offset ? word("download.offset") : "";
    this.go.href = this.address(`${encodeURIComponent(this.scope.name())}.${this.format.value}`, query);
  }

  /** Where all ways lead now. */
  relink() {
    for (const preset of this.offer?.presets ?? []) {
      const query = this.narrowing();
      if (preset.crs) query.set("crs", preset.crs);
      // Who has chosen what stands for an uncertain position gets that.
      if (preset.geometry && !query.has("geometry")) query.set("geometry", preset.geometry);
      const anchor = /** @type {HTMLAnchorElement | null} */ (this.presets.querySelector(`[data-preset="${CSS.escape(preset.id)}"]`));
      if (anchor) anchor.href = this.address(`${encodeURIComponent(this.scope.name())}.${preset.extension}`, query);
    }
    this.link();
  }

  /** The choices among all formats, in words: what differs from the first choice. */
  chosen() {
    return [this.format, this.crs, this.encoding].map((select, index) => (index === 0 || select.selectedIndex > 0) && select.selectedOptions[0]?.text);
  }

  /** A large file is written in the background, so that the page can be left meanwhile. @param {Event} event @param {(string | false | undefined)[]} kind */
  async follow(event, kind) {
    const offer = this.offer;
    this.said.textContent = "";
    if (!offer?.background || offer.numberMatched <= MANY) return;
    event.preventDefault();
    const { href } = /** @type {HTMLAnchorElement} */ (event.currentTarget);
    const name = [offer.title, ...kind, this.scope.window.checked && word("download.in_window")].filter(Boolean).join(BETWEEN);
    const answer = await fetch(href, { method: "POST" }).catch(() => null);
    const document = await answer?.json().catch(() => null);
    if (answer?.status === 202 && document) {
      keepExport(document.links[0].href, name);
      exportsList(this.exports);
    }
    this.said.textContent = word(answer?.status === 202 ? "download.started" : answer?.status === 429 ? "download.too_many" : "download.failed");
    this.said.classList.toggle("is-warning", answer?.status !== 202);
    // The newest stands first, right below.
    (this.exports.querySelector("li") ?? this.said).scrollIntoView({ block: "nearest" });
    this.said.scrollIntoView({ block: "nearest" });
  }
}

/** The view on paper. What is selected when the panel takes its place is on it. @param {Page} page */
function board(page) {
  const { selected } = page.state.choice;
  return h("button", { class: "preset board", type: "button", onclick: () => openBoarding(page, selected) }, h("b", {}, word("board.title")), h("span", { class: "quiet" }, word("board.short_note")));
}

/** The page itself as a file, with the view that it has when it is asked for. @param {string} base */
function mapFile(base) {
  const go = () => {
    const params = viewForOthers();
    params.set("lang", lang);
    link.href = `${base}onefile.html?${params}`;
  };
  const link = h("a", { class: "preset map-file", href: `${base}onefile.html`, download: "", onpointerdown: go, onfocus: go }, h("b", {}, word("download.map_file")), h("span", { class: "quiet" }, word("download.map_file_note")));
  return link;
}

/** Whatever the presets' words come from. @param {Offer | null} offer */
function looks(offer) {
  return JSON.stringify([offer?.presets, offer?.layerField]);
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
