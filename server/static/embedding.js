/** "Put it in a page": what the page can hold, how the map is to look there, a preview and the code to copy. */

import { copyable } from "./copy.js";
import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import { elementCode, files, frameAddress, frameCode, imageCode, linkCode } from "./embedcode.js";
import { reachWarning } from "./reach.js";
import { date, lang, say, word } from "./words.js";

/** What a page can hold, the best first. */
const KINDS = /** @type {Record<string, (wish: import("./embedcode.js").Wish) => string>} */ ({ frame: frameCode, element: elementCode, image: imageCode, link: linkCode });

const OPTIONS = ["legend", "search", "filters", "locked"];

/** What a picture has of them. */
const OF_PICTURES = ["legend"];

/** @typedef {{zone: import("./types.d.ts").Zone, approval: string, held: string}} Contents approval: the number of the map's review; held: what the view holds, in sentences */

const [LOWEST, HEIGHT, HIGHEST] = [200, 480, 2000];

/** How long typing rests before the preview is loaded again, in milliseconds. */
const PAUSE = 400;

/**
 * @param {string} base the path of the whole page
 * @param {URL} view the address of the view, as others are to get it
 * @param {Contents} contents
 */
export function openEmbedding(base, view, contents) {
  openDialog("embedding", word("embedding.title"), ...new Embedding(base, view, contents).content);
}

class Embedding {
  /** @param {string} base @param {URL} view @param {Contents} contents */
  constructor(base, view, { zone, approval, held }) {
    this.base = base;
    this.view = view;
    const stop = lang === "zh" ? "。" : ". ";
    this.alt = `${document.title}${stop}${held}`;
    const edition = approval ? word("strip.approval", { number: approval }) : word("strip.unapproved");
    this.sources = [edition, zone.as_of && word("panel.as_of", { date: date(zone.as_of) }), say(zone.credit)].filter(Boolean).join(stop);
    const changed = () => this.later();
    this.kinds = Object.keys(KINDS).map((kind, index) => h("input", { type: "radio", name: "embedding-kind", value: kind, checked: index === 0, onchange: () => this.show() }));
    this.title = h("input", { type: "text", maxlength: 200, placeholder: document.title, oninput: changed });
    this.height = h("input", { type: "number", min: LOWEST, max: HIGHEST, step: 10, value: HEIGHT, inputmode: "numeric", oninput: changed });
    this.theme = h("select", { onchange: changed }, ...["", "light", "dark"].map((theme) => h("option", { value: theme }, word(`embedding.theme_${theme || "own"}`))));
    this.options = Object.fromEntries(OPTIONS.map((name) => [name, h("input", { type: "checkbox", checked: name === "legend", onchange: changed })]));
    this.looks = h(
      "fieldset",
      { class: "embedding-looks" },
      h("legend", {}, word("embedding.looks")),
      h("label", {}, h("span", {}, word("embedding.heading")), this.title),
      h("label", {}, h("span", {}, word("embedding.height")), this.height),
      h("label", {}, h("span", {}, word("embedding.theme")), this.theme),
      h("div", { class: "embedding-options" }, ...OPTIONS.map((name) => h("label", {}, this.options[name], word(`embedding.option_${name}`)))),
    );
    this.code = h("div", {});
    this.preview = h("div", { class: "embedding-preview" });
    this.content = [
      h("p", { class: "quiet" }, held),
      reachWarning(base),
      h(
        "div",
        { class: "embedding-columns" },
        h(
          "div",
          {},
          h("fieldset", { class: "embedding-kinds" }, h("legend", {}, word("embedding.holds")), ...this.kinds.map((input) => h("label", {}, input, h("span", {}, h("b", {}, word(`embedding.kind_${input.value}`)), h("span", { class: "quiet" }, word(`embedding.about_${input.value}`)))))),
          this.looks,
        ),
        h("div", {}, h("h3", {}, word("embedding.code")), this.code, h("h3", {}, word("embedding.preview")), this.preview),
      ),
    ];
    this.show();
  }

  /** @returns {import("./embedcode.js").Wish} */
  wish() {
    const height = Math.min(HIGHEST, Math.max(LOWEST, Math.round(this.height.valueAsNumber) || HEIGHT));
    const options = Object.fromEntries(OPTIONS.map((name) => [name, this.options[name].checked]));
    const title = this.title.value.trim();
    const caption = `${title || document.title}${lang === "zh" ? "。" : ". "}${this.sources}`;
    return { view: this.view, base: this.base, title, name: document.title, height, options, theme: this.theme.value, lang, alt: this.alt, caption };
  }

  later() {
    window.clearTimeout(this.waiting);
    this.waiting = window.setTimeout(() => this.show(), PAUSE);
  }

  show() {
    const wish = this.wish();
    const kind = this.kinds.find(({ checked }) => checked)?.value ?? "frame";
    this.looks.hidden = kind === "link";
    for (const name of OPTIONS) /** @type {HTMLElement} */ (this.options[name].parentElement).hidden = kind === "image" && !OF_PICTURES.includes(name);
    this.code.replaceChildren(copyable(KINDS[kind](wish), word("embedding.code")));
    this.preview.replaceChildren(...preview(kind, wish));
  }
}

/** @param {string} kind @param {import("./embedcode.js").Wish} wish */
function preview(kind, wish) {
  const { href } = wish.view;
  if (kind === "link") return [h("p", {}, h("a", { href, target: "_blank", rel: "noopener" }, wish.title || wish.name))];
  if (kind !== "image") return [h("iframe", { src: frameAddress(wish), title: word("embedding.preview"), height: wish.height, loading: "lazy" })];
  const { png, svg, qr, kit } = files(wish);
  return [
    h("figure", {}, h("a", { href, target: "_blank", rel: "noopener" }, h("img", { src: png, alt: wish.alt })), h("figcaption", {}, wish.caption)),
    h("p", { class: "embedding-files" }, ...Object.entries({ png, svg, qr, kit }).map(([name, address]) => h("a", { class: "plain", href: address, download: "" }, word(`embedding.file_${name}`)))),
  ];
}
