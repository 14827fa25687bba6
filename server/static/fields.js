/** A feature's values as a reader sees them: labels, codes and units from the schema; what is unknown stays unknown. */

import { date, joined, lang, number, say, word } from "./words.js";

/** Roles that the side panel says in words of its own, above the list of facts. */
export const SAID_APART = new Set(["name", "anchor", "placement", "uncertainty", "inferred", "sources", "summary", "related", "mentioned", "nowhere"]);

/**
 * @param {unknown} value
 * @returns {boolean}
 */
export function isKnown(value) {
  return value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}

/**
 * @param {import("./atlas.js").Field} field
 * @param {import("./types.d.ts").Value} value
 * @returns {string}
 */
export function valueText(field, value) {
  if (Array.isArray(value)) return joined(value.map((one) => valueText({ ...field, type: "text" }, one)));
  const label = say(field.codes?.[String(value)]);
  if (label) return label;
  if (typeof value === "boolean") return word(value ? "yes" : "no");
  if (typeof value === "number" || typeof value === "bigint") return field.unit ? `${number(value)} ${field.unit}` : number(value);
  if (field.type === "date") return date(String(value));
  // Signs that nobody sees would be a choice without a name.
  return String(value).trim() ? String(value) : word("filter.blank");
}

/**
 * The facts of an item in the order of its schema: of a pair in two languages the reader's, or the other where that is
 * empty. Unknown is only what one would expect to be published: null may also mean that a field does not apply.
 * @param {import("./atlas.js").Item} item
 * @returns {{known: {field: import("./atlas.js").Field, text: string}[], unknown: string[]}}
 */
export function facts(item) {
  const fields = item.layer.schema.fields.filter((field) => !SAID_APART.has(field.role ?? ""));
  const known = [];
  const unknown = [];
  for (const field of fields) {
    const value = item.feature.properties[field.name];
    const twin = twinOf(field, fields);
    const twinValue = twin ? item.feature.properties[twin.name] : null;
    if (field.lang && field.lang !== lang && twin && (isKnown(twinValue) || !isKnown(value))) continue;
    if (isKnown(value)) known.push({ field, text: valueText(field, value) });
    else if (field.expected && !isKnown(twinValue)) unknown.push(say(field.label));
  }
  return { known, unknown };
}

/**
 * The same field in the other language: `note_zh` and `note_en`, or two fields of one role.
 * @param {import("./atlas.js").Field} field
 * @param {import("./atlas.js").Field[]} fields
 */
export function twinOf(field, fields) {
  if (!field.lang) return null;
  const stem = (/** @type {import("./atlas.js").Field} */ one) => one.name.replace(/[_-](zh|en)$/, "");
  return fields.find((one) => one !== field && one.lang && one.lang !== field.lang && (stem(one) === stem(field) || (one.role && one.role === field.role))) ?? null;
}
