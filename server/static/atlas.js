/** The layers as the page sees them: every feature an item with the meaning its schema's roles give it. */

import { rings } from "./borders.js";
import { lang, say } from "./words.js";

/**
 * @typedef {{zh: string, en: string}} Text
 * @typedef {{name: string, type: string, label: Text, unit: string | null, lang: "zh" | "en" | null,
 *   codes: Record<string, Text> | null, role: string | null, expected: boolean}} Field
 * @typedef {{symbol: string, colour: string, dark: string, importance: number,
 *   fills: {values: Record<string, [string, string]>} | null, labels_at: Record<string, [number, number]> | null}} Style
 * @typedef {{id: string, value: number | null, unit: string | null, qualifier: string | null, label: Text, text: Text | null,
 *   members: string[], source: string | null}} Figure
 * @typedef {{id: string, title: Text, publisher: Text | null, date: string | null, address: string | null,
 *   status: string | null}} Source
 * @typedef {{id: string, title: Text, description: Text, role: "sites" | "areas" | "places" | "backdrop", order: number,
 *   visible: boolean, schema: {geometry: string, fields: Field[]}, style: Style, count: number, url: string,
 *   count_as: {field: string, groups: {codes: string[], label: Text}[]} | null,
 *   figures: Figure[], sources: Source[], licence: {title: Text, address: string | null} | null}} Layer
 * @typedef {{type: string, id: string, geometry: import("./types.d.ts").Geometry | null, properties: Record<string, import("./types.d.ts").Value>}} Feature
 * @typedef {"map" | "plate" | "tray" | "nowhere"} Home where an item stands: at its place, in its district's plate, at
 *   the edge; nowhere what is no place at all
 */

/** The placements that give a point on the map; a layer without placements means what its geometry says. */
const PINNED = new Set(["site", "park", "township"]);

export class Item {
  /**
   * @param {Layer} layer
   * @param {Feature} feature
   * @param {number} index its number in the layer, from 0
   */
  constructor(layer, feature, index) {
    this.index = index;
    this.layer = layer;
    this.feature = feature;
    this.id = String(feature.id);
    this.key = `${layer.id}/${this.id}`;
    this.geometry = feature.geometry;
    /** @type {[number, number] | null} longitude, latitude */
    this.point = feature.geometry?.type === "Point" ? feature.geometry.coordinates : null;
    /** @type {Home} */
    this.home = "tray";
    /** @type {import("./answer.js").Certainty | null} whether it is in the area that is asked about, where one is */
    this.certainty = null;
  }

  /**
   * The value of the field that plays a role; of a pair in two languages the reader's, else the other.
   * @param {string} role
   * @returns {import("./types.d.ts").Value}
   */
  role(role) {
    for (const field of fieldsOf(this.layer, role)) {
      const value = this.feature.properties[field.name];
      if (value !== null && value !== undefined && value !== "") return value;
    }
    return null;
  }

  /** The same as text; null where nothing is said. @param {string} role */
  text(role) {
    const value = this.role(role);
    return value === null ? null : String(value);
  }

  /** The same as texts: a field may hold one value or several. @param {string} role */
  texts(role) {
    const value = this.role(role);
    return value === null ? [] : [value].flat().map(String);
  }

  /** @param {string} role */
  hasRole(role) {
    return fieldsOf(this.layer, role).length > 0;
  }

  get name() {
    return this.text("name") ?? `${say(this.layer.title)} ${this.index + 1}`;
  }

  get placement() {
    return this.text("placement");
  }

  /** The radius in metres in which the true position lies. @returns {number | null} */
  get uncertainty() {
    const metres = Number(this.role("uncertainty"));
    return metres > 0 ? metres : null;
  }

  get districts() {
    return this.texts("district");
  }

  get inferred() {
    return this.role("inferred") === true;
  }

  /** Drawn hollow: known to its town only. */
  get hollow() {
    return this.placement === "township";
  }
}

/** @type {WeakMap<Layer, Map<string, Field[]>>} found once, for they are asked for with each item */
const BY_ROLE = new WeakMap();

/** The fields of a layer that play a role, the reader's language first. @param {Layer} layer @param {string} role */
export function fieldsOf(layer, role) {
  const roles = BY_ROLE.get(layer) ?? new Map();
  BY_ROLE.set(layer, roles);
  const found = roles.get(role) ?? layer.schema.fields.filter((field) => field.role === role).sort((a, b) => Number(b.lang === lang) - Number(a.lang === lang));
  roles.set(role, found);
  return found;
}

/** Values of these types can be compared with one another. @param {Field} field */
function comparedAs({ type }) {
  return type === "integer" ? "number" : type;
}

export class Atlas {
  /**
   * @param {Layer[]} layers
   * @param {Map<string, Feature[]>} features by layer id
   */
  constructor(layers, features) {
    // The server has put them in order; where none was given, their number is it.
    this.layers = layers.map((layer, order) => ({ ...layer, order }));
    /** @type {Map<string, Item[]>} */
    this.items = new Map();
    for (const layer of this.layers) {
      this.items.set(layer.id, (features.get(layer.id) ?? []).map((feature, index) => new Item(layer, feature, index)));
    }
    /** @type {Map<string, Field>} the fields of sites by name, with the codes of all layers that have one */
    this.siteFields = new Map();
    /** @type {Set<string>} the names of those that are of one type in one layer and of another in the next */
    this.unlike = new Set();
    for (const layer of this.layers) {
      if (layer.role !== "sites") continue;
      for (const field of layer.schema.fields) {
        const known = this.siteFields.get(field.name);
        if (known && comparedAs(known) !== comparedAs(field)) this.unlike.add(field.name);
        this.siteFields.set(field.name, known ? { ...known, codes: known.codes || field.codes ? { ...field.codes, ...known.codes } : null } : field);
      }
    }
    this.areas = this.ofRole("areas").filter((item) => rings(item.geometry).length);
    /** @type {Map<string, Item>} the zone's districts by their code */
    this.areaByDistrict = new Map();
    for (const area of this.areas) for (const code of area.districts) this.areaByDistrict.set(code, area);
    this.sites = this.ofRole("sites");
    /** @type {Map<string, Item>} */
    this.byKey = new Map();
    for (const items of this.items.values()) for (const item of items) this.byKey.set(item.key, item);
    for (const item of this.sites) item.home = this.home(item);
  }

  /** @param {string} role */
  ofRole(role) {
    return this.layers.filter((layer) => layer.role === role).flatMap((layer) => this.items.get(layer.id) ?? []);
  }

  /** @param {string} id */
  layer(id) {
    return this.layers.find((layer) => layer.id === id);
  }

  /** What layers of sites call a field of this name; all that have it mean the same, else there is none to be asked about. @param {string} name @returns {Field | undefined} */
  field(name) {
    return this.unlike.has(name) ? undefined : this.siteFields.get(name);
  }

  /** The field that says whether a site is named in the report. @returns {Field | null} */
  get mentionField() {
    for (const layer of this.layers) {
      const found = layer.role === "sites" && layer.schema.fields.find((field) => field.role === "mentioned");
      if (found) return found;
    }
    return null;
  }

  /**
   * Where an item stands. A district's own points are never pins: three towns' worth of things would share one.
   * @param {Item} item
   * @returns {Home}
   */
  home(item) {
    const placement = item.placement;
    if (item.role("nowhere") === true) return "nowhere";
    if (placement === "district") {
      const known = item.districts.length === 1 && this.areaByDistrict.has(item.districts[0]);
      return known ? "plate" : "tray";
    }
    if (placement === "unknown" || !item.geometry) return "tray";
    return placement === null || PINNED.has(placement) ? "map" : "tray";
  }

  /**
   * A related feature by `layer/id` or, within the bundled way of writing, by its id alone.
   * @param {string} reference
   */
  find(reference) {
    const item = this.byKey.get(reference);
    if (item) return item;
    for (const layer of this.layers) {
      const found = this.byKey.get(`${layer.id}/${reference}`);
      if (found) return found;
    }
    return null;
  }

  /** The reader's name of a district code. @param {string} code @param {Item} item */
  districtName(code, item) {
    const area = this.areaByDistrict.get(code);
    if (area) return area.name;
    const field = item.layer.schema.fields.find((one) => one.role === "district");
    return say(field?.codes?.[code]) || code;
  }

  /** @param {Item} item */
  districtNames(item) {
    return item.districts.map((code) => this.districtName(code, item));
  }
}
