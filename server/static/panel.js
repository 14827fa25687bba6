/** The panel at the left: the layers, which are the legend; the collection switch; how positions are drawn. */

import { isSame } from "./conditions.js";
import { h } from "./dom.js";
import { positionLegend } from "./legend.js";
import { NARROWING } from "./state.js";
import { symbol } from "./symbols.js";
import { date, joined, number, say, word } from "./words.js";

export class Panel {
  /**
   * @param {HTMLElement} element
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./state.js").State} state
   * @param {{zone: import("./types.d.ts").Zone, basemaps: {id: string, title: {zh: string, en: string}}[], parts: HTMLElement[], openLayer: (layer: import("./atlas.js").Layer) => void, connect: (layer: import("./atlas.js").Layer) => void}} options
   *   parts: what else stands in the panel, between the layers and the background
   */
  constructor(element, atlas, state, { zone, basemaps, parts, openLayer, connect }) {
    this.element = element;
    this.atlas = atlas;
    this.state = state;
    this.zone = zone;
    this.basemaps = basemaps;
    this.parts = parts;
    this.collected = h("span");
    this.openLayer = openLayer;
    this.connect = connect;
    /** @type {Map<string, HTMLElement>} */
    this.counts = new Map();
    /** @type {Map<HTMLInputElement, () => boolean>} what is ticked, and whether it is to be: not only the panel decides */
    this.ticks = new Map();
    this.build();
    state.follow((_choice, changed) => {
      if (NARROWING.some((key) => changed.has(key)) || changed.has("layers")) this.update();
    });
    this.update();
  }

  build() {
    const sites = this.atlas.layers.filter((layer) => layer.role === "sites");
    const context = this.atlas.layers.filter((layer) => layer.role !== "sites");
    const sections = [
      h("section", { class: "layers" }, h("h2", {}, word("panel.title")), sites.length ? this.list(sites) : h("p", { class: "quiet" }, word("panel.none"))),
      h("section", { class: "quiet collected" }, h("p", {}, this.collected), this.zone.as_of && h("p", {}, word("panel.as_of", { date: date(this.zone.as_of) }))),
      this.atlas.mentionField && this.collection(this.atlas.mentionField.name),
      ...this.parts,
      positionLegend(this.atlas.sites),
      context.length > 0 && h("section", { class: "layers is-context" }, h("h2", {}, word("panel.context")), this.list(context), this.basemaps.length > 0 && this.basemapChoice()),
    ];
    const services = this.element.querySelector("nav");
    this.element.replaceChildren(...[...sections, services].filter((part) => part instanceof Node));
  }

  /** @param {import("./atlas.js").Layer[]} layers */
  list(layers) {
    return h("ul", {}, ...layers.map((layer) => this.row(layer)));
  }

  /** @param {import("./atlas.js").Layer} layer */
  row(layer) {
    const name = say(layer.title);
    const count = h("span", { class: "count" });
    this.counts.set(layer.id, count);
    const box = h("input", {
      type: "checkbox",
      "aria-label": word("panel.show_layer", { name }),
      onchange: (/** @type {Event} */ event) => this.state.showLayer(layer.id, /** @type {HTMLInputElement} */ (event.target).checked),
    });
    this.ticks.set(box, () => this.state.choice.layers.has(layer.id));
    return h(
      "li",
      { class: "layer", "data-layer": layer.id },
      h("label", { class: "tick" }, box, symbol(layer, { size: 18 })),
      h(
        "button",
        { class: layer.count_as ? "layer-name is-stacked" : "layer-name", type: "button", title: say(layer.description) || null, onclick: () => this.openLayer(layer) },
        h("span", {}, name),
        count,
      ),
      h("button", { class: "connect-open", type: "button", "aria-label": word("connect.open_layer", { name }), title: word("connect.open_layer", { name }), onclick: () => this.connect(layer) }, "↗"),
    );
  }

  /** @param {string} field */
  collection(field) {
    /** @type {import("./conditions.js").Condition} */
    const mentioned = { kind: "values", field, values: [true], unknown: false };
    const choice = (/** @type {boolean} */ only, /** @type {string} */ key) => {
      const input = h("input", { type: "radio", name: "collection", onchange: () => this.state.ask(field, only ? mentioned : null) });
      this.ticks.set(input, () => {
        const condition = this.state.condition(field);
        return condition === null ? !only : only && isSame(condition, mentioned);
      });
      return h("label", {}, input, h("span", {}, word(key)));
    };
    return h(
      "fieldset",
      { class: "collection" },
      h("legend", {}, word("mention.title")),
      h("div", { class: "segments" }, choice(true, "mention.mentioned"), choice(false, "mention.all")),
    );
  }

  basemapChoice() {
    const select = h(
      "select",
      { onchange: () => this.state.set({ basemap: select.value || null }) },
      h("option", { value: "" }, word("basemap.own")),
      ...this.basemaps.map((basemap) => h("option", { value: basemap.id }, say(basemap.title))),
    );
    select.value = this.state.choice.basemap ?? "";
    return h("label", { class: "basemap-choice" }, word("basemap.title"), select);
  }

  update() {
    for (const [input, isTicked] of this.ticks) input.checked = isTicked();
    const note = say(this.zone.count_note);
    const count = number(this.atlas.sites.length);
    this.collected.textContent = note ? word("panel.collected_note", { count, note }) : word("panel.collected", { count });
    for (const layer of this.atlas.layers) {
      const element = this.counts.get(layer.id);
      if (element) this.count(layer, element);
    }
  }

  /** How many a layer has; of sites under a filter how many are left of all, or that it knows nothing of what is asked. @param {import("./atlas.js").Layer} layer @param {HTMLElement} element */
  count(layer, element) {
    const all = this.atlas.items.get(layer.id) ?? [];
    const found = this.state.found.get(layer.id) ?? [];
    const isNarrowed = this.state.isNarrowed() && layer.role === "sites" && all.length > 0;
    const lacking = isNarrowed ? this.state.lacking(layer) : [];
    element.classList.toggle("lacks", lacking.length > 0);
    element.title = lacking.length ? word("panel.lacks_fields", { names: joined(lacking) }) : "";
    if (lacking.length) element.textContent = word("panel.lacks");
    else element.textContent = isNarrowed ? word("panel.of", { count: number(found.length), all: number(all.length) }) : countText(layer, all);
  }
}

/**
 * The count of a layer as its editors count it ("2 中心 + 3 网络设施"), else the plain number.
 * @param {import("./atlas.js").Layer} layer
 * @param {import("./atlas.js").Item[]} items
 */
export function countText(layer, items) {
  if (!layer.count_as) return number(items.length);
  const { field, groups } = layer.count_as;
  const parts = groups.map((group) => {
    const count = items.filter((item) => group.codes.includes(String(item.feature.properties[field]))).length;
    return count ? `${number(count)} ${say(group.label)}` : "";
  });
  return parts.filter(Boolean).join(" + ") || number(items.length);
}
