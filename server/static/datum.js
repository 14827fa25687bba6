/** GCJ-02 and BD-09, the offset frames of Chinese web maps, to and from WGS 84: one position at a time. */

/** @typedef {{lat: number, lng: number}} LatLng degrees */

/** The box of the published formula; outside of it the three frames are taken as the same. @param {LatLng} at */
function isOffset({ lat, lng }) {
  return lng >= 72.004 && lng <= 137.8347 && lat >= 0.8293 && lat <= 55.8271;
}

/** Krasovsky 1940, the ellipsoid of the published GCJ-02 formula. */
const AXIS = 6378245;
const ECCENTRICITY = 0.006693421622965943;

/** @param {number} x @param {number} y degrees from 105 E, 35 N */
function shiftLat(x, y) {
  const root = Math.sqrt(Math.abs(x));
  const waves = 20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI);
  return (
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root +
    (2 / 3) * (waves + 20 * Math.sin(y * Math.PI) + 40 * Math.sin((y / 3) * Math.PI) + 160 * Math.sin((y / 12) * Math.PI) + 320 * Math.sin((y * Math.PI) / 30))
  );
}

/** @param {number} x @param {number} y degrees from 105 E, 35 N */
function shiftLng(x, y) {
  const root = Math.sqrt(Math.abs(x));
  const waves = 20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI);
  return (
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root +
    (2 / 3) * (waves + 20 * Math.sin(x * Math.PI) + 40 * Math.sin((x / 3) * Math.PI) + 150 * Math.sin((x / 12) * Math.PI) + 300 * Math.sin((x / 30) * Math.PI))
  );
}

/** WGS 84 to GCJ-02, as geo/datum.py does it for arrays; outside the box nothing moves. @param {LatLng} at */
export function toGcj({ lat, lng }) {
  if (!isOffset({ lat, lng })) return { lat, lng };
  const radians = (lat / 180) * Math.PI;
  const magic = 1 - ECCENTRICITY * Math.sin(radians) ** 2;
  const meridian = (AXIS * (1 - ECCENTRICITY)) / (magic * Math.sqrt(magic));
  return {
    lat: lat + (shiftLat(lng - 105, lat - 35) * 180) / (meridian * Math.PI),
    lng: lng + (shiftLng(lng - 105, lat - 35) * 180) / ((AXIS / Math.sqrt(magic)) * Math.cos(radians) * Math.PI),
  };
}

/** GCJ-02 to WGS 84 by four rounds, which leave less than a tenth of a millimetre. @param {LatLng} at */
export function fromGcj(at) {
  let { lat, lng } = at;
  for (let round = 0; round < 4; round += 1) {
    const there = toGcj({ lat, lng });
    lat += at.lat - there.lat;
    lng += at.lng - there.lng;
  }
  return { lat, lng };
}

/** What BD-09 multiplies degrees with, for its waves. */
const BAIDU_WAVE = (Math.PI * 3000) / 180;

/** GCJ-02 to BD-09, which turns it a little and shifts it once more. @param {LatLng} at */
export function toBd09({ lat, lng }) {
  if (!isOffset({ lat, lng })) return { lat, lng };
  const radius = Math.hypot(lng, lat) + 0.00002 * Math.sin(lat * BAIDU_WAVE);
  const angle = Math.atan2(lat, lng) + 0.000003 * Math.cos(lng * BAIDU_WAVE);
  return { lat: radius * Math.sin(angle) + 0.006, lng: radius * Math.cos(angle) + 0.0065 };
}
