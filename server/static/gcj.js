/** The map projection of basemaps in GCJ-02: only the drawing is shifted; positions, pointer and data stay WGS 84. */

import { fromGcj, toGcj } from "./datum.js";

const L = window.L;

const mercator = L.Projection.SphericalMercator;

/** Web Mercator whose ground is GCJ-02: what is projected is shifted, what is unprojected is shifted back. */
export const GcjMercator = L.extend({}, L.CRS.EPSG3857, {
  code: "GCJ-02",
  projection: L.extend({}, mercator, {
    project: (/** @type {import("leaflet").LatLng} */ at) => mercator.project(/** @type {import("leaflet").LatLng} */ (toGcj(at))),
    unproject: (/** @type {import("leaflet").Point} */ point) => {
      const { lat, lng } = fromGcj(mercator.unproject(point));
      return L.latLng(lat, lng);
    },
  }),
});
