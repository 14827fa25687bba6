/** Which features a file is to hold: those that are asked for on the map, of some layers, perhaps only in its window. It follows the map while it is seen. */

import { questionQuery } from "./answer.js";
import { h } from "./dom.js";
import { NARROWING } from "./state.js";
import { lang, say, word } from "./words.js";

const ONE = "layer:";

export class Scope {
  /**
   * @param {{map: import("leaflet").Map, atlas: import("./atlas.js").Atlas, state: import("./state.js").State}} page
   * @param {() => void} changed
   */
  constructor(page, changed) {
    this.page = page;
    this.changed = changed;
    this.layers = h("select", { onchange: changed }, ...this.options());
    this.window = h("input", { type: "checkbox", onchange: changed });
  }

  /** Of the layers that are switched on those of sites, which the line of totals counts; with what frames them; all; or one. */
  options() {
    const { atlas } = this.page;
    const [sites, on] = [this.switchedOn(true), this.switchedOn(false)];
    return [
      sites.length > 0 && h("option", { value: "sites" }, word("download.layers_sites", { count: sites.length })),
      on.length > sites.length && h("option", { value: "on" }, word("download.layers_on", { count: on.length })),
      h("option", { value: "all" }, word("download.layers_all", { count: atlas.layers.length })),
      h("optgroup", { label: word("download.one_layer") }, ...atlas.layers.map((layer) => h("option", { value: ONE + layer.id, disabled: !this.page.state.gives(layer) }, say(layer.title)))),
    ].filter((one) => one !== false);
  }

  /** @param {boolean} sitesOnly */
  switchedOn(sitesOnly) {
    const { atlas, state } = this.page;
    return atlas.layers.filter((layer) => state.choice.layers.has(layer.id) && (!sitesOnly || layer.role === "sites"));
  }

  /** What the filter of the map does to the file, in words; nothing where there is none. */
  narrowing() {
    if (!this.page.state.isNarrowed()) return "";
    const isOfSites = this.layers.value === "sites";
    return word(isOfSites ? "download.narrowed_sites" : "download.narrowed");
  }

  /** Another window of the map and other layers make another file; a panel that is closed asks no more. */
  keepUp() {
    const { map, state } = this.page;
    const ifSeen = (/** @type {() => void} */ act) => {
      if (this.layers.getClientRects().length) return act();
      map.off("moveend", moved);
      state.listeners.delete(chosen);
    };
    const moved = () => ifSeen(() => this.window.checked && this.changed());
    const chosen = (/** @type {unknown} */ _, /** @type {Set<string>} */ what) =>
      ifSeen(() => {
        if (!what.has("layers") && !NARROWING.some((key) => what.has(key))) return;
        const before = this.layers.value;
        this.layers.replaceChildren(...this.options());
        if ([...this.layers.options].some(({ value }) => value === before)) this.layers.value = before;
        this.changed();
      });
    map.on("moveend", moved);
    state.follow(chosen);
  }

  /** The layer's id, or map. */
  name() {
    return this.layers.value.startsWith(ONE) ? this.layers.value.slice(ONE.length) : "map";
  }

  /** The same words for the question how many there are and for the file. */
  query() {
    const { state } = this.page;
    // What frames the map is not narrowed, whatever is asked of the sites on it.
    const frames = this.page.atlas.layer(this.name()) && this.page.atlas.layer(this.name())?.role !== "sites";
    const query = frames ? new URLSearchParams() : questionQuery({ ...state.choice, other: state.filter() });
    if (["sites", "on"].includes(this.layers.value)) query.set("layers", this.switchedOn(this.layers.value === "sites").map((layer) => layer.id).join(","));
    if (this.window.checked) {
      const box = this.page.map.getBounds();
      query.set("bbox", [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((one) => one.toFixed(6)).join(","));
    }
    query.set("lang", lang);
    return query;
  }
}
