/** <zone-atlas>: the map as an element of any page. It comes as one file, and nothing else is loaded but the map in a frame. */

import { OPTIONS, VIEW } from "./parameters.js";

/** Attributes that become parameters of the frame's address; `title` is what the frame is called. */
const PARAMETERS = [...VIEW, ...OPTIONS].filter((name) => name !== "title");

const SHEET = new CSSStyleSheet();
SHEET.replaceSync(`
:host { display: block; width: 100%; aspect-ratio: 3 / 2; min-height: 320px; }
:host([hidden]) { display: none; }
:host([height]) { aspect-ratio: auto; }
iframe { display: block; width: 100%; height: 100%; border: 0; }
`);

export class ZoneAtlas extends HTMLElement {
  static observedAttributes = [...PARAMETERS, "src", "heading", "height", "title"];

  #frame = document.createElement("iframe");
  #heard = (/** @type {MessageEvent} */ event) => this.#message(event);
  /** What the map itself has said is no order to it. */
  #isMirroring = false;
  #isWaiting = false;

  constructor() {
    super();
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [SHEET];
    this.#frame.loading = "lazy";
    this.#frame.allow = "fullscreen";
    this.#frame.referrerPolicy = "strict-origin-when-cross-origin";
    root.append(this.#frame);
  }

  connectedCallback() {
    window.addEventListener("message", this.#heard);
    this.#show();
  }

  disconnectedCallback() {
    window.removeEventListener("message", this.#heard);
  }

  /** Several attributes that are set one after the other load the map once. */
  attributeChangedCallback() {
    if (this.#isMirroring || this.#isWaiting || !this.isConnected) return;
    this.#isWaiting = true;
    queueMicrotask(() => {
      this.#isWaiting = false;
      if (this.isConnected) this.#show();
    });
  }

  /** Where the map is: `src`, else where this script comes from. */
  get base() {
    return new URL("embed", new URL(this.getAttribute("src") ?? ".", import.meta.url));
  }

  #show() {
    const address = this.base;
    for (const name of PARAMETERS) {
      const value = this.getAttribute(name);
      if (value !== null) address.searchParams.set(name, value);
    }
    const heading = this.getAttribute("heading");
    if (heading) address.searchParams.set("title", heading);
    this.#frame.title = this.getAttribute("title") || heading || "ZoneAtlas";
    const height = Number(this.getAttribute("height"));
    this.style.height = height > 0 ? `${height}px` : "";
    if (this.#frame.src !== address.href) this.#frame.src = address.href;
  }

  /** @param {MessageEvent} event */
  #message({ data, origin, source }) {
    if (source !== this.#frame.contentWindow || origin !== this.base.origin || data?.zoneAtlas !== 1) return;
    const { type, zoneAtlas, ...detail } = data;
    this.#isMirroring = true;
    if (type === "view") {
      this.setAttribute("center", detail.center.join(","));
      this.setAttribute("zoom", String(detail.zoom));
    }
    if (type === "select") this.#mirror("selected", detail.item);
    if (type === "filter") this.#mirror("filter", detail.filter);
    this.#isMirroring = false;
    this.dispatchEvent(new CustomEvent(String(type), { detail }));
  }

  /** @param {string} name @param {string | null} value */
  #mirror(name, value) {
    if (value === null) this.removeAttribute(name);
    else this.setAttribute(name, value);
  }

  /**
   * A command to the map; the server must allow this page to give any.
   * @param {"setView" | "setFilter" | "setLayers" | "select" | "getState"} type
   * @param {Record<string, unknown>} [said]
   */
  send(type, said = {}) {
    this.#frame.contentWindow?.postMessage({ zoneAtlas: 1, ...said, type }, this.base.origin);
  }
}

if (!customElements.get("zone-atlas")) customElements.define("zone-atlas", ZoneAtlas);
