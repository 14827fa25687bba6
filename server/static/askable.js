/** Which fields of the layers that are on can be asked about, by their values or by a range. */

import { numeric } from "./conditions.js";
import { twinOf } from "./fields.js";
import { isRanged } from "./filter.js";
import { lang } from "./words.js";

/**
 * @typedef {import("./atlas.js").Field} Field
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./conditions.js").Value} Value
 * @typedef {{field: Field, layers: Set<string>, known: number, unknown: number}} Base layers: the ids of those that
 *   have the field; known, unknown: how many of their items say something
 * @typedef {Base & {kind: "values", values: Value[]}} AskableValues the values that occur, in an order that stays
 * @typedef {Base & {kind: "range", least: number, greatest: number}} AskableRange numbers, or milliseconds since 1970
 * @typedef {AskableValues | AskableRange} Askable
 */

/** Names and texts are searched, what is inferred or named has a place of its own: only these roles are asked about. */
const ROLES = new Set([null, "district", "placement", "basis", "instant", "group"]);

/** Texts without codes: so many at most, none longer than this (a Chinese character counts twice), said more than once. */
const MOST_TEXTS = 30;
const LONGEST_TEXT = 48;
const REPEATED = 1.5;

/** So many values are seen at once. */
const FEW = 7;

/** A field that so many of the items know is asked about before those of a few. */
const MANY = 0.5;

/**
 * The district first; then what most items know, in the order of the schema; then the rest, the best known first. What
 * has fewer than two values distinguishes nothing and is left out.
 * @param {import("./atlas.js").Atlas} atlas
 * @param {Set<string>} layers ids of those that are on
 * @returns {Askable[]}
 */
export function askable(atlas, layers) {
  const on = atlas.layers.filter((layer) => layer.role === "sites" && layers.has(layer.id));
  const items = new Map(on.map((layer) => [layer, atlas.items.get(layer.id) ?? []]));
  const all = [...items.values()].reduce((sum, some) => sum + some.length, 0);
  /** @type {Map<string, Field>} */
  const fields = new Map();
  for (const layer of on) {
    for (const field of layer.schema.fields) {
      const shared = atlas.field(field.name);
      if (shared && !fields.has(field.name) && ROLES.has(field.role) && isReaders(field, layer.schema.fields)) fields.set(field.name, shared);
    }
  }
  const found = [...fields.values()].flatMap((field) => {
    const holders = on.filter((layer) => layer.schema.fields.some((one) => one.name === field.name));
    return asked(field, new Set(holders.map((layer) => layer.id)), holders.flatMap((layer) => items.get(layer) ?? [])) ?? [];
  });
  const rank = (/** @type {Askable} */ one) => (one.field.role === "district" ? 0 : one.known >= all * MANY ? 1 : 2);
  return found.sort((a, b) => rank(a) - rank(b) || (rank(a) === 2 ? b.known - a.known : 0));
}

/** Of a pair in two languages the reader's. @param {Field} field @param {Field[]} fields */
function isReaders(field, fields) {
  return !field.lang || field.lang === lang || !twinOf(field, fields);
}

/** @param {Field} field @param {Set<string>} layers @param {Item[]} items @returns {Askable | null} */
function asked(field, layers, items) {
  const known = items.map((item) => item.feature.properties[field.name]).filter((value) => value !== null && value !== undefined);
  const base = { field, layers, known: known.length, unknown: items.length - known.length };
  if (isRanged(field)) {
    const { least, greatest } = span(known);
    return least < greatest ? { kind: "range", ...base, least, greatest } : null;
  }
  const values = field.codes || field.type === "boolean" ? codedValues(field, known) : textValues(field, known);
  return values.length > 1 ? { kind: "values", ...base, values } : null;
}

/** @param {unknown[]} known */
function span(known) {
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of known) {
    const at = numeric(value);
    if (at < least) least = at;
    if (at > greatest) greatest = at;
  }
  return { least, greatest };
}

/** Few in the order of their codes, which may be one of ranks; of many the most frequent first. @param {Field} field @param {unknown[]} known */
function codedValues(field, known) {
  const counts = frequencies(known);
  const codes = new Map(Object.keys(field.codes ?? {}).map((code, order) => [code, order]));
  const order = (/** @type {Value} */ value) => codes.get(String(value)) ?? codes.size;
  const often = (/** @type {Value} */ value) => (counts.size > FEW ? (counts.get(value) ?? 0) : 0);
  return [...counts.keys()].sort((a, b) => often(b) - often(a) || order(a) - order(b) || Number(b) - Number(a));
}

/** @param {Field} field @param {unknown[]} known */
function textValues({ type }, known) {
  if (type !== "text" && type !== "list") return [];
  const counts = frequencies(known, MOST_TEXTS);
  const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const isShort = [...counts.keys()].every((value) => width(String(value)) <= LONGEST_TEXT);
  if (counts.size > MOST_TEXTS || all < counts.size * REPEATED || !isShort) return [];
  return [...counts].sort((a, b) => b[1] - a[1]).map(([value]) => value);
}

/** @param {string} text */
function width(text) {
  return [...text].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 2 : 1), 0);
}

/**
 * How often each value stands, of a list each of its members.
 * @param {unknown[]} known
 * @param {number} [most] one value more than this and no further ones are looked for
 */
function frequencies(known, most = Infinity) {
  /** @type {Map<Value, number>} */
  const counts = new Map();
  for (const value of known) {
    for (const one of members(value)) counts.set(one, (counts.get(one) ?? 0) + 1);
    if (counts.size > most) break;
  }
  return counts;
}

/** The values that a condition compares with: of a list each once. @param {unknown} value @returns {Value[]} */
export function members(value) {
  if (Array.isArray(value)) return value.length > 1 ? [...new Set(value)] : value;
  return [typeof value === "bigint" ? Number(value) : /** @type {Value} */ (value)];
}
