/** The map in a page of others: what it shows of itself, and how it leaves that page its wheel and fingers. */

import { byId, h } from "./dom.js";
import { isFramed } from "./framing.js";
import { Messages } from "./messages.js";
import { HIDDEN, OPTIONS, SHOWN } from "./parameters.js";
import { word } from "./words.js";

const LONGEST_TITLE = 200;

/** How long a hint stands, in milliseconds. */
const HINT = 1800;

/** What is to be seen, before anything is drawn. */
export function dress() {
  if (!isFramed()) return;
  const given = new URLSearchParams(window.location.search);
  const title = given.get("title")?.trim().slice(0, LONGEST_TITLE);
  if (title) {
    byId("top").querySelector("h1")?.replaceChildren(title);
    document.title = title;
  }
  const on = [...SHOWN.filter((name) => given.get(name) !== "0"), ...HIDDEN.filter((name) => given.get(name) === "1")];
  document.body.classList.add("is-framed", ...on.map((name) => `has-${name}`));
}

/**
 * @param {import("leaflet").Map} map
 * @param {import("./state.js").State} state
 * @param {import("./messages.js").Page & {base: string}} page base: the path of the whole page
 */
export function embedded(map, state, page) {
  if (!isFramed()) return;
  const whole = /** @type {HTMLAnchorElement} */ (byId("whole"));
  // Its address is that of the moment when it is pressed.
  for (const event of ["pointerdown", "focus"]) whole.addEventListener(event, () => (whole.href = wholeOf(page.base)));
  if (document.body.classList.contains("has-locked")) lock(map);
  else if (window.parent !== window) cooperate(map);
  new Messages(map, state, page);
}

/** The whole page with the same view. @param {string} base */
function wholeOf(base) {
  const params = new URLSearchParams(window.location.search);
  for (const name of OPTIONS) params.delete(name);
  return `${base}${params.size ? `?${params}` : ""}`;
}

/** @param {import("leaflet").Map} map */
function lock(map) {
  for (const handler of [map.dragging, map.scrollWheelZoom, map.doubleClickZoom, map.touchZoom, map.boxZoom, map.keyboard]) handler?.disable();
}

/**
 * The wheel and one finger are the page's; Ctrl and the wheel, and two fingers, are the map's. On the whole screen all
 * are the map's.
 * @param {import("leaflet").Map} map
 */
function cooperate(map) {
  const view = byId("view");
  const hint = h("p", { class: "gesture-hint", role: "status", hidden: true });
  view.append(hint);
  let hiding = 0;
  const say = (/** @type {string} */ key) => {
    hint.textContent = word(key);
    hint.hidden = false;
    window.clearTimeout(hiding);
    hiding = window.setTimeout(() => (hint.hidden = true), HINT);
  };
  const isWhole = () => document.fullscreenElement !== null;
  view.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey || isWhole()) return;
      event.stopPropagation(); // before Leaflet, which would keep it from the page
      say(/mac/i.test(navigator.userAgent) ? "embed.wheel_mac" : "embed.wheel");
    },
    { capture: true, passive: true },
  );
  map.getContainer().classList.add("leaves-one-finger");
  view.addEventListener("pointerdown", ({ pointerType }) => map.dragging[pointerType === "touch" && !isWhole() ? "disable" : "enable"](), { capture: true });
  view.addEventListener("touchmove", ({ touches }) => touches.length === 1 && !isWhole() && say("embed.finger"), { capture: true, passive: true });
}
