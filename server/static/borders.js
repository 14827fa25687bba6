/** The lines along which two groups of areas meet (provinces), found by the edges that their polygons share. */

/** About 10 m: neighbouring files of one source differ in their last digit, so corners are compared this coarsely. */
const DIGITS = 4;

/** @param {import("./types.d.ts").Geometry | null} geometry @returns {[number, number][][]} */
export function rings(geometry) {
  if (!geometry) return [];
  if (geometry.type === "Polygon") return geometry.coordinates;
  if (geometry.type === "MultiPolygon") return geometry.coordinates.flat();
  return [];
}

/**
 * @param {{geometry: import("./types.d.ts").Geometry | null, group: string | null}[]} areas
 * @returns {[number, number][][]} lines of longitude, latitude between areas of different groups
 */
export function groupBorders(areas) {
  /** @type {Map<string, {group: string, line: [number, number][]}>} */
  const seen = new Map();
  /** @type {[number, number][][]} */
  const lines = [];
  for (const { geometry, group } of areas) {
    if (group === null) continue;
    for (const ring of rings(geometry)) {
      for (let index = 1; index < ring.length; index += 1) {
        const edge = [ring[index - 1], ring[index]];
        const key = edge.map((corner) => corner.map((value) => value.toFixed(DIGITS)).join(" ")).sort().join("|");
        const other = seen.get(key);
        if (!other) seen.set(key, { group, line: edge });
        else if (other.group !== group) lines.push(edge);
      }
    }
  }
  return chained(lines);
}

/**
 * Joins edges end to end, so that a dash pattern runs on instead of starting anew at each corner.
 * @param {[number, number][][]} edges
 */
function chained(edges) {
  const name = (/** @type {[number, number]} */ corner) => corner.map((value) => value.toFixed(DIGITS)).join(" ");
  /** @type {Map<string, Set<[number, number][]>>} */
  const at = new Map();
  for (const edge of edges) {
    for (const corner of edge) at.set(name(corner), (at.get(name(corner)) ?? new Set()).add(edge));
  }
  const unused = new Set(edges);
  /** @type {[number, number][][]} */
  const lines = [];
  for (const first of edges) {
    if (!unused.delete(first)) continue;
    const line = [...first];
    for (const grow of [
      () => line[line.length - 1],
      () => line[0],
    ]) {
      for (;;) {
        const end = grow();
        const next = [...(at.get(name(end)) ?? [])].find((edge) => unused.has(edge));
        if (!next) break;
        unused.delete(next);
        const far = name(next[0]) === name(end) ? next[1] : next[0];
        if (end === line[line.length - 1]) line.push(far);
        else line.unshift(far);
      }
    }
    lines.push(line);
  }
  return lines;
}
