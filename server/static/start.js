/** Starts the page: gets the words and the layers that the map script names, reads the link, draws. */

import { viewParams } from "./address.js";
import { unwrap } from "./antimeridian.js";
import { Atlas } from "./atlas.js";
import { byId, h } from "./dom.js";
import { dress, embedded } from "./embedded.js";
import { Page } from "./page.js";
import { State } from "./state.js";
import { readView } from "./view.js";
import { joined, lang, say, setWords, word } from "./words.js";

/**
 * Every layer's features; a layer that fails is named and left empty, the others are shown.
 * @param {import("./atlas.js").Layer[]} layers
 * @param {import("./types.d.ts").Answers} answers
 */
async function getAll(layers, answers) {
  /** @type {Map<string, import("./atlas.js").Feature[]>} */
  const features = new Map();
  /** @type {string[]} */
  const failed = [];
  const getOne = async (/** @type {import("./atlas.js").Layer} */ layer) => {
    try {
      const found = await answers.features(layer);
      if (window.zoneAtlas.extent) unwrap(found, window.zoneAtlas.extent);
      features.set(layer.id, found);
    } catch {
      failed.push(say(layer.title));
    }
  };
  await Promise.all(layers.map(getOne));
  return { features, failed };
}

/** @param {string | null} text @param {Node | null} [action] */
function notice(text, action = null) {
  const place = byId("notice");
  place.replaceChildren(...(text ? [h("span", {}, text)] : []), ...(action ? [action] : []));
  place.hidden = !text;
}

/** @param {string} [text] */
function retry(text = word("status.retry")) {
  return h("button", { class: "plain", type: "button", onclick: () => window.location.reload() }, text);
}

/** @param {import("./types.d.ts").Answers} answers who answers what the page asks */
async function start(answers) {
  const scene = window.zoneAtlas;
  const [said, { features, failed }] = await Promise.all([answers.words(lang), getAll(scene.layers, answers)]);
  setWords(said);
  const atlas = new Atlas(scene.layers, features);
  const view = readView(String(viewParams()), atlas, scene.basemaps.map((/** @type {{id: string}} */ one) => one.id));
  const { layers, conditions, other, q, area, certain, drawer, sort, table, group, sum, shade, compare, basemap, slides } = view;
  const state = new State(atlas, {
    ...{ layers, conditions, other, q, area, certain, drawer, sort, table, group, sum, shade, compare, basemap, slides },
    answer: null,
    selected: null,
    listed: null,
    theme: document.documentElement.dataset.theme === "dark" ? "dark" : "light",
  });
  dress();
  const page = new Page(scene, answers, atlas, state, view, notice);
  const selected = view.selected === null ? null : atlas.byKey.get(view.selected);
  if (selected) {
    // What the link opens is where the reader begins: no step back leads before it.
    state.isByItself = true;
    page.side.openItem(selected);
    state.isByItself = false;
    // The side panel has taken its room: the link's centre is that of what is left.
    page.frame.show(view);
  }
  const isEmpty = !failed.length && [...atlas.items.values()].every((items) => !items.length);
  if (isEmpty) byId("view").append(h("p", { class: "map-empty quiet" }, word("map.empty")));
  await page.asking.ask();
  const ignored = view.ignored.length > 0 && word("status.bad_link", { names: joined(view.ignored) });
  if (failed.length) notice(word("status.failed", { name: joined(failed) }), retry());
  else if (ignored) notice([ignored, page.refusal].filter(Boolean).join(" "));
  embedded(scene.map, state, { base: scene.base, obey: (order) => page.obey(order), whenRefused: (tell) => (page.whenRefused = tell) });
  performance.mark("map-drawn");
  document.documentElement.dataset.map = "drawn";
}

/** @param {import("./types.d.ts").Answers} answers */
export function begin(answers) {
  start(answers).catch((error) => {
    console.error(error);
    // The words themselves may be what is missing: these two came with the page.
    const { failed = "", retry: again = "" } = byId("notice").dataset;
    notice(failed.replace("{name}", () => document.title), retry(again));
  });
}
