/** The buttons of the page itself: zoom, whole zone, theme, language, and the layers' sheet on a phone. */

import { addressWith, viewParams } from "./address.js";
import { byId, h } from "./dom.js";
import { Sheet } from "./sheet.js";
import { lang, word } from "./words.js";

/**
 * @param {import("leaflet").Map} map
 * @param {import("./state.js").State} state
 * @param {import("./frame.js").Frame} frame
 */
export function tools(map, state, frame) {
  const button = (/** @type {string} */ sign, /** @type {string} */ key, /** @type {() => void} */ act) =>
    h("button", { type: "button", title: word(key), "aria-label": word(key), onclick: act }, sign);
  byId("view").append(
    h(
      "div",
      { class: "zoom-tools" },
      button("+", "map.zoom_in", () => map.zoomIn()),
      button("−", "map.zoom_out", () => map.zoomOut()),
      button("⌂", "map.home", () => frame.home()),
    ),
  );
  byId("theme").addEventListener("click", () => switchTheme(state));
  byId("language").addEventListener("click", switchLanguage);
  layersSheet();
}

/** On a phone the panel is a sheet: opened and closed by its button, closed by Escape, with the focus led in and back. */
function layersSheet() {
  const opener = byId("layers-open");
  const panel = byId("panel");
  /** @type {HTMLElement} */
  let from = opener;
  const show = (/** @type {boolean} */ open) => {
    document.body.classList.toggle("panel-open", open);
    opener.setAttribute("aria-expanded", String(open));
    (open ? panel : from).focus();
  };
  // Short ways to the parts of it that lie far down.
  for (const [part, key] of [[".filters", "filter.title"], [".view-list", "list.title"]]) {
    const way = h("button", { class: "plain sheet-way", type: "button", "data-part": part, "aria-controls": "panel", onclick: () => {
      from = way;
      show(true);
      panel.querySelector(part)?.scrollIntoView();
      from = opener;
    } }, word(key));
    byId("totals").querySelector(".totals-tools")?.append(way);
  }
  opener.addEventListener("click", () => show(!document.body.classList.contains("panel-open")));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.body.classList.contains("panel-open")) show(false);
  });
  panel.prepend(h("button", { class: "plain sheet-close", type: "button", "aria-label": word("list.close"), onclick: () => show(false) }, "×"));
  new Sheet(panel, () => show(false));
}

/** @param {import("./state.js").State} state */
function switchTheme(state) {
  const theme = state.choice.theme === "dark" ? "light" : "dark";
  try {
    window.localStorage.setItem("zoneatlas-theme", theme);
  } catch {
    // Storage may be closed to the page: the choice then lasts as long as the page does.
  }
  state.set({ theme });
}

/** The other language shows the same view, so its address is made when it is asked for. @param {Event} event */
function switchLanguage(event) {
  event.preventDefault();
  const params = viewParams();
  params.set("lang", lang === "zh" ? "en" : "zh");
  window.location.assign(addressWith(params));
}
