/** The few things of a browser that the page's modules touch as they are loaded. Import this before them. */

globalThis.window = globalThis;
globalThis.screen = {};
globalThis.document = {
  documentElement: { lang: "en", style: {}, dataset: {} },
  createElement: () => ({ style: {} }),
  createElementNS: () => ({}),
};
// Leaflet itself, which finds in them a browser without abilities.
await import("../../server/static/vendor/leaflet/leaflet.js");

/** The module in one of the page's languages, which it learns as it is loaded. */
export async function inLanguage(lang, module) {
  document.documentElement.lang = lang;
  return import(`../../server/static/${module}?${lang}`);
}

/** The page's words of a language. */
export async function wordsOf(lang) {
  const { readFile } = await import("node:fs/promises");
  return JSON.parse(await readFile(new URL(`../../server/text/${lang}.json`, import.meta.url), "utf8"));
}
