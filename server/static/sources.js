/** A source in a line: its title, which leads to it, and who published it when. */

import { h, safeAddress } from "./dom.js";
import { date, say, word } from "./words.js";

/** @param {import("./atlas.js").Source} source */
export function sourceLine(source) {
  const address = safeAddress(source.address);
  const about = [say(source.publisher), source.date ? date(source.date) : "", source.status ? word(`detail.source_${source.status}`) : ""].filter(Boolean);
  return h(
    "li",
    {},
    address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, say(source.title)) : say(source.title),
    about.length > 0 && h("span", { class: "quiet" }, ` ${about.join(" · ")}`),
  );
}
