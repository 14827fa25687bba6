/** The server as the page asks it. */

import { Refused, questionQuery } from "./answer.js";
import { parseExact } from "./exact.js";
import { isReadable, lang, word } from "./words.js";

/** So often a server that is not ready is asked again. */
const TRIES = 30;

/** What a reader calls the parts of a question. */
const PARTS = new Set(["filter", "q", "area", "certainty"]);

/** @typedef {import("./types.d.ts").Answers} Answers */

/** @implements {Answers} */
export class Online {
  /** @param {import("./types.d.ts").Scene} scene */
  constructor({ base, text }) {
    this.base = base;
    this.text = text;
  }

  /** @param {import("./words.js").Lang} lang @returns {Promise<Record<string, string>>} */
  async words(lang) {
    return (await got(this.text[lang])).json();
  }

  /** @param {import("./atlas.js").Layer} layer @returns {Promise<import("./atlas.js").Feature[]>} */
  async features({ schema, url }) {
    const answer = await got(url);
    const wholeNumbers = schema.fields.some((field) => field.type === "integer");
    return (wholeNumbers ? parseExact(await answer.text()) : await answer.json()).features;
  }

  /** @param {import("./answer.js").Question} question @param {() => boolean} isWanted @returns {Promise<import("./answer.js").Matches>} */
  async matches(question, isWanted) {
    const query = questionQuery(question);
    query.set("lang", lang);
    const answer = await patient(`${this.base}matches?${query}`, isWanted);
    if (answer.status === 400) throw new Refused(refusal(await answer.json()));
    return checked(answer).json();
  }

  /** @param {string} q @param {() => boolean} isWanted @param {() => void} waiting @returns {Promise<import("./search.js").Results>} */
  async search(q, isWanted, waiting) {
    const query = new URLSearchParams({ q, lang });
    return checked(await patient(`${this.base}search?${query}`, isWanted, waiting)).json();
  }

  /** @param {URLSearchParams} query @returns {Promise<import("./stats.js").Stats>} */
  async stats(query) {
    const answer = await fetch(`${this.base}stats?${query}`);
    if (answer.status === 400) throw new Refused((await answer.json()).detail);
    return parseExact(await checked(answer).text());
  }

  /** @param {import("./coordinates.js").LatLng} at @returns {Promise<import("./coordinates.js").System[]>} */
  async coordinates({ lng, lat }) {
    const answer = await got(`${this.base}coordinates?lon=${lng.toFixed(9)}&lat=${lat.toFixed(9)}&lang=${lang}`);
    return (await answer.json()).systems;
  }
}

/** @param {string} address */
async function got(address) {
  return checked(await fetch(address));
}

/** @param {Response} answer */
function checked(answer) {
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  return answer;
}

/**
 * While the words of a layer are read for the first time the server asks for patience.
 * @param {string} address
 * @param {() => boolean} isWanted whether anybody still waits for the answer
 * @param {() => void} [waiting] what is done each time there is none yet
 */
async function patient(address, isWanted, waiting = () => undefined) {
  let answer = await fetch(address);
  for (let tries = TRIES; answer.status === 503 && tries > 0 && isWanted(); tries -= 1) {
    waiting();
    const seconds = Number(answer.headers.get("Retry-After") ?? 2);
    await new Promise((done) => setTimeout(done, 1000 * seconds));
    if (isWanted()) answer = await fetch(address);
  }
  return answer;
}

/**
 * The server's own sentence, where it is in the reader's language.
 * @param {{detail: string, parameter?: string, got?: string}} problem
 */
function refusal({ detail, parameter = "", got = "" }) {
  if (isReadable(detail.replace(got, ""))) return detail;
  return word("status.refused", { part: PARTS.has(parameter) ? word(`status.part_${parameter}`) : parameter, name: parameter });
}
