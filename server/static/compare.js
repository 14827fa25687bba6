/** Two to four districts side by side: what is known to lie in each alone, and what of the rest lies in none of them. */

import { figureName, isJoint } from "./totals.js";
import { figureText } from "./figures.js";
import { groupings, sitesOn, sums } from "./countable.js";
import { valueText } from "./fields.js";
import { joined, number, say, word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./atlas.js").Field} Field
 * @typedef {{text: string, beside: string, size: number, inferred: number}} Entry size, inferred: what its bar says
 * @typedef {{label: string, entries: Entry[], hasBars: boolean}} Line
 * @typedef {{title: string, lines: Line[]}} Part
 * @typedef {{areas: Item[], items: Item[][], several: number, unknown: number, parts: Part[]}} Comparison
 *   items: of each area those known to lie in it alone
 */

/** Where more than this is unknown or inferred, bars would say what is not known. */
const DOUBTFUL = 0.25;

/** So many values of a field are said. */
const VALUES = 5;

/** @param {import("./state.js").State} state @param {Item[]} areas @returns {Comparison} */
export function compare(state, areas) {
  const { atlas, choice } = state;
  const shown = state.shown();
  const items = areas.map((area) => shown.filter((item) => isAloneIn(item, area)));
  const layers = sitesOn(atlas, choice.layers);
  const of = (/** @type {import("./atlas.js").Layer} */ layer) => (/** @type {Item} */ item) => item.layer === layer;
  const coded = groupings(atlas, choice.layers).filter(({ field, isDistrict }) => field.codes && field.role === null && !isDistrict);
  const parts = [
    { title: word("stats.count"), lines: [countLine(word("stats.total"), shown, items), ...layers.map((layer) => countLine(say(layer.title), shown.filter(of(layer)), items.map((some) => some.filter(of(layer)))))] },
    { title: word("compare.sums"), lines: sums(atlas, choice.layers).flatMap((field) => sumLine(field, shown, items)) },
    { title: word("compare.values"), lines: coded.flatMap(({ field }) => valuesLine(field, items)) },
    { title: word("compare.figures"), lines: figureLines(state, areas) },
    { title: word("compare.areas"), lines: areaLines(areas, shown, items) },
  ];
  return { areas, items, parts: parts.filter(({ lines }) => lines.length), several: shown.filter((item) => item.districts.length > 1).length, unknown: shown.filter((item) => !item.districts.length).length };
}

/** @param {Item} item @param {Item} area */
function isAloneIn({ districts }, area) {
  return districts.length === 1 && area.districts.includes(districts[0]);
}

/** Whether enough is known of where items lie to compare districts by them. @param {Item[]} items */
function isTelling(items) {
  return items.filter((item) => !item.districts.length || item.inferred).length <= items.length * DOUBTFUL;
}

/** @param {string} label @param {Item[]} shown @param {Item[][]} items @returns {Line} */
function countLine(label, shown, items) {
  const entries = items.map((some) => {
    const inferred = some.filter((item) => item.inferred).length;
    const known = some.length - inferred;
    return { text: number(known), beside: inferred ? word("stats.also_inferred", { count: number(inferred) }) : "", size: known, inferred };
  });
  return { label, entries, hasBars: isTelling(shown) };
}

/** @param {Field} field @param {Item[]} shown @param {Item[][]} items @returns {Line[]} */
function sumLine(field, shown, items) {
  const known = (/** @type {Item[]} */ some) => some.map((item) => item.feature.properties[field.name]).filter((value) => typeof value === "number" || typeof value === "bigint");
  const all = items.map(known);
  if (!all.some((some) => some.length)) return [];
  const entries = all.map((some, index) => {
    const sum = added(some);
    const text = some.length ? [number(sum), field.unit].filter(Boolean).join(" ") : word("filter.unknown");
    const count = items[index].length;
    return { text, beside: count ? word("stats.known_of", { known: number(some.length), count: number(count) }) : "", size: Number(sum), inferred: 0 };
  });
  const isKnown = known(shown).length >= shown.length * (1 - DOUBTFUL) && entries.every(({ size }) => size >= 0);
  return [{ label: say(field.label), entries, hasBars: isTelling(shown) && isKnown }];
}

/** @param {(number | bigint)[]} values */
function added(values) {
  const isWhole = values.every((value) => typeof value === "bigint" || Number.isInteger(value));
  if (isWhole && values.some((value) => typeof value === "bigint")) return values.reduce((/** @type {bigint} */ sum, value) => sum + BigInt(value), 0n);
  return values.reduce((/** @type {number} */ sum, value) => sum + Number(value), 0);
}

/** How often each value of a field stands, in the order of its codes. @param {Field} field @param {Item[][]} items @returns {Line[]} */
function valuesLine(field, items) {
  const order = new Map(Object.keys(field.codes ?? {}).map((code, index) => [code, index]));
  const entries = items.map((some) => {
    /** @type {Map<import("./types.d.ts").Value, number>} */
    const counts = new Map();
    for (const item of some) for (const value of new Set([item.feature.properties[field.name] ?? []].flat())) counts.set(value, (counts.get(value) ?? 0) + 1);
    const sorted = [...counts].sort((a, b) => (order.get(String(a[0])) ?? order.size) - (order.get(String(b[0])) ?? order.size));
    const said = sorted.sort((a, b) => b[1] - a[1]).slice(0, VALUES).map(([value, count]) => word("compare.value", { value: valueText({ ...field, type: "text" }, value), count: number(count) }));
    return { text: joined(said) || "–", beside: sorted.length > VALUES ? word("compare.more_values", { count: number(sorted.length) }) : "", size: 0, inferred: 0 };
  });
  return entries.some(({ text }) => text !== "–") ? [{ label: say(field.label), entries, hasBars: false }] : [];
}

/** What was published of one district as a whole, or of several items that all lie in it and are all shown. @param {import("./state.js").State} state @param {Item[]} areas @returns {Line[]} */
function figureLines(state, areas) {
  return state.atlas.layers.flatMap((layer) => layer.figures.flatMap((figure) => {
    const members = figure.members.flatMap((id) => state.atlas.byKey.get(`${layer.id}/${id}`) ?? []);
    const at = areas.findIndex((area) => (layer.role === "areas" ? members.length === 1 && members[0] === area : isJoint(figure) && members.every((item) => state.shows(item) && isAloneIn(item, area))));
    if (at < 0 || members.length !== figure.members.length || !members.length) return [];
    const beside = isJoint(figure) ? word("compare.joint", { count: number(members.length) }) : "";
    const entries = areas.map((_, index) => (index === at ? { text: figureText(figure), beside, size: 0, inferred: 0 } : { text: "–", beside: "", size: 0, inferred: 0 }));
    return [{ label: figureName(figure), entries, hasBars: false }];
  }));
}

/** Published numbers of the districts themselves; with an area, how densely they are filled, where that is known. @param {Item[]} areas @param {Item[]} shown @param {Item[][]} items @returns {Line[]} */
function areaLines(areas, shown, items) {
  const fields = areas[0].layer.schema.fields.filter(({ name, type, role, codes }) => ["integer", "number"].includes(type) && role === null && !codes && areas.every((area) => area.layer.schema.fields.some((one) => one.name === name)));
  const value = (/** @type {Item} */ area, /** @type {Field} */ field) => area.feature.properties[field.name];
  const lines = fields.filter((field) => areas.some((area) => value(area, field) !== null && value(area, field) !== undefined)).map((field) => {
    const entries = areas.map((area) => ({ text: value(area, field) === null ? word("filter.unknown") : valueText(field, value(area, field)), beside: "", size: Number(value(area, field) ?? 0), inferred: 0 }));
    return { label: say(field.label), entries, hasBars: entries.every(({ size }) => size >= 0) };
  });
  const size = fields.find(({ unit }) => unit === "km²");
  if (!size || !isTelling(shown) || !areas.every((area) => Number(value(area, size)) > 0)) return lines;
  const entries = areas.map((area, index) => {
    const density = (items[index].filter((item) => !item.inferred).length / Number(value(area, size))) * 100;
    return { text: number(Math.round(density * 100) / 100), beside: "", size: density, inferred: 0 };
  });
  return [...lines, { label: word("compare.density", { field: say(size.label) }), entries, hasBars: true }];
}
