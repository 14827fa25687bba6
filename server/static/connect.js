/** "Use in QGIS / ArcGIS / GDAL / Python / Excel": addresses, lines to copy and files for QGIS, in the side panel. */

import { copyable } from "./copy.js";
import { h } from "./dom.js";
import { lang, say, word } from "./words.js";

/**
 * @typedef {{title: string, reach: "computer" | "network" | "everybody", qgis: {file: string, service: string},
 *   arcgis: string[], gdal: string, python: string, excel: string}} Ways
 */

/**
 * Opens the panel for a layer, or for the whole map.
 * @param {import("./side.js").Side} side
 * @param {string} base where the server's addresses begin
 * @param {import("./atlas.js").Layer | null} layer
 * @param {(text: string | null) => void} notice
 */
export async function openConnect(side, base, layer, notice) {
  const opener = document.activeElement;
  try {
    const answer = await fetch(`${base}connect/${encodeURIComponent(layer?.id ?? "map")}.json?lang=${lang}`);
    if (!answer.ok) throw new Error(String(answer.status));
    const ways = await answer.json();
    if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    side.openPanel(word("connect.title"), panel(ways, layer));
  } catch {
    notice(word("connect.failed"));
  }
}

/** @param {Ways} ways @param {import("./atlas.js").Layer | null} layer */
function panel(ways, layer) {
  return h(
    "article",
    { class: "connect" },
    h("h2", { tabindex: "-1" }, layer ? say(layer.title) : word("connect.whole")),
    h("p", { class: "quiet" }, word("connect.title")),
    ways.reach !== "everybody" && h("p", { class: "connect-reach" }, word(`connect.reach_${ways.reach}`)),
    part(
      "QGIS",
      h("p", {}, h("a", { class: "plain connect-file", href: ways.qgis.file, download: "" }, word(layer ? "connect.qlr" : "connect.qgs"))),
      note("qgis_file"),
      note("qgis_service"),
      copyable(ways.qgis.service, "QGIS"),
    ),
    part("ArcGIS", note("arcgis_service"), ...ways.arcgis.map((address) => copyable(address, "ArcGIS")), note("arcgis_note")),
    part("GDAL", note("gdal_note"), copyable(ways.gdal, "GDAL")),
    part("Python", note("python_note"), copyable(ways.python, "Python")),
    part("Excel", note("excel_note"), copyable(ways.excel, "Excel"), !layer && note("excel_whole")),
  );
}

/** @param {string} name @param {...import("./dom.js").Child} children */
function part(name, ...children) {
  return h("section", {}, h("h3", {}, name), ...children);
}

/** @param {string} key */
function note(key) {
  return h("p", { class: "quiet" }, word(`connect.${key}`));
}
