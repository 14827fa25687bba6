/** The page put together: the map's parts, the panels around it, and what leads from one to the other. */

import { Annotations } from "./annotations.js";
import { Basemap } from "./basemap.js";
import { openConnect } from "./connect.js";
import { byId } from "./dom.js";
import { Frame } from "./frame.js";
import { headline } from "./headline.js";
import { Panel } from "./panel.js";
import { PossibleAreas } from "./possible.js";
import { Raster } from "./raster.js";
import { Shapes } from "./shapes.js";
import { Side } from "./side.js";
import { Strip } from "./strip.js";
import { Ticks } from "./ticks.js";
import { tools } from "./tools.js";
import { Tray } from "./tray.js";
import { writeView } from "./view.js";
import { say, word } from "./words.js";

const L = window.L;

/** Close enough to see the surroundings of one place. */
const CLOSE = 12;

export class Page {
  /**
   * @param {any} scene what the map script says: map, zone, layers, basemaps
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./state.js").State} state
   * @param {import("./view.js").View} view
   * @param {(text: string | null) => void} notice
   */
  constructor(scene, atlas, state, view, notice) {
    /** @type {import("leaflet").Map} */
    this.map = scene.map;
    this.scene = scene;
    this.atlas = atlas;
    this.state = state;
    this.notice = notice;
    const container = this.map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", word("map.label", { title: say(scene.zone.title) }));
    this.side = new Side(byId("side"), atlas, { select: (item) => this.select(item), look: (item) => this.look(item) });
    this.strip = this.panels();
    this.frame = new Frame(this.map, scene.extent, view);
    this.basemap = new Basemap(this.map, atlas);
    this.shapes = new Shapes(this.map, atlas, state, (item) => this.side.openItem(item));
    this.possible = new PossibleAreas(this.map, atlas);
    this.annotations = new Annotations(this.map, atlas, state, {
      openArea: (area, items) => {
        this.side.openItems(items, area.name);
        this.basemap.highlight(area);
      },
      openItems: (items, name) => this.side.openItems(items, name),
      hint: (reason, items) => this.possible.show(reason, items),
    });
    new Ticks(this.map, byId("stage"));
    this.raster = new Raster(this.map, scene.basemaps, { credit: this.strip.raster, note: notice });
    tools(this.map, state, this.frame);
    this.raster.show(state.choice.basemap);
    this.redraw();
    state.follow((choice, changed) => this.changed(choice, changed));
    this.map.on("moveend", () => this.remember());
  }

  /** The panels around the map; they take their room before the map is framed. */
  panels() {
    const { atlas, state, scene, side } = this;
    new Panel(byId("panel"), atlas, state, { zone: scene.zone, basemaps: scene.basemaps, openLayer: (layer) => this.openLayer(layer), connect: (layer) => this.connect(layer) });
    new Tray(byId("tray"), atlas, state, { openItem: (item) => side.openItem(item), openList: (title, items) => side.openItems(items, title) });
    headline(byId("headline"), scene.zone.headline ?? [], atlas, (layer, note, members) => this.openLayer(layer, note, members));
    return new Strip(byId("strip"), this.map, atlas, {
      zone: scene.zone,
      approval: scene.approval,
      connect: () => this.connect(null),
      about: () => side.openAbout(scene.zone, atlas.layers, `${scene.base}?f=json`),
    });
  }

  /**
   * @param {import("./state.js").Choice} choice
   * @param {Set<string>} changed
   */
  changed(choice, changed) {
    if (changed.has("theme")) document.documentElement.dataset.theme = choice.theme;
    if (changed.has("basemap")) this.raster.show(choice.basemap);
    this.redraw();
    this.remember();
  }

  redraw() {
    this.basemap.show(this.state.choice.layers);
    this.shapes.draw();
    this.annotations.draw();
  }

  remember() {
    writeView(this.map, this.state.choice, this.atlas.layers, Boolean(this.frame.moved));
  }

  /** @param {import("./atlas.js").Item | null} item */
  select(item) {
    this.state.set({ selected: item?.key ?? null });
    this.possible.show("selection", item ? [item] : []);
    const district = item && item.home !== "map" && item.districts.length === 1 ? this.atlas.areaByDistrict.get(item.districts[0]) : null;
    this.basemap.highlight(district ?? null);
  }

  /** Brings an item into view, as near as its position is known. @param {import("./atlas.js").Item} item */
  look(item) {
    const shape = this.shapes.bounds(item);
    this.frame.moved = true;
    if (shape) this.map.fitBounds(shape, { maxZoom: CLOSE + 1 });
    else if (item.home === "map" && item.point) this.map.setView([item.point[1], item.point[0]], Math.max(this.map.getZoom(), CLOSE));
    else this.lookAtDistricts(item.districts);
  }

  /** @param {string[]} codes */
  lookAtDistricts(codes) {
    const areas = codes.map((code) => this.atlas.areaByDistrict.get(code)).filter((area) => area !== undefined);
    if (areas.length) this.map.fitBounds(L.featureGroup(areas.map((area) => L.geoJSON(area.geometry))).getBounds());
  }

  /** How other programs reach a layer, or all of them. @param {import("./atlas.js").Layer | null} layer */
  connect(layer) {
    openConnect(this.side, this.scene.base, layer, this.notice);
  }

  /**
   * Lists a layer, or the members of one of its figures with the figure above them.
   * @param {import("./atlas.js").Layer} layer
   * @param {Node | null} [note]
   * @param {string[] | null} [members]
   */
  openLayer(layer, note = null, members = null) {
    const items = (this.atlas.items.get(layer.id) ?? []).filter((item) =>
      members ? members.includes(item.id) : !this.state.choice.mentionedOnly || item.mentioned,
    );
    this.side.openList({ title: say(layer.title), items, note });
  }
}
