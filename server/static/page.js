/** The page put together: the map's parts, the panels around it, and what leads from one to the other. */

import { viewParams, write } from "./address.js";
import { Annotations } from "./annotations.js";
import { Asking } from "./answer.js";
import { AreaShape } from "./areashape.js";
import { Basemap, latLng } from "./basemap.js";
import { Chips } from "./chips.js";
import { CompareTab } from "./comparetab.js";
import { openConnect } from "./connect.js";
import { Coordinates } from "./coordinates.js";
import { openDownload } from "./download.js";
import { byId, h } from "./dom.js";
import { DrawArea } from "./drawarea.js";
import { Drawer } from "./drawer.js";
import { Filters } from "./filters.js";
import { rings } from "./borders.js";
import { figureNote } from "./figures.js";
import { Frame } from "./frame.js";
import { isFile } from "./framing.js";
import { fullScreen } from "./fullscreen.js";
import { headline } from "./headline.js";
import { isInside } from "./interior.js";
import { Locate } from "./locate.js";
import { Measure } from "./measure.js";
import { openMeeting } from "./meeting.js";
import { Nothing } from "./nothing.js";
import { Order } from "./order.js";
import { PlaceMark } from "./placemark.js";
import { placeOf } from "./navigate.js";
import { printing } from "./printing.js";
import { Panel } from "./panel.js";
import { PossibleAreas } from "./possible.js";
import { Raster } from "./raster.js";
import { Search } from "./search.js";
import { Shade } from "./shade.js";
import { Shapes } from "./shapes.js";
import { openShare } from "./share.js";
import { Sheet } from "./sheet.js";
import { Side } from "./side.js";
import { Statistics } from "./stats.js";
import { StatsTab } from "./statstab.js";
import { Strip } from "./strip.js";
import { Table } from "./table.js";
import { Ticks } from "./ticks.js";
import { Toolbar } from "./toolbar.js";
import { tools } from "./tools.js";
import { Totals } from "./totals.js";
import { Tray } from "./tray.js";
import { addressOf, readView } from "./view.js";
import { ViewList } from "./viewlist.js";
import { Within } from "./within.js";
import { lang, say, word } from "./words.js";

const L = window.L;

/** Close enough to see the surroundings of one place. */
const CLOSE = 12;

/** Nearer to the edge than this, in pixels, a place counts as hidden. */
const EDGE = 30;

/** What the reader goes back through, step by step; the map's moves only change the step they belong to. */
const STEPS = ["layers", "conditions", "other", "q", "area", "certain", "selected", "drawer", "sort", "table", "group", "sum", "shade", "compare", "basemap"];

/** What the drawing of the map depends on. */
const DRAWN = ["layers", "conditions", "answer", "selected", "listed", "theme"];

/** A question that takes longer than this is said to be under way, in milliseconds. */
const PATIENCE = 400;

export class Page {
  /**
   * @param {import("./types.d.ts").Scene} scene what the map script says: map, zone, layers, basemaps
   * @param {import("./types.d.ts").Answers} answers
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./state.js").State} state
   * @param {import("./view.js").View} view
   * @param {(text: string | null, action?: Node | null) => void} notice
   */
  constructor(scene, answers, atlas, state, view, notice) {
    /** @type {import("leaflet").Map} */
    this.map = scene.map;
    this.scene = scene;
    this.answers = answers;
    this.atlas = atlas;
    this.state = state;
    this.notice = notice;
    /** @type {string | null} why the last question was not answered */
    this.refusal = null;
    /** Told of each refusal, besides the reader. @type {(detail: string) => void} */
    this.whenRefused = () => undefined;
    const container = this.map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", word("map.label", { title: say(scene.zone.title) }));
    this.side = new Side(byId("side"), state, { select: (item, listed) => this.select(item, listed), look: (item) => this.look(item), coordinates: (item) => this.coordinates.open(/** @type {{lat: number, lng: number}} */ (placeOf(item)), item), askArea: (area) => this.askArea(area), hint: (reason, items) => this.possible.show(reason, items), base: scene.base });
    this.within = new Within(this.side, state);
    this.asking = new Asking(state, { answers, refused: (detail) => this.refused(detail), failed: (again) => this.refused(word("status.unanswered"), this.again(again)), busy: (is) => this.busy(is) });
    this.chips = new Chips(byId("chips"), state, () => this.within.open());
    this.statistics = new Statistics(state, answers);
    this.shade = new Shade(state, this.statistics);
    this.strip = this.panels();
    this.frame = new Frame(this.map, scene.extent, view);
    tools(this.map, state, this.frame);
    printing(this.frame, this.chips);
    this.basemap = new Basemap(this.map, atlas);
    this.shade.show((tones) => this.basemap.shade(tones));
    this.shapes = new Shapes(this.map, atlas, state, (item) => this.side.openItem(item));
    this.possible = new PossibleAreas(this.map, atlas);
    this.annotations = new Annotations(this.map, atlas, state, {
      openArea: (area, items) => this.openArea(area, items),
      openItems: (items, name) => this.side.openItems(items, name, true),
      openItem: (item) => this.side.openItem(item),
      hint: (reason, items) => this.possible.show(reason, items),
    });
    new AreaShape(this.map, state, scene.extent, { open: () => this.within.open(), change: (area) => this.askArea(area) });
    new Ticks(this.map, byId("view"), scene.extent);
    this.raster = new Raster(this.map, scene.basemaps, { credit: this.strip.raster, note: notice });
    this.raster.show(state.choice.basemap);
    this.redraw();
    state.follow((choice, changed) => this.changed(choice, changed));
    this.map.on("moveend", () => this.remember());
    this.map.on("click", (event) => this.clicked(event));
    window.addEventListener("popstate", () => this.goBack());
    this.placeMark = new PlaceMark(this.map);
    this.coordinates = new Coordinates(this.map, this.side, answers);
    new Search(byId("search"), byId("search-open"), { answers, atlas, openHit: (hit) => this.openHit(hit), openPlace: (place) => this.openPlace(place), only: (q) => state.set({ q }) });
    byId("download").addEventListener("click", () => openDownload(this.side, { base: scene.base, map: this.map, atlas, state, zone: scene.zone }));
  }

  /** The panels around the map; they take their room before the map is framed. */
  panels() {
    const { atlas, state, scene, side } = this;
    const order = new Order(state);
    const reach = { open: (/** @type {import("./atlas.js").Item} */ item) => side.openItem(item), openItems: side.openItems.bind(side), hint: side.actions.hint };
    const list = new ViewList(this.map, state, order, reach);
    const share = () => openShare({ side, base: scene.base, map: this.map, state, chips: this.chips, zone: scene.zone, approval: scene.approval });
    byId("share").addEventListener("click", share);
    new Nothing(byId("view"), state, this.chips, this.answers);
    const kinds = /** @type {const} */ (["box", "circle", "polygon"]);
    new Toolbar(byId("bar"), [...(isFile() ? [] : kinds).map((kind) => new DrawArea(this.map, kind, (area) => this.askArea(area))), new Measure(this.map, "length"), new Measure(this.map, "area"), new Locate(this.map, this.notice), ...fullScreen()]);
    this.totals = new Totals(byId("totals"), state, { note: say(scene.zone.count_note), openLayer: (layer) => this.openLayer(layer), openArea: () => this.within.open() });
    this.totals.tools.append(h("button", { class: "plain sheet-way share", type: "button", onclick: share }, word("share.button")), h("button", { id: "meeting", class: "plain", type: "button", onclick: () => this.openMeeting() }, word("meeting.button")), h("button", { class: "plain print", type: "button", onclick: () => window.print() }, word("print.title")));
    const stats = new StatsTab(state, { statistics: this.statistics, shade: this.shade, openLayer: (layer) => this.openLayer(layer) });
    const drawer = new Drawer(byId("drawer"), this.totals.tools, state, [new Table(state, order, reach), ...(isFile() ? [] : [stats]), new CompareTab(state)]);
    new Sheet(byId("drawer"), () => drawer.close());
    new Sheet(byId("side"), () => this.side.close(), 0);
    new Panel(byId("panel"), atlas, state, { zone: scene.zone, basemaps: scene.basemaps, parts: [this.shade.legend, new Filters(state).element, list.element], openLayer: (layer) => this.openLayer(layer), connect: (layer) => this.connect(layer) });
    new Tray(byId("tray"), atlas, state, { openItem: (item) => side.openItem(item), openList: (title, items) => side.openItems(items, title) });
    headline(byId("headline"), scene.zone, atlas, (layer, notes, members) => this.openLayer(layer, notes, members));
    return new Strip(byId("strip"), this.map, atlas, {
      zone: scene.zone,
      approval: scene.approval,
      connect: () => this.connect(null),
      about: () => side.openAbout(scene.zone, atlas.layers),
    });
  }

  /**
   * @param {import("./state.js").Choice} choice
   * @param {Set<string>} changed
   */
  changed(choice, changed) {
    if (changed.has("theme")) document.documentElement.dataset.theme = choice.theme;
    if (changed.has("answer")) this.answered();
    if (changed.has("basemap")) this.raster.show(choice.basemap);
    if (DRAWN.some((key) => changed.has(key))) this.redraw();
    const isStep = STEPS.some((key) => changed.has(key));
    if (isStep && this.refusal) {
      this.refusal = null;
      this.notice(null);
    }
    this.remember(isStep && !this.state.isByItself);
  }

  redraw() {
    this.basemap.show(this.state.choice.layers);
    this.shapes.draw();
    this.annotations.draw();
  }

  /** The view into the address bar. @param {boolean} [step] whether it is one to come back from */
  remember(step = false) {
    if (this.goingBack) return;
    const address = addressOf(this.map, this.state, Boolean(this.frame.moved));
    if (address !== window.location.href) write(address, step);
  }

  /** To the view in the address bar, which the browser has put back. */
  goBack() {
    const params = viewParams();
    if ((params.get("lang") ?? lang) !== lang) return window.location.reload();
    this.goTo(String(params));
  }

  /** Shows the view of a query, without a step to come back from. @param {string} search */
  goTo(search) {
    const view = readView(search, this.atlas, this.basemaps());
    this.goingBack = true;
    this.ask(view);
    this.open(view.selected);
    this.frame.show(view);
    this.goingBack = false;
    // The slides are kept, wherever the reader goes.
    this.remember();
  }

  /** What a page around this one orders, and nothing else. @param {import("./commands.js").Order} order */
  obey({ asked, selected, place }) {
    if (asked) this.state.set(asked);
    if (selected !== undefined) this.open(selected);
    if (place) this.frame.look(place);
  }

  /** The item of a key in the side panel, or nothing there. @param {string | null} key */
  open(key) {
    const item = key === null ? null : this.atlas.byKey.get(key);
    if (item && key !== this.state.choice.selected) this.side.openItem(item);
    else if (!item) this.side.close();
  }

  basemaps() {
    return this.scene.basemaps.map((/** @type {{id: string}} */ one) => one.id);
  }

  /** All that a view asks, but for what it selects. @param {import("./view.js").View} view */
  ask({ layers, conditions, other, q, area, certain, drawer, sort, table, group, sum, shade, compare, basemap }) {
    this.state.set({ layers, conditions, other, q, area, certain, drawer, sort, table, group, sum, shade, compare, basemap });
  }

  /** Narrows the map to an area, and says what is in it when that is known. @param {string} area */
  askArea(area) {
    this.opening = true;
    if (area === this.state.choice.area) this.answered();
    else this.state.set({ area });
  }

  /** What cannot be answered is said until the reader goes on, and nothing changes. @param {string} detail @param {Node | null} [action] */
  refused(detail, action = null) {
    this.opening = false;
    this.refusal = detail;
    this.whenRefused(detail);
    this.notice(detail, action);
  }

  /** The reader's question about an area has its answer. */
  answered() {
    if (this.opening && this.state.choice.area) this.within.open();
    this.opening = false;
  }

  /** A button that asks the server again what it did not answer. @param {() => void} ask */
  again(ask) {
    return h("button", { class: "plain", type: "button", onclick: ask }, word("status.retry"));
  }

  /** @param {boolean} is */
  busy(is) {
    window.clearTimeout(this.waiting);
    const stage = byId("stage");
    if (!is) return stage.removeAttribute("aria-busy");
    this.waiting = window.setTimeout(() => stage.setAttribute("aria-busy", "true"), PATIENCE);
  }

  /** @param {import("./atlas.js").Item | null} item @param {import("./atlas.js").Item[]} [listed] */
  select(item, listed = []) {
    this.state.set({ selected: item?.key ?? null, listed: listed.length ? new Set(listed.map((one) => one.key)) : null });
    this.possible.show("selection", item ? [item] : []);
    const district = item && item.home !== "map" && item.districts.length === 1 ? this.atlas.areaByDistrict.get(item.districts[0]) : null;
    this.basemap.highlight(district ?? null);
    if (item ?? listed[0]) this.keepInView(item ?? listed[0]);
  }

  /** Moves a place out from under the side panel, where that lies over the map. @param {import("./atlas.js").Item} item */
  keepInView(item) {
    if (item.home !== "map" || !item.point) return;
    requestAnimationFrame(() => {
      const map = this.map.getContainer().getBoundingClientRect();
      const side = byId("side").getBoundingClientRect();
      const point = this.map.latLngToContainerPoint(latLng(/** @type {[number, number]} */ (item.point)));
      const free = side.left <= map.left ? Math.min(map.bottom, side.top) - map.top : map.height;
      if (point.y > free - EDGE || point.y < EDGE || point.x < EDGE || point.x > map.width - EDGE) {
        this.map.panBy([point.x - map.width / 2, point.y - free / 2]);
      } else if (this.state.choice.listed) this.annotations.draw(); // a fan stays clear of the sheet that has come
    });
  }

  /** Brings an item into view, as near as its position is known. @param {import("./atlas.js").Item} item */
  look(item) {
    const shape = this.shapes.bounds(item);
    this.frame.moved = true;
    if (shape) this.map.fitBounds(shape, { maxZoom: CLOSE + 1 });
    else if (item.home === "map" && item.point) this.map.setView([item.point[1], item.point[0]], Math.max(this.map.getZoom(), CLOSE));
    else this.lookAtDistricts(item.districts);
  }

  /** Opens what was searched for, shown whatever was switched off. @param {import("./search.js").Hit} hit */
  openHit(hit) {
    const item = this.atlas.byKey.get(`${hit.layer}/${hit.id}`);
    if (!item) return window.location.assign(`${hit.href}?f=html`); // it has come since this page was loaded
    if (!this.state.choice.layers.has(item.layer.id)) this.state.showLayer(item.layer.id, true);
    this.letPass(item);
    this.side.openItems([item], item.name);
    // Pins among the sites have been kept in view as they were selected.
    const box = item.layer.role === "sites" ? this.shapes.bounds(item) : item.geometry && L.geoJSON(item.geometry).getBounds();
    if (!box || this.map.getBounds().intersects(box)) return;
    this.frame.moved = true;
    this.map.fitBounds(box, { maxZoom: CLOSE });
  }

  /** Takes back whatever is asked that an item does not meet. @param {import("./atlas.js").Item} item */
  letPass(item) {
    const { conditions, answer } = this.state.choice;
    const met = conditions.filter((condition) => this.state.meetsAll(item, [condition]));
    if (item.layer.role !== "sites") return;
    if (met.length < conditions.length) this.state.set({ conditions: met });
    if (answer && !answer.match(item)) this.state.set({ other: null, q: null, area: null, certain: false });
  }

  /** @param {import("./search.js").Place} place */
  openPlace(place) {
    this.frame.moved = true;
    this.placeMark.show(place);
  }

  /** @param {string[]} codes */
  lookAtDistricts(codes) {
    const areas = codes.map((code) => this.atlas.areaByDistrict.get(code)).filter((area) => area !== undefined);
    if (areas.length) this.map.fitBounds(L.featureGroup(areas.map((area) => L.geoJSON(area.geometry))).getBounds());
  }

  /** The present view is called by what is asked, else by the map's title. */
  openMeeting() {
    const title = () => this.chips.chips().map(({ label, text }) => [label, text].filter(Boolean).join(" ")).join(" · ") || say(this.scene.zone.title);
    openMeeting({ side: this.side, state: this.state, basemaps: this.basemaps(), goTo: (search) => this.goTo(search), title });
  }

  /** How other programs reach a layer, or all of them. @param {import("./atlas.js").Layer | null} layer */
  connect(layer) {
    openConnect(this.side, this.scene.base, layer, this.notice);
  }

  /**
   * Lists a layer with its figures, or the members of some of them.
   * @param {import("./atlas.js").Layer} layer
   * @param {Node[]} [notes]
   * @param {string[]} [members] feature ids; none means all
   */
  openLayer(layer, notes = layer.figures.map((figure) => figureNote(layer, figure)), members = []) {
    const items = members.length ? (this.atlas.items.get(layer.id) ?? []).filter((item) => members.includes(item.id)) : (this.state.found.get(layer.id) ?? []);
    this.side.openList({ title: say(layer.title), items, notes });
  }

  /** What a click on the ground means: the town whose dot is there, else the district. @param {import("leaflet").LeafletMouseEvent} event */
  clicked({ containerPoint, latlng, originalEvent }) {
    if (/** @type {Element} */ (originalEvent.target).closest("button")) return;
    const town = this.annotations.names.townAt(containerPoint);
    const area = this.atlas.areas.find((one) => this.state.shows(one) && contains(one.geometry, latlng));
    if (town) this.side.openItem(town);
    else if (area) this.openArea(area, this.annotations.plates.itemsOf(area));
  }

  /** Things of a district, which is lifted out. @param {import("./atlas.js").Item} area @param {import("./atlas.js").Item[]} items */
  openArea(area, items) {
    const about = () => h("p", {}, h("button", { class: "plain", type: "button", onclick: () => this.side.openItem(area) }, word("area.about", { name: area.name })));
    if (items.length > 1) this.side.openList({ title: area.name, items, notes: [about()] });
    else this.side.openItem(items[0] ?? area);
    this.basemap.highlight(area);
  }
}

/** @param {import("./types.d.ts").Geometry | null} geometry @param {import("leaflet").LatLng} at */
function contains(geometry, { lng, lat }) {
  return isInside({ x: lng, y: lat }, rings(geometry).map((ring) => ring.map(([x, y]) => ({ x, y }))));
}
