/** The board for a meeting: which paper, what stands on it and how it will look, and its files. */

import { readable, viewForOthers } from "./address.js";
import { Refused } from "./answer.js";
import { ORIENTATIONS, PAPERS, SCALES, boardQuery } from "./board.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { reachWarning } from "./reach.js";
import { isReadable, lang, number, say, word } from "./words.js";

/** How long choosing rests before the preview is asked for again, in milliseconds. */
const PAUSE = 350;

/** What the server takes. */
const LONGEST_TITLE = 200;

/** Pixels of an inch of the preview; the file has as many as a printer needs. */
const SEEN = 96;

/**
 * @typedef {{base: string, map: import("leaflet").Map, zone: import("./types.d.ts").Zone}} Page
 */

/** @param {Page} page @param {string | null} selected what is selected in the view, where the panel that leads here has taken its place */
export function openBoarding(page, selected) {
  const boarding = new Boarding(page, selected);
  openDialog("boarding", word("board.title"), ...boarding.content).addEventListener("close", () => boarding.end());
}

class Boarding {
  /** @param {Page} page @param {string | null} selected */
  constructor({ base, map, zone }, selected) {
    this.base = base;
    this.zone = zone;
    this.view = viewForOthers();
    if (selected) this.view.set("selected", selected);
    const bounds = map.getBounds();
    /** @type {import("./board.js").Extent} */
    this.window = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    this.page = 1;
    this.pages = 1;
    const changed = () => this.changed();
    this.title = h("input", { type: "text", maxlength: LONGEST_TITLE, value: say(zone.title), oninput: changed });
    this.subtitle = h("input", { type: "text", maxlength: LONGEST_TITLE, value: say(zone.subtitle), oninput: changed });
    this.scale = h("select", { onchange: changed }, h("option", { value: "" }, word("board.scale_auto")), ...SCALES.map((scale) => h("option", { value: scale }, `1:${number(scale)}`)));
    this.paper = new Choice("paper", PAPERS, PAPERS[0], changed);
    this.orientation = new Choice("orientation", ORIENTATIONS, ORIENTATIONS[0], changed);
    // Until it is moved the window has the whole map, which paper can show larger.
    this.shown = new Choice("shown", ["window", "whole"], this.view.has("center") ? "window" : "whole", changed);
    this.sheet = h("div", { class: "boarding-sheet" });
    this.said = h("p", { role: "status" });
    this.back = h("button", { class: "plain", type: "button", "aria-label": word("board.page_back"), onclick: () => this.turn(-1) }, "‹");
    this.on = h("button", { class: "plain", type: "button", "aria-label": word("board.page_on"), onclick: () => this.turn(1) }, "›");
    this.pdf = h("a", { class: "plain primary", download: "" }, word("board.pdf"));
    this.png = h("a", { class: "plain", download: "" });
    this.content = [
      h(
        "div",
        { class: "boarding-wish" },
        labelled("board.heading", this.title),
        labelled("board.subtitle", this.subtitle),
        this.paper.element,
        this.orientation.element,
        this.shown.element,
        labelled("board.scale", this.scale),
        reachWarning(base, (reach) => word(`board.reach_${reach}`)),
      ),
      h("div", { class: "boarding-preview" }, h("div", { class: "boarding-desk" }, this.sheet), h("div", { class: "boarding-pages" }, this.back, this.said, this.on)),
      h("p", { class: "boarding-files" }, this.pdf, this.png),
    ];
    this.show();
  }

  /** @returns {import("./board.js").Wish} */
  wish() {
    const unless = (/** @type {HTMLInputElement} */ { value }, /** @type {string} */ own) => (value === own ? null : value.trim());
    return {
      view: this.view,
      extent: this.shown.value === "window" ? this.window : null,
      title: unless(this.title, say(this.zone.title)),
      subtitle: unless(this.subtitle, say(this.zone.subtitle)),
      paper: this.paper.value,
      orientation: this.orientation.value,
      scale: this.scale.value,
      lang,
    };
  }

  /** @param {"pdf" | "png"} form @param {Record<string, number>} [more] */
  address(form, more) {
    const address = new URL(`${this.base}board.${form}`, document.baseURI);
    address.search = String(boardQuery(this.wish(), more));
    return readable(address);
  }

  /** Another board: its files can be had at once, its picture when choosing has come to rest. */
  changed() {
    this.page = 1;
    this.busy();
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.show(), PAUSE);
  }

  /** @param {number} by */
  turn(by) {
    this.page += by;
    this.show();
    // One that leads nowhere any more would lose the focus.
    const [pressed, other] = by < 0 ? [this.back, this.on] : [this.on, this.back];
    if (pressed.disabled) other.focus();
  }

  busy() {
    this.asked?.abort();
    this.link();
    const isUpright = this.orientation.value === "portrait";
    // What was drawn for paper that lay otherwise is no preview of this one.
    if (isUpright !== this.sheet.classList.contains("is-upright")) this.sheet.replaceChildren();
    this.sheet.classList.toggle("is-upright", isUpright);
    this.sheet.setAttribute("aria-busy", "true");
    this.said.textContent = word("board.drawing");
  }

  async show() {
    this.busy();
    const asked = (this.asked = new AbortController());
    const address = this.address("png", { page: this.page, dpi: SEEN });
    const picture = h("img", { alt: word("board.preview") });
    try {
      this.pages = await pagesOf(address, asked.signal);
      picture.src = address;
      await picture.decode();
    } catch (error) {
      if (!asked.signal.aborted) this.fail(error);
      return;
    }
    if (!asked.signal.aborted) this.rest([picture]);
  }

  /** @param {unknown} error */
  fail(error) {
    const isRefused = error instanceof Refused;
    const said = h("p", { role: "alert" }, isRefused ? error.message : word("board.failed"));
    const again = h("button", { class: "plain", type: "button", onclick: () => this.show() }, word("status.retry"));
    this.rest(isRefused ? [said] : [said, again], true);
    // A file of what is refused cannot be had either.
    for (const file of isRefused ? [this.pdf, this.png] : []) {
      file.removeAttribute("href");
      file.setAttribute("aria-disabled", "true");
    }
  }

  /** @param {HTMLElement[]} content what stands on the paper @param {boolean} [failed] */
  rest(content, failed = false) {
    this.sheet.replaceChildren(h("div", { class: "boarding-shown" }, ...content));
    this.sheet.setAttribute("aria-busy", "false");
    this.said.textContent = failed ? "" : word("board.page", { page: this.page, pages: this.pages });
    this.link();
  }

  /** Where the buttons lead now. */
  link() {
    this.pdf.href = this.address("pdf");
    this.png.href = this.address("png", { page: this.page });
    this.png.textContent = word(this.pages > 1 ? "board.png_page" : "board.png", { page: this.page });
    for (const file of [this.pdf, this.png]) file.removeAttribute("aria-disabled");
    this.back.disabled = this.page <= 1;
    this.on.disabled = this.page >= this.pages;
  }

  end() {
    window.clearTimeout(this.waiting);
    this.asked?.abort();
  }
}

/** One of a few, side by side. */
class Choice {
  /** @param {string} name @param {string[]} values @param {string} chosen @param {() => void} changed */
  constructor(name, values, chosen, changed) {
    this.inputs = values.map((value) => h("input", { type: "radio", name: `board-${name}`, value, checked: value === chosen, onchange: changed }));
    const label = `board-${name}`;
    const segments = this.inputs.map((input) => h("label", {}, input, h("span", {}, word(`board.${name}_${input.value.toLowerCase()}`))));
    this.element = h("div", { class: "boarding-choice", role: "radiogroup", "aria-labelledby": label }, h("span", { id: label }, word(`board.${name}`)), h("div", { class: "segments" }, ...segments));
  }

  get value() {
    return this.inputs.find(({ checked }) => checked)?.value ?? "";
  }
}

/** @param {string} key @param {HTMLElement} control */
function labelled(key, control) {
  return h("label", { class: "boarding-choice" }, h("span", {}, word(key)), control);
}

/**
 * How many pages a board has. Its picture is read to the end, so that the browser has it.
 * @param {string} address
 * @param {AbortSignal} signal
 */
async function pagesOf(address, signal) {
  const answer = await fetch(address, { signal });
  if (answer.status === 400) {
    const { detail, got } = await answer.json();
    throw new Refused(isReadable(detail.replace(got ?? "", "")) ? detail : word("board.refused"));
  }
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  await answer.blob();
  return Number(answer.headers.get("Page-Count"));
}
