/** A window over the page. Escape or its button ends it, and the focus goes back to where it was. */

import { h } from "./dom.js";
import { word } from "./words.js";

/**
 * @param {string} name the class of what is in it
 * @param {string} title
 * @param {...import("./dom.js").Child} content
 */
export function openDialog(name, title, ...content) {
  const heading = `${name}-title`;
  const dialog = h(
    "dialog",
    { class: `dialog ${name}`, "aria-labelledby": heading },
    h("header", {}, h("h2", { id: heading }, title), h("form", { method: "dialog" }, h("button", { class: "plain close", "aria-label": word("list.close") }, "×"))),
    ...content,
  );
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
  return dialog;
}
