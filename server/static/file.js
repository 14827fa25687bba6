/** The page of a file, which holds all that it shows. */

import { viewParams } from "./address.js";
import { Offline } from "./offline.js";
import { begin } from "./start.js";

document.body.classList.add("is-file");
const live = /** @type {HTMLAnchorElement | null} */ (document.getElementById("live"));
const { origin, pathname } = live ?? {};
// Its address is that of the moment when it is pressed.
for (const event of ["pointerdown", "focus"]) live?.addEventListener(event, () => (live.href = `${origin}${pathname}?${viewParams()}`));
begin(new Offline(window.zoneAtlas.layers));
