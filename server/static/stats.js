/** The server's statistics of what is asked: fetched once a question, for all that show them. */

import { questionQuery } from "./answer.js";
import { sitesOn } from "./countable.js";
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
  /** @param {import("./state.js").State} state @param {import("./types.d.ts").Answers} answers */
  constructor(state, answers) {
    this.state = state;
    this.answers = answers;
    /** @type {Map<string, Promise<Stats>>} by their question */
    this.kept = new Map();
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
    return this.answer(query);
  }

  /** @param {URLSearchParams} query */
  answer(query) {
    const question = String(query);
    const kept = this.kept.get(question);
    const answer = kept ?? this.answers.stats(query);
    this.kept.delete(question);
    this.kept.set(question, answer);
    if (!kept) answer.catch(() => this.kept.delete(question));
    for (const oldest of this.kept.keys()) if (this.kept.size > KEPT) this.kept.delete(oldest);
    return answer;
  }
}
