/** Slides of a meeting: views with a title each, as the address and a file write them. */

/**
 * @typedef {{title: string, view: Record<string, string>}} Slide view: view parameters by their names, without language
 *   and theme, which are the reader's
 */

export const MOST = 40;
export const LONGEST_TITLE = 80;

/** Characters of an address: servers and programs on the way take no more than 16,000. */
export const LONGEST = 12_000;

/** What is no part of a slide: what belongs to the reader, and the slides themselves. */
const NOT_OF_A_VIEW = /^(slides|lang|theme|f|utm_.*)$/;

/**
 * Reads slides; null where they are none.
 * @param {string} text JSON: [[title, {parameter: value}], ...]
 * @returns {Slide[] | null}
 */
export function parseSlides(text) {
  let read;
  try {
    read = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(read) || read.length === 0 || read.length > MOST) return null;
  const slides = read.map(slide);
  return slides.every((one) => one !== null) ? slides : null;
}

/** @param {unknown} written @returns {Slide | null} */
function slide(written) {
  if (!Array.isArray(written) || written.length !== 2) return null;
  const [title, view] = written;
  if (typeof title !== "string" || title.length > LONGEST_TITLE) return null;
  if (typeof view !== "object" || view === null || Array.isArray(view)) return null;
  const parts = Object.entries(view);
  if (!parts.every(([name, value]) => typeof value === "string" && !NOT_OF_A_VIEW.test(name))) return null;
  return { title, view: Object.fromEntries(parts) };
}

/** @param {Slide[]} slides */
export function slidesText(slides) {
  return JSON.stringify(slides.map(({ title, view }) => [title, view]));
}

/** Whether so many fit into an address. @param {Slide[]} slides */
export function fit(slides) {
  return slides.length <= MOST && encodeURIComponent(slidesText(slides)).length <= LONGEST;
}

/** The view of an address. @param {URLSearchParams} params */
export function viewOf(params) {
  return Object.fromEntries([...params].filter(([name]) => !NOT_OF_A_VIEW.test(name)));
}

/** The query of a slide's view. @param {Slide} slide */
export function searchOf({ view }) {
  return `?${new URLSearchParams(view)}`;
}
