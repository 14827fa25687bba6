/** The window on the map: the link's view or the whole zone, kept as large as the window while the reader has not moved. */

const L = window.L;

/** Room for the degrees on the frame, in pixels. */
const PADDING = 26;

export class Frame {
  /**
   * @param {import("leaflet").Map} map
   * @param {[number, number, number, number] | null} extent west, south, east, north
   * @param {{center: [number, number] | null, zoom: number | null}} view longitude, latitude
   */
  constructor(map, extent, view) {
    this.map = map;
    this.extent = extent;
    this.show(view);
    map.on("dragstart zoomstart", () => (this.moved ||= !this.fitting));
    // The panel, the row at the edge and the side panel change the map's size, which Leaflet does not see by itself.
    new ResizeObserver(() => this.resized()).observe(map.getContainer());
  }

  /** The link's view, or the whole zone where it has none. @param {{center: [number, number] | null, zoom: number | null}} view */
  show(view) {
    this.map.invalidateSize({ pan: false });
    if (view.center) return this.moveTo(L.latLng(view.center[1], view.center[0]), view.zoom ?? this.wholeZoom(), true);
    this.home();
    if (view.zoom !== null) this.moveTo(this.map.getCenter(), view.zoom);
  }

  /** Another centre, another zoom, or both; what is not named stays. @param {import("./commands.js").Place} place */
  look({ center, zoom }) {
    if (center === null) return this.show({ center, zoom: zoom ?? null });
    const present = this.map.getCenter();
    this.map.invalidateSize({ pan: false });
    this.moveTo(center ? L.latLng(center[1], center[0]) : present, zoom ?? this.map.getZoom());
  }

  /** @param {import("leaflet").LatLng} center @param {number} zoom @param {boolean} [exact] not to the nearest pixel, as the map would be moved */
  moveTo(center, zoom, exact = false) {
    this.moved = true;
    this.map.setView(center, zoom, /** @type {import("leaflet").ZoomPanOptions} */ ({ animate: false, reset: exact }));
  }

  /** The zoom at which the whole zone is seen. */
  wholeZoom() {
    if (!this.extent) return this.map.getZoom();
    const [west, south, east, north] = this.extent;
    return this.map.getBoundsZoom(L.latLngBounds([south, west], [north, east]), false, L.point(2 * PADDING, 2 * PADDING));
  }

  /** The whole zone, as large as the window allows. */
  home() {
    this.fitting = true;
    if (this.extent) {
      const [west, south, east, north] = this.extent;
      this.map.fitBounds([[south, west], [north, east]], { padding: [PADDING, PADDING], animate: false });
    }
    this.fitting = false;
    this.moved = false;
  }

  resized() {
    // Where the reader has been, the middle stays the middle.
    this.map.invalidateSize(this.moved ? { animate: false } : { pan: false });
    if (!this.moved) this.home();
  }
}
