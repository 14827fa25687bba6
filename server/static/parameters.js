/** The parameters of a map's address by their names, in one place: the page reads and writes them, the element has them as attributes. */

/** Where the map is. */
export const PLACE = /** @type {const} */ (["center", "zoom"]);

/** What it shows of the zone, and what is open beside it. */
export const SHOWS = /** @type {const} */ (["layers", "filter", "q", "area", "certainty", "selected", "drawer", "sort", "table", "group", "sum", "shade", "compare", "basemap", "slides"]);

/** What is the reader's own. */
export const READER = /** @type {const} */ (["theme", "lang"]);

export const VIEW = [...PLACE, ...SHOWS, ...READER];

/** Parts of a frame that are there unless 0 is said, and parts that come where 1 is said. */
export const SHOWN = ["legend"];
export const HIDDEN = ["search", "filters", "locked"];

/** Parameters of the frame, which are no part of a view. */
export const OPTIONS = ["title", ...SHOWN, ...HIDDEN];
