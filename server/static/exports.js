/** Files that the server writes in the background: how far they are, and their links for a day. */

import { h } from "./dom.js";
import { number, word } from "./words.js";

const STORED = "zoneatlas-exports";
const POLL_MS = 700;
/** A server that does not answer is asked less often. */
const LOST_MS = 5_000;

/**
 * @typedef {{href: string, name: string}} Kept
 * @typedef {{state: "waiting" | "writing"} | {state: "ready", size: number} | {state: "failed", reason: string}} Stage
 * @typedef {Stage & {written: number, numberMatched: number, links: {rel: string, href: string}[]}} Progress
 */

/** @returns {Kept[]} */
function kept() {
  try {
    return JSON.parse(window.localStorage.getItem(STORED) ?? "[]");
  } catch {
    return [];
  }
}

/** @param {Kept[]} list */
function keep(list) {
  try {
    window.localStorage.setItem(STORED, JSON.stringify(list));
  } catch {
    // Storage may be closed to the page: then the link lasts as long as the panel does.
  }
}

/** @param {string} href @param {string} name */
export function keepExport(href, name) {
  keep([...kept(), { href, name }]);
}

/** @param {string} href */
function forget(href) {
  keep(kept().filter((one) => one.href !== href));
}

/**
 * Draws a row for each, and follows those that are not ready while they are seen.
 * @param {HTMLElement} section
 */
export function exportsList(section) {
  const list = h("ul");
  section.replaceChildren(h("h3", {}, word("exports.title")), h("p", { class: "quiet" }, word("exports.kept")), list);
  const hideIfEmpty = () => {
    section.hidden = !list.children.length;
  };
  for (const one of kept().reverse()) list.append(row(one, hideIfEmpty));
  hideIfEmpty();
}

/** @param {Kept} one @param {() => void} gone */
function row(one, gone) {
  const said = h("span", { class: "quiet" });
  const bar = h("progress", { max: 1, "aria-label": one.name });
  const link = h("a", { class: "plain", download: "", hidden: true }, word("exports.fetch"));
  const remove = async () => {
    forget(one.href);
    element.remove();
    gone();
    await fetch(one.href, { method: "DELETE" }).catch(() => undefined);
  };
  const element = h(
    "li",
    {},
    h("b", {}, one.name),
    said,
    bar,
    h("span", { class: "export-tools" }, link, h("button", { class: "plain", type: "button", "aria-label": word("exports.remove_what", { name: one.name }), onclick: remove }, word("exports.remove"))),
  );
  const look = async () => {
    const answer = await fetch(one.href).catch(() => null);
    if (answer?.status === 404) {
      forget(one.href);
      element.remove();
      gone();
      return;
    }
    const state = answer?.ok ? await answer.json().catch(() => null) : null;
    if (state) show(state);
    else said.textContent = word("exports.lost");
    if ((!state || state.state === "waiting" || state.state === "writing") && element.isConnected) window.setTimeout(look, state ? POLL_MS : LOST_MS);
  };
  const show = (/** @type {Progress} */ state) => {
    const done = state.state === "ready" || state.state === "failed";
    bar.hidden = done;
    if (state.numberMatched) bar.value = state.written / state.numberMatched;
    said.textContent =
      state.state === "failed"
        ? word("exports.failed", { reason: word(`exports.reason_${state.reason}`) })
        : state.state === "ready"
          ? word("exports.ready", { count: number(state.numberMatched), size: number(Math.ceil(state.size / 100_000) / 10) })
          : state.state === "waiting" ? word("exports.waiting") : word("exports.written", { written: number(state.written), count: number(state.numberMatched) });
    const file = state.links.find((each) => each.rel === "enclosure");
    if (file) {
      link.href = file.href;
      link.hidden = false;
    }
  };
  // After the row is on the page, where it is followed for as long as it stands there.
  window.queueMicrotask(look);
  return element;
}
