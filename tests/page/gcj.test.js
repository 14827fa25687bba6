/** GCJ-02 in the browser: published pairs, there and back, and the map's projection. */

import assert from "node:assert/strict";
import { test } from "node:test";
import "./globals.js";

const { fromGcj, toGcj } = await import("../../server/static/datum.js");
const { GcjMercator } = await import("../../server/static/gcj.js");

/** Longitude and latitude in WGS 84, then in GCJ-02: the pairs of tests/geo/test_datum.py. */
const PUBLISHED = [
  [121.5272106, 31.1774276, 121.531541859215, 31.17530398364597],
  [113.912316, 22.543847, 113.9171764808363, 22.540796131694766],
  [116.404, 39.915, 116.41024449916938, 39.91640428150164],
  [121.0917077, 30.6107779, 121.09626935575027, 30.608604331756705],
];
const DEGREE = 111_320;

/** Metres between two positions near each other. */
function metres(a, b) {
  return Math.hypot((a.lat - b.lat) * DEGREE, (a.lng - b.lng) * DEGREE * Math.cos((a.lat * Math.PI) / 180));
}

/** Positions all over China, the same at every run. */
function* positions() {
  for (let lng = 73.5; lng < 135; lng += 1.37) for (let lat = 18.1; lat < 53.5; lat += 1.13) yield { lat, lng };
}

test("published pairs", () => {
  for (const [lng, lat, there, up] of PUBLISHED) assert.ok(metres(toGcj({ lat, lng }), { lng: there, lat: up }) < 0.01);
});

test("there and back within a tenth of a millimetre", () => {
  for (const at of positions()) {
    const shift = metres(toGcj(at), at);
    assert.ok(shift > 20 && shift < 1200, `${shift} m at ${at.lng}, ${at.lat}`);
    assert.ok(metres(fromGcj(toGcj(at)), at) < 1e-4);
  }
});

test("outside the formula's box nothing moves", () => {
  for (const [lng, lat] of [[72, 30], [137.9, 30], [100, 0.8], [100, 55.9], [-120, 31], [0, 0], [180, 90]]) {
    assert.deepEqual([toGcj({ lat, lng }), fromGcj({ lat, lng })], [{ lat, lng }, { lat, lng }]);
  }
});

test("on the map the drawing is shifted, and what the pointer reads is not", () => {
  const at = window.L.latLng(31.1774276, 121.5272106);
  const drawn = GcjMercator.latLngToPoint(at, 18);
  const plain = window.L.CRS.EPSG3857.latLngToPoint(window.L.latLng(toGcj(at)), 18);
  assert.ok(drawn.distanceTo(plain) < 1e-6);
  assert.ok(metres(GcjMercator.pointToLatLng(drawn, 18), at) < 1e-4);
});
