/** What a file answers in the place of a server: from what was put into it, and nothing else. */

import { Refused } from "./answer.js";
import { Finding } from "./finding.js";
import { known } from "./foreknown.js";
import { unpacked } from "./unpacked.js";
import { word } from "./words.js";

/** @typedef {import("./types.d.ts").Answers} Answers */

/** @implements {Answers} */
export class Offline {
  /** @param {import("./atlas.js").Layer[]} layers */
  constructor(layers) {
    this.layers = layers;
    /** @type {Map<string, import("./atlas.js").Feature[]>} by layer */
    this.found = new Map();
    this.known = JSON.parse(held("known"));
    /** @type {Finding | null} */
    this.finding = null;
  }

  /** @param {import("./words.js").Lang} lang */
  async words(lang) {
    return JSON.parse(held(`words/${lang}`));
  }

  /** @param {import("./atlas.js").Layer} layer */
  async features({ id, schema }) {
    const features = unpacked(held(`features/${id}`), schema.fields);
    this.found.set(id, features);
    return features;
  }

  /** @param {import("./answer.js").Question} question */
  async matches(question) {
    const sites = this.layers.filter(({ role }) => role === "sites");
    const named = question.q === null ? null : this.names.all(question.q);
    const matches = known(this.known, sites, this.found, question, named);
    if (!matches) throw new Refused(word("file.unknown"));
    return matches;
  }

  /** @param {string} q */
  async search(q) {
    return { hits: this.names.best(q), places: [] };
  }

  /** @returns {Promise<never>} */
  async stats() {
    throw new Refused(word("file.unknown"));
  }

  /** @returns {Promise<never>} */
  async coordinates() {
    throw new Refused(word("file.unknown"));
  }

  /** Made when something is looked for, from all that is there by then. */
  get names() {
    return (this.finding ??= new Finding(this.layers, this.found, this.known.sounds));
  }
}

/** What the file holds by a name. @param {string} name */
function held(name) {
  return document.querySelector(`script[data-holds="${CSS.escape(name)}"]`)?.textContent ?? "";
}
