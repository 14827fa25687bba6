/** Places labels without overlap: the important first, each at the first of its places that is free. */

/** @typedef {{x: number, y: number, width: number, height: number}} Box in pixels, x and y of the upper left corner */

export class Placing {
  /** @param {Box} frame labels stay inside */
  constructor(frame) {
    this.frame = frame;
    /** @type {Map<string, {box: Box, owner: unknown}[]>} a coarse grid, so that each test looks at its neighbours only */
    this.cells = new Map();
  }

  /** @param {Box} box */
  *cellsOf(box) {
    const size = 64;
    for (let column = Math.floor(box.x / size); column <= Math.floor((box.x + box.width) / size); column += 1) {
      for (let row = Math.floor(box.y / size); row <= Math.floor((box.y + box.height) / size); row += 1) yield `${column},${row}`;
    }
  }

  /**
   * Takes a box whether or not it is free.
   * @param {Box} box
   * @param {unknown} [owner]
   */
  take(box, owner = null) {
    for (const cell of this.cellsOf(box)) {
      const entries = this.cells.get(cell);
      if (entries) entries.push({ box, owner });
      else this.cells.set(cell, [{ box, owner }]);
    }
  }

  /** Gives back all that an owner took. @param {unknown} owner */
  release(owner) {
    for (const [cell, entries] of this.cells) this.cells.set(cell, entries.filter((entry) => entry.owner !== owner));
  }

  /**
   * The owner of what is in the way, or null where the box is free. An owner's own boxes never are in its way.
   * @param {Box} box
   * @param {unknown} [owner]
   * @returns {{owner: unknown} | null}
   */
  obstacle(box, owner = null) {
    for (const cell of this.cellsOf(box)) {
      for (const entry of this.cells.get(cell) ?? []) {
        if ((owner === null || entry.owner !== owner) && overlap(entry.box, box)) return { owner: entry.owner };
      }
    }
    return null;
  }

  /** @param {Box} box */
  inside(box) {
    const { x, y, width, height } = this.frame;
    return box.x >= x && box.y >= y && box.x + box.width <= x + width && box.y + box.height <= y + height;
  }

  /**
   * The first box that is free and inside the frame, taken; null where none is.
   * @param {Iterable<Box>} boxes
   * @param {unknown} [owner]
   */
  place(boxes, owner = null) {
    for (const box of boxes) {
      if (!this.inside(box) || this.obstacle(box, owner)) continue;
      this.take(box, owner);
      return box;
    }
    return null;
  }

  /** The box moved into the frame. @param {Box} box @returns {Box} */
  clamped(box) {
    const { x, y, width, height } = this.frame;
    return {
      ...box,
      x: Math.max(x, Math.min(box.x, x + width - box.width)),
      y: Math.max(y, Math.min(box.y, y + height - box.height)),
    };
  }
}

/**
 * The places of a label that has a spot of its own: there, else the nearest free one in rings around it.
 * @param {{x: number, y: number}} spot the middle of the label
 * @param {number} width
 * @param {number} height
 * @param {number} furthest pixels from the spot
 * @returns {Generator<Box>}
 */
export function* outward(spot, width, height, furthest) {
  const box = (/** @type {number} */ x, /** @type {number} */ y) => ({ x: x - width / 2, y: y - height / 2, width, height });
  yield box(spot.x, spot.y);
  for (let radius = 10; radius <= furthest; radius += 10) {
    for (let step = 0; step < 16; step += 1) {
      const angle = (step * Math.PI) / 8;
      yield box(spot.x + radius * Math.cos(angle), spot.y + radius * Math.sin(angle));
    }
  }
}

/**
 * The point of a box that is nearest to another: where a line from there ends.
 * @param {{x: number, y: number}} point
 * @param {Box} box
 */
export function nearestOf({ x, y }, box) {
  return { x: Math.min(Math.max(x, box.x), box.x + box.width), y: Math.min(Math.max(y, box.y), box.y + box.height) };
}

/** @param {Box} a @param {Box} b */
function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/**
 * The places of a label around a point: beside it first, then above and below, then further out.
 * @param {{x: number, y: number}} point
 * @param {number} width
 * @param {number} height
 * @param {number} gap pixels between point and label
 * @returns {Generator<Box>}
 */
export function* around(point, width, height, gap) {
  const box = (/** @type {number} */ x, /** @type {number} */ y) => ({ x, y, width, height });
  for (const distance of [gap, gap + 10, gap + 22]) {
    yield box(point.x + distance, point.y - height / 2);
    yield box(point.x - distance - width, point.y - height / 2);
    yield box(point.x - width / 2, point.y - distance - height);
    yield box(point.x - width / 2, point.y + distance);
    yield box(point.x + distance * 0.7, point.y - distance * 0.7 - height);
    yield box(point.x + distance * 0.7, point.y + distance * 0.7);
    yield box(point.x - distance * 0.7 - width, point.y - distance * 0.7 - height);
    yield box(point.x - distance * 0.7 - width, point.y + distance * 0.7);
  }
}
