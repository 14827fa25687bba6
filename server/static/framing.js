/** Whether this page stands in a page of others or is a file. */

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
