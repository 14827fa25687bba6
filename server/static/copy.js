/** Texts to take along: the clipboard, and the buttons that write to it. */

import { h } from "./dom.js";
import { word } from "./words.js";

/** Whether the text is on the clipboard now. @param {string} text */
export async function toClipboard(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copied(text);
  }
}

/** By plain http only what is selected can be copied, and only while the reader presses a button. @param {string} text */
function copied(text) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const field = h("textarea", { class: "is-heard-only", readonly: true, "aria-hidden": "true", tabindex: "-1" }, text);
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  focused?.focus({ preventScroll: true });
  return done;
}

/**
 * A button that copies a text and says so in its place for a while.
 * @param {() => string} text
 * @param {string} what named to those who hear it
 */
export function copyButton(text, what) {
  const said = h("span", { class: "copy-said", role: "status" });
  const copy = async () => {
    said.textContent = word((await toClipboard(text())) ? "copy.done" : "copy.failed");
    window.setTimeout(() => (said.textContent = ""), 2500);
  };
  return h("span", { class: "copy" }, h("button", { class: "plain", type: "button", "aria-label": word("copy.what", { what }), onclick: copy }, word("copy.do")), said);
}

/**
 * A text and the button that copies it; where the browser forbids that, the text is selected.
 * @param {string} text
 * @param {string} what
 */
export function copyable(text, what) {
  const code = h("code", { tabindex: "0" }, text.trimEnd());
  const said = h("span", { class: "connect-said", role: "status" });
  const copy = async () => {
    const done = await toClipboard(text);
    if (!done) window.getSelection()?.selectAllChildren(code);
    said.textContent = word(done ? "copy.done" : "connect.not_copied");
  };
  const button = h("button", { class: "plain", type: "button", "aria-label": word("copy.what", { what }), onclick: copy }, word("copy.do"));
  return h("div", { class: "connect-copy" }, h("pre", {}, code), h("p", {}, button, said));
}
