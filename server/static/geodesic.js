/** Lengths and areas on the ellipsoid of WGS 84: the shortest lines between positions, and what they enclose. */

/** @typedef {{lat: number, lng: number}} LatLng degrees; longitudes beyond 180 are those of the next turn */

const A = 6378137;
const F = 1 / 298.257223563;
const B = A * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const RADIANS = Math.PI / 180;

/** Rounds of Vincenty's iteration: two or three are usual; beyond these the points are almost opposite on the globe. */
const ROUNDS = 60;

/** Abscissas and weights of Gauss and Legendre's rule with eight points, of one half of -1 to 1. */
const RULE = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
];

/** The longest side, in metres, that the rule takes in one piece. */
const LONGEST = 500_000;

/**
 * The shortest line between two positions, after Vincenty (1975): its length in metres and the azimuth at its begin in
 * radians. Null where both are almost opposite on the globe and no line is told from the others.
 * @param {LatLng} from
 * @param {LatLng} to
 */
function line(from, to) {
  const [sinU1, cosU1] = reduced(from.lat);
  const [sinU2, cosU2] = reduced(to.lat);
  const difference = wrapped((to.lng - from.lng) * RADIANS);
  let lambda = difference;
  for (let round = 0; round < ROUNDS; round += 1) {
    const [sin, cos] = [Math.sin(lambda), Math.cos(lambda)];
    const [y, x] = [cosU2 * sin, cosU1 * sinU2 - sinU1 * cosU2 * cos];
    const sinSigma = Math.hypot(y, x);
    const cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cos;
    if (sinSigma < 1e-15) return cosSigma > 0 ? { metres: 0, azimuth: 0 } : null;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cosU1 * cosU2 * sin) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const middle = cos2Alpha > 1e-15 ? cosSigma - (2 * sinU1 * sinU2) / cos2Alpha : 0;
    const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const before = lambda;
    lambda = difference + (1 - c) * F * sinAlpha * (sigma + c * sinSigma * (middle + c * cosSigma * (2 * middle ** 2 - 1)));
    if (Math.abs(lambda) > Math.PI) return null;
    if (Math.abs(lambda - before) > 1e-13) continue;
    const { a, deltaSigma } = series(cos2Alpha);
    return { metres: B * a * (sigma - deltaSigma(sinSigma, cosSigma, middle)), azimuth: Math.atan2(y, x) };
  }
  return null;
}

/** Sine and cosine of the reduced latitude. @param {number} lat degrees */
function reduced(lat) {
  const angle = Math.atan((1 - F) * Math.tan(lat * RADIANS));
  return [Math.sin(angle), Math.cos(angle)];
}

/** An angle as the one from -180 to 180 degrees. @param {number} angle radians */
function wrapped(angle) {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

/** What turns an arc of Vincenty's sphere into metres and back. @param {number} cos2Alpha */
function series(cos2Alpha) {
  const u2 = (cos2Alpha * (A ** 2 - B ** 2)) / B ** 2;
  const a = 1 + (u2 / 16384) * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const b = (u2 / 1024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  const deltaSigma = (/** @type {number} */ sin, /** @type {number} */ cos, /** @type {number} */ middle) =>
    b * sin * (middle + (b / 4) * (cos * (2 * middle ** 2 - 1) - (b / 6) * middle * (4 * sin ** 2 - 3) * (4 * middle ** 2 - 3)));
  return { a, deltaSigma };
}

/**
 * Where one comes from a position in a direction, after Vincenty (1975); also the azimuth there, in radians.
 * @param {LatLng} from
 * @param {number} azimuth radians
 * @param {number} metres
 */
function onward(from, azimuth, metres) {
  const [sinU1, cosU1] = reduced(from.lat);
  const [sinStart, cosStart] = [Math.sin(azimuth), Math.cos(azimuth)];
  const sigma1 = Math.atan2(sinU1, cosU1 * cosStart);
  const sinAlpha = cosU1 * sinStart;
  const cos2Alpha = 1 - sinAlpha ** 2;
  const { a, deltaSigma } = series(cos2Alpha);
  const whole = metres / (B * a);
  let [sigma, before, middle] = [whole, NaN, 0];
  for (let round = 0; round < ROUNDS && !(Math.abs(sigma - before) < 1e-13); round += 1) {
    middle = Math.cos(2 * sigma1 + sigma);
    before = sigma;
    sigma = whole + deltaSigma(Math.sin(sigma), Math.cos(sigma), middle);
  }
  const [sin, cos] = [Math.sin(sigma), Math.cos(sigma)];
  const x = sinU1 * sin - cosU1 * cos * cosStart;
  const lambda = Math.atan2(sin * sinStart, cosU1 * cos - sinU1 * sin * cosStart);
  const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
  const further = lambda - (1 - c) * F * sinAlpha * (sigma + c * sin * (middle + c * cos * (2 * middle ** 2 - 1)));
  const lat = Math.atan2(sinU1 * cos + cosU1 * sin * cosStart, (1 - F) * Math.hypot(sinAlpha, x));
  return { lat: lat / RADIANS, lng: from.lng + further / RADIANS, azimuth: Math.atan2(sinAlpha, -x) };
}

/**
 * Metres of the shortest way between two positions, to the millimetre; of almost opposite ones that over a pole.
 * @param {LatLng} from
 * @param {LatLng} to
 * @returns {number}
 */
export function distanceBetween(from, to) {
  const found = line(from, to);
  if (found) return found.metres;
  // Of all the lines between opposite positions that over a pole is the shortest: this lies halfway on it.
  const halfway = { lat: from.lat < 0 ? from.lat + 90 : from.lat - 90, lng: from.lng };
  return distanceBetween(from, halfway) + distanceBetween(halfway, to);
}

/** Metres along positions. @param {LatLng[]} positions */
export function lengthOf(positions) {
  return positions.slice(1).reduce((sum, to, index) => sum + distanceBetween(positions[index], to), 0);
}

/**
 * The shortest line between two positions as positions on it, with both ends, as fine as `step` metres.
 * @param {LatLng} from
 * @param {LatLng} to
 * @param {number} step
 * @returns {LatLng[]}
 */
export function along(from, to, step) {
  const { metres, azimuth } = line(from, to) ?? { metres: 0, azimuth: 0 };
  const parts = Math.ceil(metres / step);
  const between = [];
  for (let part = 1; part < parts; part += 1) {
    const { lat, lng } = onward(from, azimuth, (metres * part) / parts);
    between.push({ lat, lng });
  }
  return [from, ...between, to];
}

/**
 * Square metres inside a ring of positions (closed or not) whose sides are the shortest lines; 0 for fewer than three.
 * Where the sides cross, what lies on the one side counts against the other. The ring goes round no pole.
 * @param {LatLng[]} positions
 */
export function areaOf(positions) {
  const between = positions.map((from, index) => besideSide(from, positions[(index + 1) % positions.length], positions[0].lat));
  return Math.abs(between.reduce((sum, one) => sum + one, 0));
}

/**
 * Square metres between a side and a parallel close by, positive to the east: what each metre of the side adds.
 * @param {LatLng} from
 * @param {LatLng} to
 * @param {number} parallel degrees
 */
function besideSide(from, to, parallel) {
  const found = line(from, to);
  if (!found) return 0;
  const pieces = Math.ceil(found.metres / LONGEST);
  const half = found.metres / pieces / 2;
  let sum = 0;
  for (let piece = 0; piece < pieces; piece += 1) {
    for (const [abscissa, weight] of RULE) {
      for (const side of [-abscissa, abscissa]) {
        const { lat, azimuth } = onward(from, found.azimuth, half * (2 * piece + 1 + side));
        const radius = (A * Math.cos(lat * RADIANS)) / Math.sqrt(1 - E2 * Math.sin(lat * RADIANS) ** 2);
        sum += (weight * half * Math.sin(azimuth) * (northOfEquator(lat) - northOfEquator(parallel))) / radius;
      }
    }
  }
  return sum;
}

/** Square metres between the equator and a latitude, for each radian of longitude. @param {number} lat degrees */
function northOfEquator(lat) {
  const sin = Math.sin(lat * RADIANS);
  return (B ** 2 / 2) * (sin / (1 - E2 * sin ** 2) + Math.atanh(E * sin) / E);
}
