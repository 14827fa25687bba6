/** What the layers that are on can be counted by, and which of their numbers can be added up. */

/**
 * @typedef {import("./atlas.js").Atlas} Atlas
 * @typedef {import("./atlas.js").Field} Field
 * @typedef {import("./atlas.js").Layer} Layer
 * @typedef {{name: string, field: Field, unit: "year" | "month" | null, isDistrict: boolean}} Grouping
 *   name: as requests write it, of a date with the part it is counted by
 */

const DATES = ["date", "datetime"];
const NUMBERS = ["integer", "number"];

/** Where a place is and how well it is known are said by other means; what has other roles is no kind of anything. */
const COUNTED_BY = new Set([null, "district", "placement", "basis", "group", "mentioned"]);

/** @param {Atlas} atlas @param {Set<string>} layers ids of those that are on */
export function sitesOn(atlas, layers) {
  return atlas.layers.filter((layer) => layer.role === "sites" && layers.has(layer.id));
}

/**
 * The district first, then every coded field of which anything is known, dates by their year and month.
 * @param {Atlas} atlas
 * @param {Set<string>} layers
 * @returns {Grouping[]}
 */
export function groupings(atlas, layers) {
  const found = merged(sitesOn(atlas, layers)).filter((field) => isGrouped(field) && isKnown(atlas, layers, field.name));
  return found.flatMap(grouped).sort((a, b) => Number(b.isDistrict) - Number(a.isDistrict));
}

/** @param {Field} field @returns {Grouping[]} */
function grouped(field) {
  const isDistrict = field.role === "district";
  if (!DATES.includes(field.type)) return [{ name: field.name, field, unit: null, isDistrict }];
  return /** @type {const} */ (["year", "month"]).map((unit) => ({ name: `${field.name}:${unit}`, field, unit, isDistrict }));
}

/** @param {Field} field */
function isGrouped({ name, type, codes, role }) {
  if (name.includes(",") || !(COUNTED_BY.has(role) || DATES.includes(type))) return false; // a comma parts the names of a request
  return Boolean(codes) || type === "boolean" || DATES.includes(type) || role === "district" || role === "placement";
}

/**
 * The numbers that can be added up: of one unit in all the layers that have them.
 * @param {Atlas} atlas
 * @param {Set<string>} layers
 * @returns {Field[]}
 */
export function sums(atlas, layers) {
  const on = sitesOn(atlas, layers);
  return merged(on).filter((field) => {
    const all = on.flatMap((layer) => layer.schema.fields.filter((one) => one.name === field.name));
    const isNumber = all.every((one) => NUMBERS.includes(one.type) && one.unit === field.unit && one.role === null && !one.codes);
    return isNumber && !field.name.includes(",") && isKnown(atlas, layers, field.name);
  });
}

/** Each field once, with the codes that any of the layers gives it. @param {Layer[]} layers */
function merged(layers) {
  /** @type {Map<string, Field>} */
  const fields = new Map();
  for (const field of layers.flatMap((layer) => layer.schema.fields)) {
    const first = fields.get(field.name);
    const codes = first?.codes || field.codes ? { ...field.codes, ...first?.codes } : null;
    fields.set(field.name, { ...(first ?? field), codes, role: first?.role ?? field.role });
  }
  return [...fields.values()];
}

/** @param {Atlas} atlas @param {Set<string>} layers @param {string} name */
function isKnown(atlas, layers, name) {
  return sitesOn(atlas, layers).some((layer) => atlas.items.get(layer.id)?.some(({ feature }) => {
    const value = feature.properties[name];
    return value !== null && value !== undefined && !(Array.isArray(value) && !value.length);
  }));
}

/**
 * Those that a text of the address names, as far as the layers on have them; else the first there is.
 * @param {string | null} text
 * @param {Grouping[]} all
 */
export function chosen(text, all) {
  const named = [...new Set((text ?? "").split(","))].flatMap((name) => all.find((one) => one.name === name) ?? []).slice(0, 2);
  return named.length ? named : all.slice(0, 1);
}

/** Whether a text names one or two things that layers of sites can be counted by. @param {string} text @param {Atlas} atlas */
export function isCounted(text, atlas) {
  const names = text.split(",");
  const all = new Set(groupings(atlas, everything(atlas)).map((one) => one.name));
  return names.length <= 2 && new Set(names).size === names.length && names.every((name) => all.has(name));
}

/** Whether a text names a number that can be added up in some of the layers. @param {string} text @param {Atlas} atlas */
export function isSummed(text, atlas) {
  return atlas.layers.some((layer) => layer.role === "sites" && sums(atlas, new Set([layer.id])).some((field) => field.name === text));
}

/** @param {Atlas} atlas */
function everything(atlas) {
  return new Set(atlas.layers.map((layer) => layer.id));
}
