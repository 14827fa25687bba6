/** Messages between the map in a frame and the page around it: only with origins that the server allows. */

import { isAsked } from "./answer.js";
import { COMMANDS, readCommand } from "./commands.js";
import { word } from "./words.js";

/**
 * @typedef {object} Page
 * @property {(order: import("./commands.js").Order) => void} obey changes what an order names, and nothing else
 * @property {(tell: (reason: string) => void) => void} whenRefused what the server does not answer is told, in words
 */

/** @typedef {{layers: string[], filter: string | null, q: string | null, area: string | null, count: number}} Filter */

/** Said in every message, so that neither side takes another's for ours. */
const VERSION = 1;

/** Longer names of commands are cut before they are said back. */
const LONGEST_NAME = 80;

/** The origin of the page around this one, as far as the browser tells. */
function parentOrigin() {
  const known = window.location.ancestorOrigins?.[0];
  if (known) return known;
  try {
    return new URL(document.referrer).origin;
  } catch {
    return null;
  }
}

export class Messages {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./state.js").State} state
   * @param {Page} page
   */
  constructor(map, state, page) {
    this.map = map;
    this.state = state;
    this.page = page;
    /** @type {Filter | undefined} */
    this.inForce = undefined;
    /** Conditions that came with a question to the server, and those before them. @type {Record<"asked" | "conditions", import("./conditions.js").Condition[]> | null} */
    this.before = null;
    /** What the page around knows, as it was told. */
    this.told = this.parts();
    const allowed = (document.documentElement.dataset.framed ?? "").split(" ").filter(Boolean);
    const origin = parentOrigin();
    this.origin = origin !== null && window.parent !== window && allowed.includes(origin) ? origin : null;
    if (this.origin === null) return;
    this.tell("ready", this.all());
    window.addEventListener("message", (event) => this.heard(event));
    map.on("moveend", () => this.later());
    state.follow(() => this.later());
    page.whenRefused((reason) => this.refused(reason));
  }

  view() {
    const { lng, lat } = this.map.getCenter();
    return { center: [Number(lng.toFixed(5)), Number(lat.toFixed(5))], zoom: this.map.getZoom() };
  }

  /** What is asked and answered; while an answer is awaited, or when it is refused, that is what was asked before. @returns {Filter} */
  filter() {
    const { choice, atlas } = this.state;
    if (this.inForce && !isAnswered(choice)) return this.inForce;
    const layers = atlas.layers.filter((layer) => choice.layers.has(layer.id)).map((layer) => layer.id);
    this.inForce = { layers, filter: this.state.filter(), q: choice.q, area: choice.area, count: this.state.shown().length };
    return this.inForce;
  }

  /** What is told of by itself, by the names of the messages. */
  parts() {
    return { select: { item: this.state.choice.selected }, filter: this.filter(), view: this.view() };
  }

  all() {
    return { ...this.view(), ...this.filter(), item: this.state.choice.selected };
  }

  /** @param {string} type @param {Record<string, unknown>} [said] */
  tell(type, said = {}) {
    window.parent.postMessage({ zoneAtlas: VERSION, type, ...said }, /** @type {string} */ (this.origin));
  }

  /** What one event leads to is told together, when all of it has been done. */
  later() {
    if (this.isWaiting) return;
    this.isWaiting = true;
    queueMicrotask(() => {
      this.isWaiting = false;
      this.tellChanges();
    });
  }

  tellChanges() {
    if (isAnswered(this.state.choice)) this.before = null;
    const { select, filter, view } = this.parts();
    if (select.item !== this.told.select.item) this.tell("select", (this.told.select = select));
    if (JSON.stringify(filter) !== JSON.stringify(this.told.filter)) this.tell("filter", (this.told.filter = filter));
    if (!this.isOnItsWay() && this.hasMoved(view)) this.tell("view", (this.told.view = view));
  }

  /** Its arrival is told: what opens beside it may change its size meanwhile. */
  isOnItsWay() {
    return Boolean(/** @type {import("leaflet").Map & {_panAnim?: {_inProgress?: boolean}}} */ (this.map)._panAnim?._inProgress);
  }

  /** By less than a pixel the middle moves whenever the map is measured anew. @param {{center: number[], zoom: number}} view */
  hasMoved({ center, zoom }) {
    const { view } = this.told;
    const at = (/** @type {number[]} */ [lng, lat]) => this.map.project([lat, lng], zoom);
    return zoom !== view.zoom || at(center).distanceTo(at(view.center)) >= 1;
  }

  /** @param {MessageEvent} event */
  heard({ data, origin, source }) {
    if (source !== window.parent || origin !== this.origin) return;
    if (typeof data !== "object" || data === null || data.zoneAtlas !== VERSION || typeof data.type !== "string") return;
    if (data.type === "getState") return this.tell("state", this.all());
    if (data.type === "refused") return; // our own, sent back: the answer would come back too
    const read = readCommand(data.type, data, this.state.atlas);
    if (read === null) this.tell("refused", { command: data.type.slice(0, LONGEST_NAME), parameters: [], reason: word("embed.no_command", { names: [...COMMANDS, "getState"].join(", ") }) });
    else if ("wrong" in read) this.tell("refused", { command: data.type, parameters: read.wrong });
    else this.obey(read.order);
  }

  /** @param {import("./commands.js").Order} order */
  obey(order) {
    const { conditions } = this.state.choice;
    // What the server is to answer comes with conditions that the page itself knows.
    if (order.asked?.conditions) this.before = { asked: order.asked.conditions, conditions };
    this.page.obey(order);
  }

  /** Of a filter that is refused no part stays; the page takes back by itself what it asked the server. @param {string} reason */
  refused(reason) {
    if (this.before && this.before.asked === this.state.choice.conditions) this.page.obey({ asked: { conditions: this.before.conditions } });
    this.before = null;
    this.tell("refused", { reason });
  }
}

/** Whether the answer is that to what is asked. @param {import("./state.js").Choice} choice */
function isAnswered(choice) {
  const { answer } = choice;
  if (!isAsked(choice)) return answer === null;
  return answer !== null && /** @type {const} */ (["other", "q", "area", "certain"]).every((part) => answer.question[part] === choice[part]);
}
