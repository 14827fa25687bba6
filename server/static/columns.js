/** What a table of items can show: a column for each thing that the schemas tell of sites, with its texts and its order. */

import { fieldsOf } from "./atlas.js";
import { instant } from "./conditions.js";
import { SAID_APART, isKnown, twinOf, valueText } from "./fields.js";
import { distanceText, position } from "./row.js";
import { joined, lang, say, word } from "./words.js";

/**
 * @typedef {import("./atlas.js").Item} Item
 * @typedef {import("./atlas.js").Field} Field
 * @typedef {import("./atlas.js").Layer} Layer
 * @typedef {string | number | bigint} Key
 * @typedef {{
 *   id: string, names: string[], label: string, unit: string | null, numeric: boolean, main: boolean, layers: Set<string> | null,
 *   lasting: boolean, text: (item: Item) => string, plain: (item: Item) => string, key: (item: Item) => Key | null,
 *   expected: (item: Item) => boolean,
 * }} Column
 *   id: as the address names it; names: of the fields that it shows; main: shown unless the reader chooses otherwise;
 *   layers: those that know it, null is all; lasting: the same for whatever is asked; text: empty where nothing is known;
 *   plain: for a spreadsheet; key: what it is sorted by, null where nothing is known; expected: whether a reader misses it
 */

/** Columns that no field is behind, by the names that they have in downloads. */
export const MADE = { layer: "layer", certainty: "area_certainty", distance: "distance_m" };

/** Roles that name other things by their keys: nothing to read in a table. */
const KEYS = new Set(["sources", "related"]);

/**
 * Every column of the zone's sites, in the order of a table.
 * @param {import("./state.js").State} state
 * @returns {Column[]}
 */
export function allColumns(state) {
  const { atlas } = state;
  const sites = atlas.layers.filter((layer) => layer.role === "sites");
  const match = (/** @type {Item} */ item) => state.choice.answer?.match(item) ?? null;
  const far = (/** @type {Item} */ item) => match(item)?.distance_m ?? null;
  const certainty = (/** @type {Item} */ item) => (match(item)?.certainty ? word(`certainty.${match(item)?.certainty}`) : "");
  const ofRole = (/** @type {string} */ role) => sites.flatMap((layer) => fieldsOf(layer, role));
  const made = (/** @type {string} */ id, /** @type {string} */ label, /** @type {Field[] | null} */ fields, /** @type {(item: Item) => string} */ text, /** @type {Partial<Column>} */ more = {}) => ({ ...column(id, label, text), names: fields ? [...new Set(fields.map((field) => field.name))] : [id], ...more });
  const [names, districts, placements] = ["name", "district", "placement"].map(ofRole);
  return [
    made(names[0]?.name ?? "name", word("table.name"), names, (item) => item.name),
    made(MADE.certainty, word("table.certainty"), null, certainty, { lasting: false, key: (item) => ["certain", "possible"].indexOf(match(item)?.certainty ?? "") + 1 || null }),
    made(MADE.distance, word("table.distance"), null, (item) => (far(item) === null ? "" : distanceText(/** @type {import("./answer.js").Match} */ (match(item)))), { lasting: false, numeric: true, key: far, plain: (item) => String(far(item) ?? "") }),
    made(MADE.layer, word("table.layer"), null, (item) => say(item.layer.title)),
    ...(districts.length ? [made(districts[0].name, say(districts[0].label), districts, (item) => joined(atlas.districtNames(item)), { expected: (item) => item.hasRole("district") })] : []),
    ...(placements.length ? [made(placements[0].name, say(placements[0].label), placements, (item) => position(item).join(" · "), { expected: (item) => item.hasRole("placement") })] : []),
    ...fieldColumns(sites, new Set([...names, ...districts, ...placements].map((field) => field.name))),
  ];
}

/** @param {string} id @param {string} label @param {(item: Item) => string} text @returns {Column} */
function column(id, label, text) {
  return { id, names: [id], label, unit: null, numeric: false, main: true, layers: null, lasting: true, text, plain: text, key: (item) => text(item) || null, expected: () => false };
}

/** A column for each field of one name, and of a pair in two languages one for both. @param {Layer[]} layers @param {Set<string>} apart names that have their column */
function fieldColumns(layers, apart) {
  /** @type {Map<string, Map<string, Field>>} field name to layer id to the layer's field of that name */
  const found = new Map();
  for (const { id, schema } of layers) {
    for (const field of schema.fields) {
      const twin = twinOf(field, schema.fields);
      if (apart.has(field.name) || KEYS.has(field.role ?? "") || (twin && field.lang !== lang)) continue;
      found.set(field.name, (found.get(field.name) ?? new Map()).set(id, field));
    }
  }
  return [...found].map(([name, fields]) => fieldColumn(name, fields, layers));
}

/** @param {string} name @param {Map<string, Field>} fields @param {Layer[]} layers @returns {Column} */
function fieldColumn(name, fields, layers) {
  const all = [...fields.values()];
  const shared = all.every((field) => field.unit === all[0].unit) ? all[0].unit : null;
  /** @type {Map<string, Field>} as a cell says it: the unit stands above it */
  const said = new Map([...fields].map(([id, field]) => [id, shared ? { ...field, unit: null } : field]));
  const twins = new Map(layers.map(({ id, schema }) => [id, fields.has(id) ? twinOf(/** @type {Field} */ (fields.get(id)), schema.fields)?.name : undefined]));
  const value = (/** @type {Item} */ { layer, feature: { properties } }) => {
    const own = properties[name];
    const twin = twins.get(layer.id);
    return isKnown(own) || !twin ? own : properties[twin];
  };
  const text = (/** @type {Item} */ item) => {
    const field = said.get(item.layer.id);
    return field && isKnown(value(item)) ? cellText(field, value(item)) : "";
  };
  const numeric = all.every((field) => !field.codes && (field.type === "number" || field.type === "integer"));
  return {
    ...column(name, say(all[0].label), text),
    names: [name, ...new Set([...twins.values()].filter((twin) => twin !== undefined))],
    unit: shared,
    numeric,
    main: all.some((field) => !SAID_APART.has(field.role ?? "")),
    layers: new Set(fields.keys()),
    plain: (item) => (numeric || all[0].type === "date" ? String(value(item) ?? "") : text(item)),
    key: (item) => (fields.has(item.layer.id) && isKnown(value(item)) ? keyOf(/** @type {Field} */ (fields.get(item.layer.id)), value(item)) : null),
    expected: (item) => fields.get(item.layer.id)?.expected ?? false,
  };
}

/** On one line. @param {Field} field @param {import("./types.d.ts").Value} value */
function cellText(field, value) {
  return valueText(field, value).replace(/\s+/g, " ");
}

/** @param {Field} field @param {import("./types.d.ts").Value} value @returns {Key} */
function keyOf(field, value) {
  if (field.codes || Array.isArray(value)) return valueText(field, value);
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "string" && field.type === "datetime") return instant(value) || value;
  return typeof value === "number" || typeof value === "bigint" ? value : String(value);
}

/**
 * The column that `sort` of the address names, and which way; null where there is none.
 * @param {Column[]} columns
 * @param {string | null} sort a field's name, with a minus before it for the greatest first
 */
export function sortColumn(columns, sort) {
  if (sort === null) return null;
  const named = (/** @type {string} */ name) => columns.find((column) => column.names.includes(name));
  const [up, down] = [named(sort), sort.startsWith("-") ? named(sort.slice(1)) : undefined];
  const found = up ?? down;
  return found ? { column: found, descending: !up } : null;
}

/** What the head of a column says. @param {Column} column */
export function headText({ label, unit }) {
  return unit ? word("table.with_unit", { label, unit }) : label;
}
