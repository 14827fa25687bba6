/** Conditions as CQL2 text, the `filter` of the address and of every request, and back. */

import { instant } from "./conditions.js";

/**
 * @typedef {import("./conditions.js").Condition} Condition
 * @typedef {import("./conditions.js").Value} Value
 * @typedef {import("./atlas.js").Field} Field
 */

const NAME = `[A-Za-z_]\\w*|"(?:[^"]|"")+"`;
const TEXT = `'(?:[^'\\\\]|''|\\\\[^])*'`;
const LITERAL = `${TEXT}|-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|true|false`;
const LIST = `\\(\\s*((?:${LITERAL})(?:\\s*,\\s*(?:${LITERAL}))*)\\s*\\)`;
const END = `-?\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|DATE\\(\\s*'[^']*'\\s*\\)|TIMESTAMP\\(\\s*'[^']*'\\s*\\)`;
/** What is no name without quotation marks (the grammar's words between terms, and the values that it names). */
const RESERVED = /^(and|or|not|is|in|like|between|div|true|false|null)$/i;

const whole = (/** @type {string} */ pattern) => new RegExp(`^(?:${pattern})$`, "i");
const EQUAL = whole(`(${NAME})\\s*=\\s*(${LITERAL})`);
const IN = whole(`(${NAME})\\s+IN\\s*${LIST}`);
const OVERLAPS = whole(`A_OVERLAPS\\(\\s*(${NAME})\\s*,\\s*${LIST}\\s*\\)`);
const NULL = whole(`(${NAME})\\s+IS\\s+NULL`);
const AT_LEAST = whole(`(${NAME})\\s*>=\\s*(${END})`);
const AT_MOST = whole(`(${NAME})\\s*<=\\s*(${END})`);

/**
 * Conditions, and what else was asked, joined by AND; null where nothing is asked.
 * @param {Condition[]} conditions
 * @param {string | null} other CQL2 text of another kind
 * @param {(name: string) => Field | undefined} fieldOf
 */
export function filterText(conditions, other, fieldOf) {
  const parts = conditions.map((condition) => text(condition, fieldOf(condition.field)?.type));
  if (other) parts.push(parts.length ? `(${other})` : other);
  return parts.join(" AND ") || null;
}

/** @param {Condition} condition @param {string | undefined} type */
function text(condition, type) {
  const name = /^[A-Za-z_]\w*$/.test(condition.field) && !RESERVED.test(condition.field) ? condition.field : `"${condition.field.replace(/"/g, '""')}"`;
  const asked = condition.kind === "values" ? valuesText(name, condition.values, type) : rangeText(name, condition, type);
  const unknown = `${name} IS NULL`;
  if (!condition.unknown) return asked.length > 1 ? `(${asked.join(" AND ")})` : asked[0];
  return asked.length ? `(${asked.join(" AND ")} OR ${unknown})` : unknown;
}

/** @param {string} name @param {Value[]} values @param {string | undefined} type */
function valuesText(name, values, type) {
  const list = values.map((value) => (typeof value === "string" ? quoted(value) : String(value)));
  if (!list.length) return [];
  if (type === "list") return [`A_OVERLAPS(${name},(${list.join(",")}))`];
  return [list.length === 1 ? `${name}=${list[0]}` : `${name} IN (${list.join(",")})`];
}

/** @param {string} name @param {import("./conditions.js").RangeCondition} range @param {string | undefined} type */
function rangeText(name, { least, greatest }, type) {
  const end = (/** @type {number | string} */ one) => (typeof one === "number" ? String(one) : `${type === "datetime" ? "TIMESTAMP" : "DATE"}(${quoted(one)})`);
  return [...(least === null ? [] : [`${name}>=${end(least)}`]), ...(greatest === null ? [] : [`${name}<=${end(greatest)}`])];
}

/** A backslash begins an escape in CQL2 text, so one that is meant is doubled as an apostrophe is. @param {string} value */
function quoted(value) {
  return `'${value.replace(/['\\]/g, "$&$&")}'`;
}

/** What backslashes and doubled apostrophes stand for; other backslashes are themselves. @param {string} text without its quotation marks */
function unquoted(text) {
  const signs = /** @type {Record<string, string>} */ ({ a: "\x07", b: "\b", t: "\t", n: "\n", v: "\v", f: "\f", r: "\r" });
  return text.replace(/''|\\([\\'abtnvfr])/g, (_, sign) => (sign === undefined ? "'" : (signs[sign] ?? sign)));
}

/**
 * The conditions that a filter is made of, as far as they are of the kinds of the page; the rest as it is written.
 * @param {string} filter
 * @param {(name: string) => Field | undefined} fieldOf
 * @returns {{conditions: Condition[], other: string | null}}
 */
export function parseFilter(filter, fieldOf) {
  /** @type {Condition[]} */
  const conditions = [];
  const others = [];
  for (const term of terms(filter, "AND")) {
    const condition = parseTerm(term, fieldOf);
    // One condition a field: a second one on it is kept as it is written.
    if (condition && !conditions.some((one) => one.field === condition.field)) conditions.push(condition);
    else others.push(term);
  }
  return { conditions, other: others.length > 1 ? others.join(" AND ") : others.length ? unwrapped(others[0]) : null };
}

/** @param {string} term @param {(name: string) => Field | undefined} fieldOf @returns {Condition | null} */
function parseTerm(term, fieldOf) {
  const inner = unwrapped(term);
  const parts = terms(inner, "OR");
  if (parts.length > 2) return null;
  const last = NULL.exec(parts[parts.length - 1]);
  const unknown = last ? nameOf(last[1]) : null;
  if (unknown !== null && parts.length === 1) return onlyUnknown(fieldOf(unknown));
  if (parts.length === 2 && unknown === null) return null;
  const found = parseValues(parts[0], fieldOf) ?? parseRange(parts[0], fieldOf);
  if (!found || (unknown !== null && found.field !== unknown)) return null;
  return { ...found, unknown: unknown !== null };
}

/** @param {Field | undefined} field @returns {Condition | null} */
function onlyUnknown(field) {
  if (!field) return null;
  if (isRanged(field)) return { kind: "range", field: field.name, least: null, greatest: null, unknown: true };
  return { kind: "values", field: field.name, values: [], unknown: true };
}

/** Whether a field is asked about by ranges rather than by its values. @param {Field} field */
export function isRanged({ type, codes }) {
  return !codes && ["integer", "number", "date", "datetime"].includes(type);
}

/** @param {string} text @param {(name: string) => Field | undefined} fieldOf @returns {Condition | null} */
function parseValues(text, fieldOf) {
  const found = EQUAL.exec(text) ?? IN.exec(text) ?? OVERLAPS.exec(text);
  if (!found) return null;
  const field = nameOf(found[1]);
  const type = fieldOf(field)?.type;
  const values = literals(found[2]);
  const fits = { text: "string", list: "string", integer: "number", number: "number", boolean: "boolean" }[type ?? ""];
  const asList = OVERLAPS.test(text);
  if (!fits || asList !== (type === "list") || !values.every((value) => typeof value === fits && isExact(value, type))) return null;
  return { kind: "values", field, values, unknown: false };
}

/** @param {string} text @param {(name: string) => Field | undefined} fieldOf @returns {Condition | null} */
function parseRange(text, fieldOf) {
  /** @type {import("./conditions.js").RangeCondition | null} */
  let range = null;
  for (const part of terms(unwrapped(text), "AND")) {
    const [least, greatest] = [AT_LEAST.exec(part), AT_MOST.exec(part)];
    const found = least ?? greatest;
    if (!found) return null;
    const [field, end] = [nameOf(found[1]), endOf(found[2])];
    range ??= { kind: "range", field, least: null, greatest: null, unknown: false };
    const type = fieldOf(field)?.type ?? "";
    const fits = typeof end === "number" ? ["integer", "number"].includes(type) && isExact(end, type) : isTime(end, type);
    const side = least ? "least" : "greatest";
    if (!fits || range.field !== field || range[side] !== null) return null;
    range[side] = end;
  }
  return range;
}

/** Whether the page has a value as it was written: whole numbers beyond those of a double are the server's to compare. @param {Value} value @param {string | undefined} type */
function isExact(value, type) {
  return type !== "integer" || Number.isSafeInteger(value) || !Number.isInteger(value);
}

/** Whether a text is a day of the calendar for a date, an instant for a date and time; how one compares with the other the server says. @param {string} text @param {string} type */
function isTime(text, type) {
  const at = instant(text);
  const written = type === "date" ? /^[^T]{10}$/ : type === "datetime" ? /^.{10}T\d\d:\d\d:\d\d(\.\d+)?Z$/ : null;
  return written !== null && written.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text.slice(0, 10));
}

/** @param {string} name */
function nameOf(name) {
  return name.startsWith('"') ? name.slice(1, -1).replace(/""/g, '"') : name;
}

/** @param {string} text @returns {number | string} */
function endOf(text) {
  const time = /'([^']*)'/.exec(text);
  return time ? time[1] : Number(text);
}

/** @param {string} list @returns {Value[]} */
function literals(list) {
  return [...list.matchAll(new RegExp(LITERAL, "gi"))].map(([one]) => {
    if (one.startsWith("'")) return unquoted(one.slice(1, -1));
    return /^(true|false)$/i.test(one) ? one.toLowerCase() === "true" : Number(one);
  });
}

/** Without the parentheses around all of it, however many there are. @param {string} text */
export function unwrapped(text) {
  const closing = partners(text);
  let begin = 0;
  for (let inner = text; ; inner = inner.slice(1, -1), begin += 1) {
    begin += inner.length - inner.trimStart().length;
    inner = inner.trim();
    if (closing.get(begin) !== begin + inner.length - 1) return inner;
  }
}

/** Where each parenthesis is closed. @param {string} text */
function partners(text) {
  /** @type {Map<number, number>} */
  const closing = new Map();
  const open = [];
  for (const { at, sign } of signs(text)) {
    if (sign === "(") open.push(at);
    else if (sign === ")") closing.set(open.pop() ?? -1, at);
  }
  return closing;
}

/**
 * The parts of an expression between ANDs, or ORs, outside of parentheses; one with an OR is no row of ANDs.
 * @param {string} text
 * @param {"AND" | "OR"} by
 */
export function terms(text, by) {
  let depth = 0;
  let between = false;
  let begin = 0;
  const parts = [];
  for (const { at, sign } of signs(text)) {
    if (sign === "(") depth += 1;
    else if (sign === ")") depth -= 1;
    else if (depth === 0) {
      const name = sign.toUpperCase();
      if (by === "AND" && name === "OR") return [text.trim()];
      if (name === "BETWEEN") between = true;
      else if (name === "AND" && between) between = false;
      else if (name === by) {
        parts.push(text.slice(begin, at).trim());
        begin = at + sign.length;
      }
    }
  }
  return [...parts, text.slice(begin).trim()];
}

/** Parentheses and words, leaving out what stands in quotes. @param {string} text */
function* signs(text) {
  for (const found of text.matchAll(/'(?:[^'\\]|''|\\[^])*'|"(?:[^"]|"")*"|[()]|[A-Za-z_]\w*/g)) {
    if (!/^['"]/.test(found[0])) yield { at: found.index, sign: found[0] };
  }
}
