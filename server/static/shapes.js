/** Lines and areas of site layers, drawn on a canvas: outline in the layer's colour, areas with a light fill. */

const L = window.L;

export class Shapes {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./state.js").State} state
   * @param {(item: import("./atlas.js").Item) => void} open
   */
  constructor(map, atlas, state, open) {
    this.map = map;
    this.state = state;
    map.createPane("shapes").style.zIndex = "400";
    const renderer = L.canvas({ pane: "shapes", tolerance: 6, padding: 0.4 });
    /** @type {Map<import("./atlas.js").Item, import("leaflet").GeoJSON>} */
    this.drawings = new Map();
    for (const item of atlas.sites) {
      if (item.home !== "map" || !item.geometry || item.point) continue;
      const drawing = L.geoJSON(item.geometry, {
        // Leaflet's options for vectors pass through GeoJSON to each path it makes.
        .../** @type {object} */ ({ renderer, pane: "shapes" }),
        bubblingMouseEvents: false,
        pointToLayer: (/** @type {unknown} */ _feature, /** @type {import("leaflet").LatLng} */ at) => L.circleMarker(at, { renderer, pane: "shapes", radius: 5 }),
      });
      drawing.on("click", () => open(item));
      this.drawings.set(item, drawing);
    }
  }

  draw() {
    const dark = this.state.choice.theme === "dark";
    for (const [item, drawing] of this.drawings) {
      if (!this.state.shows(item)) {
        drawing.remove();
        continue;
      }
      const selected = this.state.choice.selected === item.key;
      const { colour, dark: darkColour } = item.layer.style;
      drawing.setStyle({
        color: dark ? darkColour || colour : colour,
        weight: selected ? 4 : 2,
        fillOpacity: selected ? 0.25 : 0.12,
        dashArray: item.hollow || item.inferred ? "6 4" : undefined,
      });
      drawing.addTo(this.map);
    }
  }

  /** The extent of an item's drawing, to bring it into view. @param {import("./atlas.js").Item} item */
  bounds(item) {
    return this.drawings.get(item)?.getBounds() ?? null;
  }
}
