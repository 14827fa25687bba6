/** Where the view stands in the address: after the question mark; of a map that is a file, after the hash. */

import { isFile, isFramed } from "./framing.js";

/** The view of a page whose address may not be changed, as in a notebook. @type {string | null} */
let kept = null;

/** The parameters of the view; a file has one of its own to begin with. */
export function viewParams() {
  const { hash, search } = window.location;
  if (!isFile()) return new URLSearchParams(search);
  return new URLSearchParams(kept ?? (hash.startsWith("#?") ? hash.slice(2) : document.documentElement.dataset.view));
}

/** The same for others: without what means nothing to them. */
export function viewForOthers() {
  const params = viewParams();
  for (const name of [...params.keys()]) if (/^(utm_.*|f)$/.test(name)) params.delete(name);
  return params;
}

/** The page's address with other parameters. @param {URLSearchParams} params */
export function addressWith(params) {
  const address = new URL(window.location.href);
  if (isFile()) address.hash = `?${params}`;
  else address.search = String(params);
  return readable(address);
}

/** What may stand in a query as it is (RFC 3986 3.4), where URLSearchParams would escape it. @param {URL} address */
export function readable(address) {
  const [path, query = ""] = address.href.split("?");
  const plain = query.replace(/%(2C|2F|3A|27|28|29)/g, (part) => decodeURIComponent(part));
  return query || isFile() ? `${path}?${plain}` : path;
}

/** Goes there without loading anything. @param {string} address @param {boolean} isStep whether it is one to come back from */
export function write(address, isStep) {
  try {
    // In a frame a step would be one of the page around it.
    if (isStep && !isFramed()) window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
  } catch (error) {
    if (!isFile()) throw error;
    kept = address.split("?")[1];
  }
}
