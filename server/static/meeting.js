/** "Meeting": views kept as slides, put in order, shown one after the other, taken along in the link or as a file. */

import { viewParams } from "./address.js";
import { h } from "./dom.js";
import { readView } from "./view.js";
import { present } from "./presenter.js";
import { LONGEST_TITLE, fit, parseSlides, slidesText, viewOf } from "./slides.js";
import { word } from "./words.js";

/**
 * @typedef {import("./slides.js").Slide} Slide
 * @typedef {{side: import("./side.js").Side, state: import("./state.js").State, basemaps: string[], goTo: (search: string) => void, title: () => string}} Page
 *   goTo: shows the view of a query; title: what the present view would be called
 */

/** A file of slides is text; a larger one is something else. */
const LARGEST_FILE = 1_000_000;

/** @param {Page} page */
export function openMeeting(page) {
  page.side.openPanel(word("meeting.title"), new Meeting(page).element);
}

class Meeting {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    // The panel takes the place of what was selected; the slide gets that.
    this.selected = page.state.choice.selected;
    this.said = h("p", { class: "meeting-said", role: "status" });
    this.list = h("ol", { class: "meeting-slides" });
    this.start = h("button", { class: "plain", type: "button", onclick: () => this.present(0) }, word("meeting.start"));
    this.save = h("button", { class: "plain", type: "button", onclick: () => this.download() }, word("meeting.save"));
    this.file = h("input", { type: "file", accept: ".json,application/json", hidden: true, onchange: () => this.open() });
    this.element = h(
      "article",
      { class: "meeting" },
      h("h2", { tabindex: "-1" }, word("meeting.title")),
      h("p", { class: "quiet" }, word("meeting.about")),
      h("p", {}, h("button", { class: "plain primary", type: "button", onclick: () => this.add() }, word("meeting.add"))),
      this.list,
      this.said,
      h("p", { class: "meeting-tools" }, this.start, this.save, h("button", { class: "plain", type: "button", onclick: () => this.file.click() }, word("meeting.open")), this.file),
      h("p", { class: "quiet" }, word("meeting.keys")),
    );
    this.draw();
  }

  get slides() {
    return this.page.state.choice.slides;
  }

  draw() {
    this.list.replaceChildren(...this.slides.map((slide, index) => this.row(slide, index)));
    this.start.disabled = this.save.disabled = this.slides.length === 0;
  }

  /** @param {Slide} slide @param {number} index */
  row(slide, index) {
    const name = { number: index + 1 };
    const button = (/** @type {string} */ sign, /** @type {string} */ key, /** @type {() => void} */ act, disabled = false) =>
      h("button", { class: "plain", type: "button", disabled, title: word(key, name), "aria-label": word(key, name), "data-act": key, onclick: act }, sign);
    return h(
      "li",
      {},
      h("input", { type: "text", value: slide.title, maxlength: LONGEST_TITLE, "aria-label": word("meeting.slide_title", name), onchange: (/** @type {Event} */ event) => this.rename(index, /** @type {HTMLInputElement} */ (event.target)) }),
      h(
        "span",
        { class: "meeting-row" },
        button("▶", "meeting.start_here", () => this.present(index)),
        button("↑", "meeting.earlier", () => this.move(index, -1), index === 0),
        button("↓", "meeting.later", () => this.move(index, 1), index === this.slides.length - 1),
        button("×", "meeting.remove", () => this.remove(index)),
      ),
    );
  }

  /** Takes slides over if they fit into an address; else says so, and nothing changes. @param {Slide[]} slides @returns {boolean} */
  keep(slides) {
    const fits = fit(slides);
    if (fits) this.page.state.set({ slides });
    this.said.textContent = fits ? "" : word("meeting.full");
    this.draw();
    return fits;
  }

  add() {
    const view = viewOf(viewParams());
    if (this.selected) view.selected = this.selected;
    const title = [...this.page.title()].slice(0, LONGEST_TITLE).join("");
    if (!this.keep([...this.slides, { title, view }])) return;
    const field = this.list.querySelector("li:last-child input");
    if (field instanceof HTMLInputElement) field.select();
  }

  /** @param {number} index @param {HTMLInputElement} field */
  rename(index, field) {
    const title = field.value.trim();
    const slides = this.slides.map((slide, at) => (at === index ? { ...slide, title } : slide));
    // Drawn anew the row would lose the focus that goes on to the next field.
    if (fit(slides)) this.page.state.set({ slides });
    else field.value = this.slides[index].title;
  }

  /** @param {number} index @param {number} by */
  move(index, by) {
    const slides = [...this.slides];
    slides.splice(index + by, 0, ...slides.splice(index, 1));
    this.keep(slides);
    const row = this.list.children[index + by];
    const again = row.querySelector(`[data-act="meeting.${by < 0 ? "earlier" : "later"}"]:not(:disabled)`) ?? row.querySelector("input");
    if (again instanceof HTMLElement) again.focus();
  }

  /** @param {number} index */
  remove(index) {
    this.keep(this.slides.filter((_, at) => at !== index));
    const next = this.list.children[Math.min(index, this.slides.length - 1)]?.querySelector("input") ?? this.element.querySelector("h2");
    if (next instanceof HTMLElement) next.focus();
  }

  /** @param {number} index */
  present(index) {
    const { slides } = this;
    this.page.side.close();
    present(slides, index, this.page.goTo);
  }

  download() {
    const file = new Blob([`${slidesText(this.slides)}\n`], { type: "application/json" });
    const address = URL.createObjectURL(file);
    h("a", { href: address, download: `${word("meeting.file_name")}.json` }).click();
    window.setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }

  async open() {
    const [file] = this.file.files ?? [];
    this.file.value = "";
    if (!file) return;
    const slides = file.size <= LARGEST_FILE ? parseSlides(await file.text()) : null;
    if (!slides) this.said.textContent = word("meeting.not_slides", { name: file.name });
    else if (this.keep(slides)) this.said.textContent = this.lost(slides);
  }

  /** What slides of another map name and this one has not. @param {Slide[]} slides */
  lost(slides) {
    const { atlas } = this.page.state;
    const bad = slides.filter(({ view }) => readView(`?${new URLSearchParams(view)}`, atlas, this.page.basemaps).ignored.length);
    return bad.length ? word("meeting.other_map", { count: bad.length }) : word("meeting.opened", { count: slides.length });
  }
}
