/** Whether this page stands in a page of others or is a file, and what may then be said of it in its address. */

/** Parts that are there unless 0 is said, and parts that come where 1 is said. */
export const SHOWN = ["legend"];
export const HIDDEN = ["search", "filters", "locked"];

/** Parameters of the frame, which are no part of a view. */
export const OPTIONS = ["title", ...SHOWN, ...HIDDEN];

/** Whether this page stands in a page of others, and so without its own frame. */
export function isFramed() {
  return document.documentElement.dataset.framed !== undefined;
}

/** Whether the focus may be moved: a frame that the reader is not in takes none from the page around it. */
export function mayFocus() {
  return !isFramed() || document.hasFocus();
}

/** Whether this page is a file with all that it shows, and nobody to ask for more. */
export function isFile() {
  return document.documentElement.dataset.view !== undefined;
}
