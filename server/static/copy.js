/** Texts to take along. */

import { h } from "./dom.js";
import { word } from "./words.js";

/**
 * A text and the button that copies it; where the browser forbids that, the text is selected.
 * @param {string} text
 * @param {string} what
 */
export function copyable(text, what) {
  const code = h("code", { tabindex: "0" }, text.trimEnd());
  const said = h("span", { class: "connect-said", role: "status" });
  const copy = async () => {
    try {
      // Only a page from this computer or by https may write to the clipboard.
      await navigator.clipboard.writeText(text);
      said.textContent = word("connect.copied");
    } catch {
      window.getSelection()?.selectAllChildren(code);
      said.textContent = word("connect.not_copied");
    }
  };
  const button = h("button", { class: "plain", type: "button", "aria-label": word("connect.copy_what", { what }), onclick: copy }, word("connect.copy"));
  return h("div", { class: "connect-copy" }, h("pre", {}, code), h("p", {}, button, said));
}
