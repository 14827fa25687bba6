/** The most inner point of a polygon on the screen: where its name has the most room. */

/** @typedef {{x: number, y: number}} Point */

/** Points tried along each side of the shape's box; more of them move a name by less than its own height. */
const STEPS = 14;

/**
 * @param {Point[][]} rings the outer ring and its holes, or several outer rings, in pixels
 * @param {Point[]} [avoided] points to keep away from as from the edges
 * @returns {{point: Point, room: number} | null} the point and its distance to the nearest of them, in pixels
 */
export function innermost(rings, avoided = []) {
  const corners = rings.flat();
  if (corners.length < 3) return null;
  const west = Math.min(...corners.map((corner) => corner.x));
  const east = Math.max(...corners.map((corner) => corner.x));
  const north = Math.min(...corners.map((corner) => corner.y));
  const south = Math.max(...corners.map((corner) => corner.y));
  /** @type {{point: Point, room: number} | null} */
  let best = null;
  for (let column = 1; column < STEPS; column += 1) {
    for (let row = 1; row < STEPS; row += 1) {
      const point = { x: west + ((east - west) * column) / STEPS, y: north + ((south - north) * row) / STEPS };
      if (!isInside(point, rings)) continue;
      const room = Math.min(
        ...rings.map((ring) => edgeDistance(point, ring)),
        ...avoided.map((other) => Math.hypot(point.x - other.x, point.y - other.y)),
      );
      if (!best || room > best.room) best = { point, room };
    }
  }
  return best;
}

/** Even-odd rule over all rings, so that holes count as outside. @param {Point} point @param {Point[][]} rings */
export function isInside(point, rings) {
  let odd = false;
  for (const ring of rings) {
    for (let index = 0, last = ring.length - 1; index < ring.length; last = index, index += 1) {
      const a = ring[index];
      const b = ring[last];
      if (a.y > point.y !== b.y > point.y && point.x < ((b.x - a.x) * (point.y - a.y)) / (b.y - a.y) + a.x) odd = !odd;
    }
  }
  return odd;
}

/** @param {Point} point @param {Point[]} ring */
function edgeDistance(point, ring) {
  let nearest = Infinity;
  for (let index = 1; index < ring.length; index += 1) {
    const a = ring[index - 1];
    const b = ring[index];
    const dx = b.x - a.x;
    const dy = b.y - a.y;
    const length = dx * dx + dy * dy;
    const along = length ? Math.max(0, Math.min(1, ((point.x - a.x) * dx + (point.y - a.y) * dy) / length)) : 0;
    nearest = Math.min(nearest, Math.hypot(point.x - a.x - along * dx, point.y - a.y - along * dy));
  }
  return nearest;
}
