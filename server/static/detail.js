/** One item in full: what it is, how well its place is known, its facts, joint figures, relations and sources. */

import { h } from "./dom.js";
import { facts } from "./fields.js";
import { figuresOf } from "./figures.js";
import { isFile } from "./framing.js";
import { navigation, placeOf, refusal } from "./navigate.js";
import { sourceLine } from "./sources.js";
import { itemSymbol } from "./symbols.js";
import { nearForm } from "./within.js";
import { distance, joined, lang, say, word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {{atlas: import("./atlas.js").Atlas, openItem: (item: Item) => void, look: (item: Item) => void, coordinates: (item: Item) => void, askArea: (area: string) => void, base: string}} Context
 */

/** @param {Item} item @param {Context} context */
export function detail(item, context) {
  const summary = item.text("summary");
  return h(
    "article",
    { class: "detail" },
    h("p", { class: "kind" }, itemSymbol(item, 16), say(item.layer.title)),
    h("h2", { tabindex: "-1" }, item.name),
    summary && h("p", { class: "summary" }, summary),
    position(item, context),
    around(item, context),
    figuresOf(item),
    factList(item),
    related(item, context),
    sources(item),
    profile(item, context),
  );
}

/** Where it is, in words, with the doubt before the place. @param {Item} item @param {Context} context */
function position(item, { atlas, look, coordinates }) {
  if (item.layer.role !== "sites") return null;
  // A layer without placements does not mean that each of its places is in doubt.
  const said = item.hasRole("placement") && h("b", {}, word(`placement.${item.placement ?? "none"}`));
  const badge = item.inferred && h("span", { class: "badge is-inferred" }, word("detail.inferred"));
  const lines = said || badge ? [h("p", { class: "placement" }, said, badge)] : [];
  if (item.home === "map") {
    if (item.uncertainty) lines.push(h("p", {}, word("detail.possible", { distance: distance(item.uncertainty) })));
    const anchor = item.text("anchor");
    if (anchor && item.placement !== "site") lines.push(h("p", { class: "quiet" }, word("detail.anchor", { name: anchor })));
  } else {
    lines.push(h("p", { class: "quiet" }, absence(item, atlas)));
  }
  const canLook = item.home === "map" || item.home === "plate";
  const place = placeOf(item);
  return h(
    "section",
    { class: "position" },
    lines.length > 0 && h("h3", {}, word("detail.placement")),
    ...lines,
    canLook && h("button", { class: "plain", type: "button", onclick: () => look(item) }, word("detail.focus")),
    place && h("button", { class: "plain coordinates-open", type: "button", onclick: () => coordinates(item) }, word("coordinates.title")),
    place ? navigation(place, item.name) : canLook && h("p", { class: "quiet" }, refusal(item)),
  );
}

/** What is near it; of a district, what is in it. @param {Item} item @param {Context} context */
function around(item, { askArea }) {
  if (item.layer.role === "areas") return h("section", { class: "around" }, h("button", { class: "plain", type: "button", onclick: () => askArea(`feature:${item.key}`) }, word("area.this_district")));
  if (item.layer.role !== "sites") return null;
  return h("section", { class: "around" }, h("h3", {}, word("area.near_title")), item.home === "map" ? nearForm(item, askArea) : h("p", { class: "quiet" }, word("area.near_unknown")));
}

/** Why nothing is drawn. @param {Item} item @param {import("./atlas.js").Atlas} atlas */
function absence(item, atlas) {
  const names = joined(atlas.districtNames(item));
  if (item.home === "plate") return word("detail.district_only", { name: names });
  if (item.home === "nowhere") return word("detail.nowhere");
  if (item.districts.length > 1) return word("detail.several_districts", { names });
  const unpublished = item.placement === "unknown";
  return unpublished ? word("detail.unplaced") : word("detail.not_drawn");
}

/** @param {Item} item */
function factList(item) {
  const { known, unknown } = facts(item);
  if (!known.length && !unknown.length) return null;
  return h(
    "section",
    { class: "facts" },
    h("h3", {}, word("detail.fields")),
    h("dl", {}, ...known.flatMap(({ field, text }) => [h("dt", {}, say(field.label)), h("dd", {}, text)])),
    unknown.length > 0 && h("p", { class: "quiet" }, word("detail.unknown_fields", { names: joined(unknown) })),
  );
}

/** @param {Item} item @param {Context} context */
function related(item, { atlas, openItem }) {
  const items = item.texts("related").map((reference) => atlas.find(reference)).filter((one) => one !== null);
  if (!items.length) return null;
  return h(
    "section",
    { class: "related" },
    h("h3", {}, word("detail.related")),
    h("ul", { class: "rows" }, ...items.map((one) => h("li", {}, h("button", { class: "row", type: "button", onclick: () => openItem(one) }, itemSymbol(one, 16), h("span", { class: "row-name" }, one.name))))),
  );
}

/** @param {Item} item */
function sources(item) {
  const known = item.texts("sources").map((id) => item.layer.sources.find((source) => source.id === id)).filter((source) => source !== undefined);
  const licence = item.layer.licence;
  if (!known.length && !licence) return null;
  return h(
    "section",
    { class: "sources" },
    known.length > 0 && h("h3", {}, word("detail.sources")),
    known.length > 0 && h("ul", {}, ...known.map(sourceLine)),
    licence && h("p", { class: "quiet" }, word("detail.licence", { name: say(licence.title) })),
  );
}

/** One page about it, to be handed over: only a server writes one. @param {Item} item @param {Context} context */
function profile(item, { base }) {
  if (isFile()) return null;
  const address = `${base}profiles/${encodeURIComponent(item.layer.id)}/${encodeURIComponent(item.id)}`;
  const link = (/** @type {string} */ ending, /** @type {string} */ name) => h("a", { class: "plain", href: `${address}.${ending}?lang=${lang}`, "aria-label": `${word("profile.title")} ${name}` }, name);
  return h("p", { class: "one-page" }, h("span", { class: "quiet" }, word("profile.title")), link("pdf", "PDF"), link("docx", "Word"));
}
