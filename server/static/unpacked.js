/** The features of a layer in a file (server/packed.py): column by column there, one by one here. */

import { parseExact } from "./exact.js";

/**
 * @typedef {import("./types.d.ts").Value} Value
 * @typedef {import("./types.d.ts").Position} Position
 * @typedef {import("./types.d.ts").Geometry} Geometry
 * @typedef {Value[] | {of: Value[], at?: number[]}} Column of: each different value once; at: which of them stands where
 * @typedef {{ids: string[], shapes: number[], decimals: number, steps: number[], fields: Record<string, Column>}} Packed
 */

/** In the order of KINDS in the server. */
const KINDS = /** @type {const} */ ([null, "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"]);

/** How deep the parts of each lie in one another. */
const DEPTHS = [0, 0, 1, 1, 2, 2, 3];

/**
 * @param {string} text JSON
 * @param {import("./atlas.js").Field[]} fields of the layer
 * @returns {import("./atlas.js").Feature[]}
 */
export function unpacked(text, fields) {
  const { ids, fields: columns, ...shapes } = /** @type {Packed} */ (parseExact(text));
  const geometry = reader(shapes);
  const values = fields.map(({ name }) => /** @type {const} */ ([name, valueOf(columns[name])]));
  return ids.map((id, index) => ({ type: "Feature", id, geometry: geometry(), properties: Object.fromEntries(values.map(([name, value]) => [name, value(index)])) }));
}

/** @param {Column | undefined} column nothing is known where there is none @returns {(index: number) => Value} */
function valueOf(column) {
  if (!column) return () => null;
  if (Array.isArray(column)) return (index) => column[index];
  const { of, at } = column;
  return at ? (index) => of[at[index]] : () => of[0];
}

/** Reads one geometry after the other. @param {Pick<Packed, "shapes" | "decimals" | "steps">} shapes @returns {() => Geometry | null} */
function reader({ shapes, decimals, steps }) {
  const scale = 10 ** decimals;
  let [at, step, x, y] = [0, 0, 0, 0];
  /** @returns {Position} */
  const position = () => {
    x += steps[step++];
    y += steps[step++];
    return [x / scale, y / scale];
  };
  /** @param {number} depth @returns {unknown} */
  const parts = (depth) => (depth ? Array.from({ length: shapes[at++] }, () => parts(depth - 1)) : position());
  /** @returns {Geometry | null} */
  const geometry = () => {
    const kind = shapes[at++];
    const type = KINDS[kind];
    if (type === null) return null;
    if (type === "GeometryCollection") return { type, geometries: Array.from({ length: shapes[at++] }, () => /** @type {Geometry} */ (geometry())) };
    return /** @type {Geometry} */ ({ type, coordinates: parts(DEPTHS[kind]) });
  };
  return geometry;
}
