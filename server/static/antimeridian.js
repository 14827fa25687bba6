/** A zone across the antimeridian is drawn in one piece: longitudes west of it go on beyond 180 degrees. */

/**
 * Moves positions that lie a world away from the zone; features are changed in place.
 * @param {{geometry: import("./types.d.ts").Geometry | null}[]} features
 * @param {[number, number, number, number]} extent west, south, east, north; east above 180 where the zone crosses
 */
export function unwrap(features, [west, , east]) {
  if (east <= 180) return;
  const least = (west + east) / 2 - 180;
  for (const { geometry } of features) if (geometry) move(geometry, least);
}

/** @param {import("./types.d.ts").Geometry} geometry @param {number} least */
function move(geometry, least) {
  if (geometry.type === "GeometryCollection") for (const one of geometry.geometries) move(one, least);
  else for (const position of positions(geometry)) if (position[0] < least) position[0] += 360;
}

/** @param {import("./types.d.ts").Shape} shape @returns {[number, number][]} */
function positions({ type, coordinates }) {
  if (type === "Point") return [coordinates];
  if (type === "MultiPoint" || type === "LineString") return coordinates;
  if (type === "MultiPolygon") return coordinates.flat(2);
  return coordinates.flat();
}
