/** What the page does not know of a question by itself: a filter of another kind than its own, words, an area. */

/**
 * @typedef {"certain" | "possible"} Certainty
 * @typedef {{id: string, certainty: Certainty | null, distance_m: number | null, uncertainty_m: number | null}} Match
 * @typedef {{id: string, matched: number, certain: number, possible: number, outside: number, undecided: number,
 *   knows: boolean, features: Match[], undecided_ids: string[], left_out: number}} LayerMatches
 * @typedef {{area: import("./types.d.ts").Geometry | null, label: string | null, target: {layer: string, id: string, name: string, uncertainty_m: number | null} | null,
 *   layers: LayerMatches[]}} Matches
 * @typedef {{other: string | null, q: string | null, area: string | null, certain: boolean}} Question
 */

export class Answer {
  /** @param {Matches} matches @param {Question} question what was asked */
  constructor(matches, question) {
    this.question = question;
    this.area = matches.area;
    this.label = matches.label;
    this.target = matches.target;
    /** @type {Map<string, LayerMatches>} */
    this.layers = new Map(matches.layers.map((layer) => [layer.id, layer]));
    /** @type {Map<string, Map<string, Match>>} */
    this.matches = new Map(matches.layers.map((layer) => [layer.id, new Map(layer.features.map((match) => [match.id, match]))]));
    const found = matches.layers.flatMap((layer) => layer.features);
    this.hasCertainty = found.some((match) => (match.certainty ?? null) !== null);
    this.hasDistances = found.some((match) => (match.distance_m ?? null) !== null);
  }

  /** @param {import("./atlas.js").Item} item @returns {Match | null} */
  match(item) {
    return this.matches.get(item.layer.id)?.get(item.id) ?? null;
  }
}

/** Whether there is anything to be asked. @param {Question} question */
export function isAsked({ other, q, area }) {
  return other !== null || q !== null || area !== null;
}

/** The question as parameters of every address that narrows. @param {Question} question */
export function questionQuery({ other, q, area, certain }) {
  const query = new URLSearchParams();
  if (other) query.set("filter", other);
  if (q) query.set("q", q);
  if (area) query.set("area", area);
  if (area && certain) query.set("certainty", "certain");
  return query;
}

/** What is wrong with a question, in the reader's words. */
export class Refused extends Error {}

/**
 * Refused says in words what cannot be answered; any other error is the network's.
 * @param {import("./types.d.ts").Answers} answers
 * @param {Question} question
 * @param {() => boolean} [isWanted] whether anybody still waits for the answer
 */
export async function ask(answers, question, isWanted = () => true) {
  return new Answer(await answers.matches(question, isWanted), question);
}

/** Keeps the state's answer to its question: one that has none, refused or for want of a network, is taken back and said. */
export class Asking {
  /**
   * @param {import("./state.js").State} state
   * @param {{answers: import("./types.d.ts").Answers, refused: (detail: string) => void, failed: (again: () => void) => void, busy: (is: boolean) => void}} page
   */
  constructor(state, page) {
    this.state = state;
    this.page = page;
    this.turn = 0;
    this.isTakingBack = false;
    /** @type {Question} the last one that was answered */
    this.good = { other: null, q: null, area: null, certain: false };
    state.follow((_, changed) => {
      if (!this.isTakingBack && ["other", "q", "area", "certain"].some((key) => changed.has(key))) this.ask();
    });
  }

  async ask() {
    const turn = (this.turn += 1);
    const { other, q, area, certain } = this.state.choice;
    const question = { other, q, area, certain };
    if (!isAsked(question)) {
      this.good = question;
      this.page.busy(false);
      this.state.set({ answer: null });
      return;
    }
    this.page.busy(true);
    try {
      const answer = await ask(this.page.answers, question, () => turn === this.turn);
      if (turn !== this.turn) return;
      this.good = question;
      this.state.set({ answer });
    } catch (error) {
      if (turn !== this.turn) return;
      this.takeBack();
      if (error instanceof Refused) this.page.refused(error.message);
      else this.page.failed(() => this.state.set(question));
    } finally {
      if (turn === this.turn) this.page.busy(false);
    }
  }

  /** The state has the answer of the last good question still. A step back to the other one would lead nowhere. */
  takeBack() {
    [this.isTakingBack, this.state.isByItself] = [true, true];
    this.state.set({ ...this.good });
    [this.isTakingBack, this.state.isByItself] = [false, false];
  }
}
