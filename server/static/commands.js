/** Commands of the page around the map: all that one says is read and checked before any of it is done. */

import { parseFilter } from "./filter.js";

/**
 * @typedef {{center?: [number, number] | null, zoom?: number}} Place longitude, latitude; null is the whole zone's
 * @typedef {Partial<Pick<import("./state.js").Choice, "layers" | "conditions" | "other">>} Asked
 * @typedef {{asked?: Asked, selected?: string | null, place?: Place}} Order what is to change; what is not named stays
 * @typedef {import("./atlas.js").Atlas} Atlas
 */

/** Degrees; a map of a zone across 180 degrees goes on counting beyond it. */
const [FURTHEST_EAST, FURTHEST_NORTH] = [360, 85];

/** No map goes deeper. */
const DEEPEST = 24;

/**
 * Commands by their names, and what each says by its name: whether it can be.
 * @type {Record<string, Record<string, (said: unknown, atlas: Atlas) => boolean>>}
 */
const PARAMETERS = {
  setView: { center: (said) => said === null || isPlace(said), zoom: (said) => isWithin(said, 0, DEEPEST) },
  setFilter: { filter: (said) => said === null || (typeof said === "string" && said.trim() !== "") },
  setLayers: { layers: (said, atlas) => Array.isArray(said) && said.every((id) => typeof id === "string" && atlas.layer(id)) },
  select: { item: (said, atlas) => said === null || (typeof said === "string" && atlas.byKey.has(said)) },
};

/** What each does with what can be. @type {Record<string, (said: any, atlas: Atlas) => Order>} */
const ORDERS = {
  setView: ({ center, zoom }) => ({ place: { center, zoom } }),
  setFilter: ({ filter }, atlas) => ({ asked: filter === null ? { conditions: [], other: null } : parseFilter(filter, (name) => atlas.field(name)) }),
  setLayers: ({ layers }) => ({ asked: { layers: new Set(layers) } }),
  select: ({ item }) => ({ selected: item }),
};

export const COMMANDS = Object.keys(ORDERS);

/**
 * An order, or the names of what cannot be: wrong values, or all it may say where it says nothing. Null is no command.
 * @param {string} type
 * @param {Record<string, unknown>} said
 * @param {Atlas} atlas
 * @returns {{order: Order} | {wrong: string[]} | null}
 */
export function readCommand(type, said, atlas) {
  if (!Object.hasOwn(PARAMETERS, type)) return null;
  const allowed = Object.entries(PARAMETERS[type]);
  const given = allowed.filter(([name]) => said[name] !== undefined);
  const wrong = (given.length ? given.filter(([name, fits]) => !fits(said[name], atlas)) : allowed).map(([name]) => name);
  return wrong.length ? { wrong } : { order: ORDERS[type](said, atlas) };
}

/** @param {unknown} said */
function isPlace(said) {
  return Array.isArray(said) && said.length === 2 && isWithin(said[0], -FURTHEST_EAST, FURTHEST_EAST) && isWithin(said[1], -FURTHEST_NORTH, FURTHEST_NORTH);
}

/** @param {unknown} said @param {number} least @param {number} greatest */
function isWithin(said, least, greatest) {
  return typeof said === "number" && said >= least && said <= greatest;
}
