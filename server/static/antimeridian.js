/** A zone across the antimeridian is drawn in one piece: longitudes west of it go on beyond 180 degrees. */

/**
 * Moves positions that lie a world away from the zone; features are changed in place.
 * @param {{geometry: any}[]} features
 * @param {[number, number, number, number]} extent west, south, east, north; east above 180 where the zone crosses
 */
export function unwrap(features, [west, , east]) {
  if (east <= 180) return;
  const least = (west + east) / 2 - 180;
  for (const { geometry } of features) if (geometry) move(geometry.coordinates ?? geometry.geometries, least);
}

/** @param {any} part coordinates of any depth, or the members of a collection @param {number} least */
function move(part, least) {
  if (typeof part[0] === "number") {
    if (part[0] < least) part[0] += 360;
  } else for (const one of part) move(one.coordinates ?? one.geometries ?? one, least);
}
