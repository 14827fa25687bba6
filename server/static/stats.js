/** The server's statistics of what is asked: fetched once a question, for all that show them. */

import { questionQuery, Refused } from "./answer.js";
import { sitesOn } from "./countable.js";
import { parseExact } from "./exact.js";
import { lang } from "./words.js";

/**
 * @typedef {string | number | boolean | null} One
 * @typedef {{known_sum: number | bigint | null, known_count: number, count: number}} Sum unknown is no nought: where
 *   nothing is known there is no sum
 * @typedef {{values: Record<string, One | One[]>, labels: Record<string, string>, kind: "value" | "several" | "unknown",
 *   count: number, inferred: number, sums: Record<string, Sum>, layers: Record<string, number>}} Group
 *   count: without those inferred; a list of several values is a group of its own
 * @typedef {{matched: number, groups: Group[], totals: Record<string, Sum>, rankable: boolean}} Stats
 */

/** So many answers are kept, the latest ones. */
const KEPT = 12;

/** What changes the answer to every question. */
export const ASKED = ["layers", "conditions", "other", "q", "area", "certain"];

export class Statistics {
  /** @param {import("./state.js").State} state @param {string} base */
  constructor(state, base) {
    this.state = state;
    this.base = base;
    /** @type {Map<string, Promise<Stats>>} */
    this.answers = new Map();
  }

  /**
   * What is shown, by the values of some fields, with the known sum of a number; null where no layer is on. Refused
   * says in words what cannot be answered; any other error is the network's.
   * @param {string[]} group
   * @param {string | null} sum
   * @returns {Promise<Stats> | null}
   */
  ask(group, sum) {
    const { choice, atlas } = this.state;
    const layers = sitesOn(atlas, choice.layers);
    if (!layers.length) return null;
    const query = questionQuery({ ...choice, other: this.state.filter() });
    query.set("layers", layers.map((layer) => layer.id).join(","));
    if (group.length) query.set("group", group.join(","));
    if (sum !== null) query.set("sum", sum);
    query.set("lang", lang);
    query.set("f", "json");
    return this.answer(`${this.base}stats?${query}`);
  }

  /** @param {string} address */
  answer(address) {
    const kept = this.answers.get(address);
    const answer = kept ?? fetchStats(address);
    this.answers.delete(address);
    this.answers.set(address, answer);
    if (!kept) answer.catch(() => this.answers.delete(address));
    for (const oldest of this.answers.keys()) if (this.answers.size > KEPT) this.answers.delete(oldest);
    return answer;
  }
}

/** @param {string} address @returns {Promise<Stats>} */
async function fetchStats(address) {
  const answer = await fetch(address);
  if (answer.status === 400) throw new Refused((await answer.json()).detail);
  if (!answer.ok) throw new Error(String(answer.status));
  return parseExact(await answer.text());
}
