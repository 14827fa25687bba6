/** The area in which an uncertain thing may lie: a circle of its uncertainty, cut by the district it is known to be in. */

import { clipId, latLng, pathOf } from "./basemap.js";
import { svg } from "./dom.js";

const L = window.L;

export class PossibleAreas {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./atlas.js").Atlas} atlas
   */
  constructor(map, atlas) {
    this.map = map;
    this.atlas = atlas;
    const pane = map.createPane("possible");
    pane.style.zIndex = "420";
    pane.style.pointerEvents = "none";
    this.renderer = L.svg({ pane: "possible", padding: 0.6 });
    /** @type {Map<string, import("leaflet").LayerGroup>} drawings by what asked for them */
    this.drawn = new Map();
  }

  /**
   * Draws the possible areas of some items in place of those drawn before for the same reason.
   * @param {"selection" | "pointer" | "focus"} reason
   * @param {import("./atlas.js").Item[]} items
   */
  show(reason, items) {
    this.drawn.get(reason)?.remove();
    this.drawn.delete(reason);
    const uncertain = items.filter((item) => item.home === "map" && item.point && item.uncertainty);
    if (!uncertain.length) return;
    const group = L.layerGroup().addTo(this.map);
    /** @type {Set<string>} several things at one anchor often share one radius: it is drawn once */
    const seen = new Set();
    for (const item of uncertain) {
      const key = `${item.point} ${item.uncertainty} ${item.districts}`;
      if (seen.has(key)) continue;
      seen.add(key);
      this.circle(item).addTo(group);
      this.cut(/** @type {import("leaflet").LayerGroup} */ (group), item);
    }
    this.drawn.set(reason, group);
  }

  /** @param {import("./atlas.js").Item} item */
  circle(item) {
    const point = /** @type {[number, number]} */ (item.point);
    return L.circle(latLng(point), {
      radius: /** @type {number} */ (item.uncertainty),
      renderer: this.renderer,
      interactive: false,
      className: item.inferred ? "possible-area is-dashed" : "possible-area",
    });
  }

  /**
   * @param {import("leaflet").LayerGroup} group
   * @param {import("./atlas.js").Item} item
   */
  cut(group, item) {
    const area = item.districts.length === 1 ? this.atlas.areaByDistrict.get(item.districts[0]) : undefined;
    const circle = /** @type {import("leaflet").Path} */ (group.getLayers().at(-1));
    const path = pathOf(circle);
    this.definePattern(path);
    if (area && document.getElementById(clipId(area))) path.setAttribute("clip-path", `url(#${clipId(area)})`);
  }

  /** The soft dots, defined once beside the circles. @param {SVGElement} path */
  definePattern(path) {
    const root = path.ownerSVGElement;
    if (!root || root.querySelector("#possible-dots")) return;
    root.prepend(
      svg("pattern", { id: "possible-dots", width: 7, height: 7, patternUnits: "userSpaceOnUse" }, svg("circle", { cx: 2, cy: 2, r: 1.1, class: "possible-dot" })),
    );
  }
}
