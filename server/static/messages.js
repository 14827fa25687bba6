/** Messages between the map in a frame and the page around it: only with origins that the server allows. */

/**
 * @typedef {object} Page
 * @property {(search: string) => string[]} tryTo shows the view of a query, unless parts of it cannot be, which it gives
 * @property {(tell: (reason: string) => void) => void} whenRefused what the server does not answer is told, in words
 */

/** Said in every message, so that neither side takes another's for ours. */
const VERSION = 1;

/** The commands that change the view: what they say becomes parameters of the address, and is read as they are. */
const COMMANDS = /** @type {Record<string, (said: Record<string, unknown>) => Record<string, unknown>>} */ ({
  setView: ({ center, zoom }) => ({ center: Array.isArray(center) ? center.join(",") : center, zoom }),
  setFilter: ({ filter }) => ({ filter }),
  setLayers: ({ layers }) => ({ layers: Array.isArray(layers) ? layers.join(",") : layers }),
  select: ({ item }) => ({ selected: item }),
});

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
    const allowed = (document.documentElement.dataset.framed ?? "").split(" ").filter(Boolean);
    const origin = parentOrigin();
    this.origin = origin !== null && window.parent !== window && allowed.includes(origin) ? origin : null;
    if (this.origin === null) return;
    window.addEventListener("message", (event) => this.heard(event));
    map.on("moveend", () => this.tell("view", this.view()));
    state.follow((_, changed) => {
      if (changed.has("selected")) this.tell("select", { item: state.choice.selected });
      if (["layers", "conditions", "answer"].some((key) => changed.has(key))) this.tell("filter", this.filter());
    });
    page.whenRefused((reason) => this.tell("refused", { reason }));
    this.tell("ready", this.all());
  }

  view() {
    const { lng, lat } = this.map.getCenter();
    return { center: [Number(lng.toFixed(5)), Number(lat.toFixed(5))], zoom: this.map.getZoom() };
  }

  filter() {
    const { layers, q, area } = this.state.choice;
    return { layers: [...layers], filter: this.state.filter(), q, area, count: this.state.shown().length };
  }

  all() {
    return { ...this.view(), ...this.filter(), item: this.state.choice.selected };
  }

  /** @param {string} type @param {Record<string, unknown>} [said] */
  tell(type, said = {}) {
    window.parent.postMessage({ zoneAtlas: VERSION, type, ...said }, /** @type {string} */ (this.origin));
  }

  /** @param {MessageEvent} event */
  heard({ data, origin, source }) {
    if (source !== window.parent || origin !== this.origin) return;
    if (typeof data !== "object" || data === null || data.zoneAtlas !== VERSION || typeof data.type !== "string") return;
    if (data.type === "getState") return this.tell("state", this.all());
    if (!Object.hasOwn(COMMANDS, data.type)) return;
    const params = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(COMMANDS[data.type](data))) {
      if (value === undefined) continue;
      if (value === null) params.delete(name);
      else params.set(name, String(value));
    }
    const ignored = this.page.tryTo(`?${params}`);
    if (ignored.length) this.tell("refused", { command: data.type, parameters: ignored });
  }
}
