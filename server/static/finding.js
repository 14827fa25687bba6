/** Finds features by what people type, best first, as the server does (layers/search/find.py). */

import { asked, folded, fragments, keyOf, pieces, sortedOnce, stands } from "./folding.js";
import { canBeMisspelt, isNear } from "./slips.js";
import { isTyped, meant, runs, sounds, spokenOf } from "./sounds.js";
import { spelled } from "./spelled.js";
import { lang, say } from "./words.js";

/**
 * @typedef {import("./atlas.js").Feature} Feature
 * @typedef {import("./atlas.js").Field} Field
 * @typedef {import("./atlas.js").Layer} Layer
 * @typedef {import("./folding.js").Piece} Piece
 * @typedef {import("./search.js").Hit} Hit
 * @typedef {{field: Field, text: string, lang: string | null, rank: number, pieces: Piece[]}} Said rank: of names and
 *   other names, which come before the rest
 * @typedef {{layer: Layer, feature: Feature, said: Said[], names: Said[], keys: string[], length: number,
 *   spoken: import("./sounds.js").Spoken[] | null}} Entry spoken: worked out when it is first asked for
 * @typedef {{text: string, key: string, pieces: Piece[], runs: {text: string, spoken: import("./sounds.js").Spoken, pieces: Piece[]}[]}} Wanted
 *   runs: of a question that may be typed as it sounds, all of it and what is written in one script each
 * @typedef {(entry: Entry, wanted: Wanted) => number | null} Way how near an entry is; null where it is not meant
 */

const NAMES = ["name", "alias"];
const NOT_SEARCHED = ["sources", "related", "placement", "basis"];
const ROLES = ["sites", "areas", "places", "backdrop"];
const HITS = 10;

/** Looked at in each layer and way: of more the shortest names are not sought out. */
const POOL = 100;
const LONGEST_TEXT = 2000;
const LONGEST_KEY = 200;
const MOST_CORRECTIONS = 8;

export class Finding {
  /**
   * @param {Layer[]} layers
   * @param {Map<string, Feature[]>} features by layer
   * @param {Record<string, string>} characters how each is read
   */
  constructor(layers, features, characters) {
    this.layers = layers;
    const readings = new Map(Object.entries(characters).map(([one, said]) => [one, said.split(" ")]));
    this.readings = (/** @type {string} */ one) => readings.get(one) ?? [];
    this.syllables = new Set([...readings.values()].flat().filter((one) => /^[a-z]+$/.test(one)));
    this.entries = new Map(layers.map((layer) => [layer, (features.get(layer.id) ?? []).map((feature) => entryOf(layer, feature))]));
    /** @type {Map<Layer, string[]>} words that can be misspelt */
    this.words = new Map([...this.entries].map(([layer, entries]) => [layer, latin(entries)]));
    /** @type {readonly (readonly [string, Way])[]} */
    this.ways = [
      ["exact", ({ names, keys }, { key }) => names[keys.indexOf(key)]?.rank ?? null],
      ["prefix", ({ names, keys }, { key }) => names[keys.findIndex((one) => one.startsWith(key))]?.rank ?? null],
      ["word", ({ names }, wanted) => (wanted.pieces.every((piece) => names.some((one) => stands(piece, one.pieces))) ? 0 : null)],
      ["pinyin", (entry, wanted) => this.sound(entry, wanted)],
      ["word", ({ said }, wanted) => (wanted.pieces.every((piece) => said.some((one) => stands(piece, one.pieces))) ? 0 : null)],
      ["typo", (entry, wanted) => this.slip(entry, wanted)],
    ];
  }

  /** @param {string} text @returns {Wanted} */
  wanted(text) {
    const key = keyOf(text).slice(0, LONGEST_KEY);
    const heard = isTyped(key) ? [key, ...runs(key)] : [];
    return { text, key, pieces: asked(text), runs: heard.map((one) => ({ text: one, spoken: meant(one, this.readings, this.syllables), pieces: asked(one) })) };
  }

  /** The first hits. @param {string} text @returns {Hit[]} */
  best(text) {
    const wanted = this.wanted(text);
    /** @type {Map<Entry, string>} */
    const found = new Map();
    for (const [match, way] of this.ways) {
      if (found.size >= HITS || !wanted.pieces.length || (match === "typo" && found.size)) break;
      for (const entry of this.ordered(match, way, wanted, POOL)) if (!found.has(entry)) found.set(entry, match);
    }
    return [...found].slice(0, HITS).map(([entry, match]) => this.hit(entry, match, wanted));
  }

  /** The ids of all that there are, by layer. @param {string} text @returns {Map<string, Set<string>>} */
  all(text) {
    const wanted = this.wanted(text);
    /** @type {Set<Entry>} */
    const found = new Set();
    for (const [match, way] of this.ways) {
      if (!wanted.pieces.length || (match === "typo" && found.size)) break;
      for (const entry of this.ordered(match, way, wanted)) found.add(entry);
    }
    const ids = new Map(this.layers.map(({ id }) => [id, new Set()]));
    for (const { layer, feature } of found) ids.get(layer.id)?.add(feature.id);
    return ids;
  }

  /**
   * What one way finds, of each layer so many: the nearest first, of these shorter names, what the map is about before
   * what is around it.
   * @param {string} match
   * @param {Way} way
   * @param {Wanted} wanted
   * @param {number} [most]
   */
  ordered(match, way, wanted, most = Infinity) {
    /** @type {{entry: Entry, nearness: number}[]} */
    const near = [];
    for (const entries of this.entries.values()) {
      const found = entries.flatMap((entry) => {
        const nearness = way(entry, wanted);
        return nearness === null ? [] : [{ entry, nearness }];
      });
      // Of many names that begin so the first ones by their letters, wherever they stand in the layer.
      if (match === "prefix" && found.length > most) found.sort((a, b) => (beginning(a.entry, wanted) < beginning(b.entry, wanted) ? -1 : 1));
      near.push(...found.slice(0, most));
    }
    const role = (/** @type {Entry} */ { layer }) => ROLES.indexOf(layer.role);
    near.sort((a, b) => a.nearness - b.nearness || a.entry.length - b.entry.length || role(a.entry) - role(b.entry));
    return near.map(({ entry }) => entry);
  }

  /** A name begins so, has it, or has all its parts; what is written in Chinese has to stand there so. @param {Entry} entry @param {Wanted} wanted */
  sound(entry, { runs: [whole, ...parts] }) {
    if (!whole) return null;
    const spoken = (entry.spoken ??= entry.names.flatMap(({ text }) => spokenOf(text, this.readings) ?? []));
    const isWritten = (/** @type {Piece[]} */ some) => some.every((piece) => !piece.isUnspaced || entry.names.some((one) => stands(piece, one.pieces)));
    if (!spoken.length || !isWritten(whole.pieces)) return null;
    const place = sounds(spoken, whole.spoken);
    if (place) return place === "first" ? 0 : 1;
    return parts.length > 1 && parts.every((part) => part.pieces[0].isUnspaced || sounds(spoken, part.spoken)) ? 2 : null;
  }

  /** @param {Entry} entry @param {Wanted} wanted */
  slip({ layer, names, said }, wanted) {
    const corrected = wanted.pieces.map((piece) => this.corrections(layer, piece.text));
    if (corrected.every((words) => !words.length)) return null;
    const within = (/** @type {Said[]} */ some) => wanted.pieces.every((piece, index) => some.some((one) => (corrected[index].length ? one.pieces.some(({ text }) => corrected[index].includes(text)) : stands(piece, one.pieces))));
    return within(names) ? 0 : within(said) ? 1 : null;
  }

  /** The words of a layer that are one letter away. @param {Layer} layer @param {string} word */
  corrections(layer, word) {
    if (!canBeMisspelt(word)) return [];
    return (this.words.get(layer) ?? []).filter((one) => isNear(word, one)).slice(0, MOST_CORRECTIONS);
  }

  /** With the text in which most of the question stands, names and the reader's language first. @param {Entry} entry @param {string} match @param {Wanted} wanted @returns {Hit} */
  hit({ layer, feature, names, said }, match, wanted) {
    const order = [...said].sort((a, b) => Number(!isName(a)) - Number(!isName(b)) || Number(a.lang !== lang) - Number(b.lang !== lang));
    /** @type {{said: Said | null, fragments: [number, number][]}} */
    let best = { said: null, fragments: [] };
    for (const one of order) {
      const found = this.fragments(layer, one, match, wanted);
      if (!best.said || found.length > best.fragments.length) best = { said: one, fragments: found };
    }
    const name = [...names].sort((a, b) => a.rank - b.rank || Number(a.lang !== lang) - Number(b.lang !== lang))[0];
    const field = best.said && { name: best.said.field.name, label: say(best.said.field.label) };
    return { layer: layer.id, layerTitle: say(layer.title), id: feature.id, name: name?.rank === 0 ? name.text : null, match, field, text: best.said?.text ?? null, fragments: best.fragments, placement: null, href: "" };
  }

  /** @param {Layer} layer @param {Said} said @param {string} match @param {Wanted} wanted @returns {[number, number][]} */
  fragments(layer, said, match, wanted) {
    if (match === "pinyin") {
      if (!isName(said)) return [];
      for (const parts of [[wanted.key], runs(wanted.key)]) {
        const found = parts.map((part) => spelled(said.text, part, this.readings)).filter((one) => one !== null);
        if (found.length === parts.length) return sortedOnce(found);
      }
      return [];
    }
    if (match !== "typo") return fragments(said.text, wanted.text);
    return sortedOnce(wanted.pieces.flatMap((piece) => this.corrections(layer, piece.text).flatMap((word) => fragments(said.text, word))));
  }
}

/** The first name that begins as is asked. @param {Entry} entry @param {Wanted} wanted */
function beginning({ keys }, { key }) {
  return keys.filter((one) => one.startsWith(key)).sort()[0];
}

/** @param {Layer} layer @param {Feature} feature @returns {Entry} */
function entryOf(layer, feature) {
  const said = layer.schema.fields.filter(isSearched).flatMap((field) => [feature.properties[field.name]].flat().flatMap((value) => (typeof value === "string" && value ? saidOf(field, value) : [])));
  said.sort((a, b) => a.rank - b.rank);
  const names = said.filter(isName);
  return { layer, feature, spoken: null, said, names, keys: names.map(({ text }) => keyOf(text).slice(0, LONGEST_KEY)), length: names.length ? Math.min(...names.map(({ text }) => Array.from(text).length)) : 0 };
}

/** @param {Field} field */
function isSearched({ type, role }) {
  return (type === "text" || type === "list") && !NOT_SEARCHED.includes(role ?? "");
}

/** A code in the words of both languages, anything else as it is written. @param {Field} field @param {string} value @returns {Said[]} */
function saidOf(field, value) {
  const at = NAMES.indexOf(field.role ?? "");
  const rank = at < 0 ? NAMES.length : at;
  const said = (/** @type {string} */ text, /** @type {string | null} */ of) => ({ field, text, lang: of, rank, pieces: pieces(folded(text).text) });
  const label = field.codes && Object.hasOwn(field.codes, value) ? field.codes[value] : null;
  if (!label) return [said(value.slice(0, LONGEST_TEXT), field.lang)];
  return /** @type {const} */ (["zh", "en"]).flatMap((of) => (label[of] ? [said(label[of], of)] : []));
}

/** @param {Said} said */
function isName({ rank }) {
  return rank < NAMES.length;
}

/** The words that can be misspelt. @param {Entry[]} entries */
function latin(entries) {
  const words = entries.flatMap(({ said }) => said.flatMap((one) => one.pieces.map(({ text }) => text)));
  return [...new Set(words.filter(canBeMisspelt))].sort();
}
