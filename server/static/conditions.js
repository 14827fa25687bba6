/** What a reader asks of one field: some of its values, or a range; each may also ask for what is not known. */

import { date, joined, number, word } from "./words.js";
import { valueText } from "./fields.js";

/**
 * @typedef {import("./atlas.js").Field} Field
 * @typedef {string | number | boolean} Value
 * @typedef {{kind: "values", field: string, values: Value[], unknown: boolean}} ValuesCondition any of the values; of a
 *   list any of its members
 * @typedef {{kind: "range", field: string, least: number | string | null, greatest: number | string | null,
 *   unknown: boolean}} RangeCondition both ends belong to it; null is open; texts are dates as ISO 8601 writes them
 * @typedef {ValuesCondition | RangeCondition} Condition
 */

/**
 * Whether a feature meets a condition: what is not known meets none that does not ask for it.
 * @param {Condition} condition
 * @param {Record<string, unknown>} properties
 */
export function meets(condition, properties) {
  const value = properties[condition.field];
  if (value === null || value === undefined) return condition.unknown;
  return condition.kind === "values" ? hasOne(condition.values, value) : isWithin(condition, value);
}

/** @param {Value[]} values @param {unknown} value */
function hasOne(values, value) {
  if (Array.isArray(value)) return value.some((member) => values.includes(member));
  return values.includes(typeof value === "bigint" ? Number(value) : /** @type {Value} */ (value));
}

/** A range without an end asks for what is not known alone. @param {RangeCondition} range @param {unknown} value */
function isWithin({ least, greatest }, value) {
  if (least === null && greatest === null) return false;
  // Beside a number a large whole one is compared as exactly as it is.
  const at = typeof value === "bigint" ? value : numeric(value);
  return (least === null || at >= numeric(least)) && (greatest === null || at <= numeric(greatest));
}

/** A number, or a date or instant as milliseconds since 1970: what ranges compare. @param {unknown} value */
export function numeric(value) {
  return typeof value === "string" ? instant(value) : Number(value);
}

/** Milliseconds since 1970 of a date or an instant; a day counts from its first second, in UTC. @param {string} text */
export function instant(text) {
  return Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
}

/**
 * The condition in the reader's words, without the field's name.
 * @param {Condition} condition
 * @param {Field} field
 */
export function conditionText(condition, field) {
  const unknown = condition.unknown ? [word("filter.unknown")] : [];
  if (condition.kind === "values") return joined([...condition.values.map((value) => valueText(field, value)), ...unknown]);
  const say = (/** @type {number | string} */ end) => (typeof end === "string" ? date(wholeDay(end)) : number(end));
  const { least, greatest } = condition;
  const range = least === null ? greatest !== null && `≤ ${say(greatest)}` : greatest === null ? `≥ ${say(least)}` : least === greatest ? say(least) : `${say(least)} – ${say(greatest)}`;
  const unit = field.unit && range ? ` ${field.unit}` : "";
  return joined([...(range ? [range + unit] : []), ...unknown]);
}

/** An instant that begins or ends a day as that day. @param {string} text */
function wholeDay(text) {
  return text.replace(/T(00:00:00|23:59:59\.999)Z$/, "");
}

/** @param {Condition} condition */
export function asksNothing(condition) {
  if (condition.unknown) return false;
  return condition.kind === "values" ? condition.values.length === 0 : condition.least === null && condition.greatest === null;
}

/** @param {Condition} one @param {Condition} other */
export function isSame(one, other) {
  return JSON.stringify(one) === JSON.stringify(other);
}

