/** What a web editor pastes into a page: a frame, an element, a picture or a link, made of the address of a view. */

import { readable } from "./address.js";
import { OPTIONS, VIEW } from "./parameters.js";

/** What opens beside the map or over it has no room in a frame. */
const WITHOUT = ["drawer", "slides"];

/** A picture is as wide as a column of text, and sharp on a telephone. */
const [WIDTH, SCALE] = [800, 2];

/**
 * @typedef {object} Wish
 * @property {URL} view the address of the whole page with the view
 * @property {string} base the path of the whole page
 * @property {string} title what stands over the map; the map's own where it is empty
 * @property {string} name how the frame or the link is called
 * @property {number} height in pixels; the width is that of the place
 * @property {Record<string, boolean>} options legend, search, filters, locked
 * @property {string} theme light, dark, or nothing for the reader's own
 * @property {string} lang of the words under a picture, and so of the picture
 * @property {string} alt what a picture shows, for who does not see it
 * @property {string} caption what stands under a picture
 */

/** @param {URL} view @param {string} theme */
function viewOnly(view, theme) {
  const params = new URLSearchParams(view.search);
  for (const name of [...OPTIONS, ...WITHOUT, "theme"]) params.delete(name);
  if (theme) params.set("theme", theme);
  return params;
}

/** The parameters of the frame's address. @param {Wish} wish */
function frameParameters({ view, title, options, theme }) {
  const params = viewOnly(view, theme);
  if (title) params.set("title", title);
  if (!options.legend) params.set("legend", "0");
  for (const name of ["search", "filters", "locked"]) if (options[name]) params.set(name, "1");
  return params;
}

/** @param {Wish} wish */
export function frameAddress(wish) {
  const address = new URL(`${wish.base}embed`, wish.view);
  address.search = String(frameParameters(wish));
  return readable(address);
}

/** Without a style of its own, which the policy of the place may forbid. @param {Wish} wish */
export function frameCode(wish) {
  return `<iframe ${attributes({ src: frameAddress(wish), title: wish.name, width: "100%", height: wish.height, frameborder: 0, loading: "lazy", allow: "fullscreen" })}></iframe>`;
}

/** Only what the element knows: an address may say anything, which would be attributes of any kind. @param {Wish} wish */
export function elementCode(wish) {
  const given = frameParameters(wish);
  const known = Object.fromEntries([...given].filter(([name]) => name !== "title" && [...VIEW, ...OPTIONS].includes(name)));
  const said = attributes({ heading: given.get("title") ?? undefined, ...known, height: wish.height, title: wish.name });
  return `<script type="module" src="${escaped(new URL(`${wish.base}embed.js`, wish.view).href)}"><\/script>\n<zone-atlas ${said}></zone-atlas>`; // so it may stand in a page itself
}

/** Files of the view: pictures, its QR code, and all of them together. @param {Wish} wish */
export function files({ view, base, title, height, options, theme, lang }) {
  const query = viewOnly(view, theme);
  query.set("lang", lang);
  const picture = new URLSearchParams(query);
  if (title) picture.set("title", title);
  if (!options.legend) picture.set("legend", "0");
  picture.set("width", String(WIDTH));
  picture.set("height", String(height));
  const address = (/** @type {string} */ name, /** @type {URLSearchParams} */ params) => {
    const found = new URL(`${base}${name}`, view);
    found.search = String(params);
    return readable(found);
  };
  const sharp = new URLSearchParams(picture);
  sharp.set("scale", String(SCALE));
  return { png: address("image.png", sharp), svg: address("image.svg", picture), qr: address("qr.png", query), kit: address("presskit.zip", query) };
}

/** @param {Wish} wish */
export function imageCode(wish) {
  // As wide as its place: no style, which strict pages forbid.
  const address = readable(wish.view);
  const picture = attributes({ src: files(wish).png, alt: wish.alt, width: "100%", loading: "lazy" });
  return `<figure>\n<a ${attributes({ href: address })}><img ${picture}></a>\n<figcaption>${escaped(wish.caption)}</figcaption>\n</figure>`;
}

/** @param {Wish} wish */
export function linkCode(wish) {
  return `<a ${attributes({ href: readable(wish.view) })}>${escaped(wish.title || wish.name)}</a>`;
}

/** @param {Record<string, string | number | undefined>} given */
function attributes(given) {
  return Object.entries(given).filter(([, value]) => value !== undefined && value !== "").map(([name, value]) => `${name}="${escaped(String(value))}"`).join(" ");
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
