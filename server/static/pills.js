/** Named pills: the things at one anchor under its name, with up to four of their symbols and their number. */

import { h } from "./dom.js";
import { absorb, groupItems, shownItems } from "./groups.js";
import { around } from "./placing.js";
import { itemSymbol } from "./symbols.js";
import { shortened, textWidth } from "./textwidth.js";
import { word } from "./words.js";

const L = window.L;

/** Sizes of the style sheet's .pill, needed before a pill is on the page. */
const SIZE = { height: 24, symbol: 16, text: 12, padding: 6, gap: 3, longest: 132 };

/** Symbols of a pill; in a narrow window two kinds and the number say enough. */
const MOST = 4;
const MOST_SMALL = 2;

/** Pixels from which on a pill beside its dot needs a line to it. */
const FAR = 12;

/**
 * @typedef {import("./groups.js").Group} Group
 * @typedef {import("./placing.js").Box} Box
 * @typedef {import("./placing.js").Placing} Placing
 * @typedef {"beside" | "right" | "left"} Form where the first symbol stands: beside the town's dot, or on the place
 *   itself with the rest to its right or left
 * @typedef {{form: Form, name: string, box: Box}} Settled
 */

export class Pills {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./state.js").State} state
   * @param {{open: (items: import("./atlas.js").Item[], name: string) => void, hint: (reason: "pointer" | "focus", items: import("./atlas.js").Item[]) => void}} actions
   */
  constructor(map, atlas, state, actions) {
    this.map = map;
    this.atlas = atlas;
    this.state = state;
    this.actions = actions;
    this.most = MOST;
    this.leaders = L.svg({ pane: "dots", padding: 0.6 });
    this.group = L.layerGroup().addTo(map);
    /** @type {Map<string, string>} names of towns by their position */
    this.places = new Map();
    for (const place of atlas.ofRole("places")) if (place.point) this.places.set(keyOf(place.point), place.name);
  }

  /**
   * What is shown in the window, in groups.
   * @param {boolean} small
   * @returns {Group[]}
   */
  collect(small) {
    this.most = small ? MOST_SMALL : MOST;
    const items = this.atlas.sites.filter((item) => item.home === "map" && item.point && this.state.shows(item));
    const { x: width, y: height } = this.map.getSize();
    const project = (/** @type {[number, number]} */ point) => this.map.latLngToContainerPoint([point[1], point[0]]);
    return groupItems(items, project, { width, height });
  }

  /** Keeps the place of each group's first symbol free. @param {Group[]} groups @param {Placing} placing */
  reserve(groups, placing) {
    for (const group of groups) {
      if (isFixed(group)) placing.take(this.onPlace(group, SIZE.height), group);
    }
  }

  /**
   * Draws the groups, each with its name where there is room for it.
   * @param {Group[]} groups
   * @param {Placing} placing
   * @returns {Set<string>} the anchors named by a pill, as position keys
   */
  draw(groups, placing) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.pill;
    this.group.clearLayers();
    // A pill that goes never hears that pointer or focus leaves it.
    this.actions.hint("pointer", []);
    this.actions.hint("focus", []);
    const settled = this.settle(groups, placing);
    const named = new Set();
    for (const [group, { form, name, box }] of settled) {
      this.add(group, form, name, box, group.key === focused);
      if (name) named.add(group.key);
    }
    return named;
  }

  /**
   * Room for each group, at the cost of its name. One that finds none goes into the nearest, which is larger then: all
   * begin anew without it.
   * @param {Group[]} groups
   * @param {Placing} placing
   * @returns {Map<Group, Settled>}
   */
  settle(groups, placing) {
    /** @type {Map<Group, Settled>} */
    const settled = new Map();
    for (const group of groups) {
      const tries = this.tries(group, group.places > 1 ? "" : shortened(this.nameOf(group), SIZE.longest, SIZE.text));
      const free = tries.find(({ box }) => placing.inside(box) && !placing.obstacle(box, group));
      const other = free ? null : nearest(group, settled);
      if (other) {
        absorb(other, group);
        for (const one of groups) placing.release(one);
        const rest = groups.filter((one) => one !== group);
        this.reserve(rest, placing);
        return this.settle(rest, placing);
      }
      const chosen = free ?? tries[tries.length - 1];
      placing.take(chosen.box, group);
      settled.set(group, chosen);
    }
    return settled;
  }

  /**
   * The forms a group may take, the best first.
   * @param {Group} group
   * @param {string} name
   * @returns {Settled[]}
   */
  tries(group, name) {
    const full = this.width(group, name);
    const bare = this.width(group, "");
    if (!isFixed(group)) {
      return [
        ...[...around(group.point, full, SIZE.height, 6)].map((box) => ({ form: /** @type {Form} */ ("beside"), name, box })),
        ...[...around(group.point, bare, SIZE.height, 6)].map((box) => ({ form: /** @type {Form} */ ("beside"), name: "", box })),
      ];
    }
    const right = (/** @type {number} */ width) => this.onPlace(group, width);
    const left = (/** @type {number} */ width) => ({ ...right(width), x: 2 * group.point.x - right(width).x - width });
    return [
      { form: "right", name, box: right(full) },
      { form: "left", name, box: left(full) },
      { form: "right", name: "", box: right(bare) },
      { form: "left", name: "", box: left(bare) },
    ];
  }

  /** The box of a pill whose first symbol stands on the place. @param {Group} group @param {number} width @returns {Box} */
  onPlace(group, width) {
    return { x: group.point.x - SIZE.padding - SIZE.symbol / 2, y: group.point.y - SIZE.height / 2, width, height: SIZE.height };
  }

  /** @param {Group} group */
  nameOf(group) {
    const anchor = group.items.map((item) => item.role("anchor")).find(Boolean);
    return anchor ?? this.places.get(group.key) ?? group.items[0].name;
  }

  /** @param {Group} group @param {Form} form @param {string} name @param {Box} box @param {boolean} focused */
  add(group, form, name, box, focused) {
    const title = group.places > 1 ? word("pill.several", { name: this.nameOf(group), places: group.places }) : this.nameOf(group);
    const shown = shownItems(group, this.most);
    const { actions } = this;
    const selected = group.items.some((item) => item.key === this.state.choice.selected);
    const element = h(
      "button",
      {
        class: `pill is-${form}${selected ? " is-selected" : ""}`,
        type: "button",
        title: group.items.length === 1 ? group.items[0].name : title,
        // With a visible name that is what it is called (WCAG 2.5.3); the title says the rest.
        "aria-label": name ? null : group.items.length === 1 ? group.items[0].name : word("pill.label", { name: title, count: group.items.length }),
        "data-pill": group.key,
        "data-count": group.items.length,
        onclick: () => actions.open(group.items, title),
        onmouseenter: () => actions.hint("pointer", group.items),
        onmouseleave: () => actions.hint("pointer", []),
        onfocus: () => actions.hint("focus", group.items),
        onblur: () => actions.hint("focus", []),
      },
      h("span", { class: "pill-symbols" }, ...shown.map((item) => itemSymbol(item, SIZE.symbol))),
      name && h("span", { class: "pill-name" }, name),
      group.items.length > 1 && h("span", { class: "pill-count" }, group.items.length),
    );
    element.style.width = `${this.width(group, name)}px`;
    L.marker(group.latlng, {
      icon: L.divIcon({
        html: element,
        className: "pill-place",
        iconSize: [0, 0],
        iconAnchor: [group.point.x - box.x, group.point.y - box.y],
      }),
      keyboard: false,
      interactive: false,
      pane: "pills",
      zIndexOffset: selected ? 1000 : 0,
    }).addTo(this.group);
    if (form === "beside") this.lead(group, box);
    if (focused) element.focus({ preventScroll: true });
  }

  /** A line to the dot, where the pill has found room only further off. @param {Group} group @param {Box} box */
  lead(group, box) {
    const near = L.point(
      Math.min(Math.max(group.point.x, box.x), box.x + box.width),
      Math.min(Math.max(group.point.y, box.y), box.y + box.height),
    );
    if (near.distanceTo(L.point(group.point.x, group.point.y)) < FAR) return;
    L.polyline([group.latlng, this.map.containerPointToLatLng(near)], { renderer: this.leaders, className: "plate-leader", interactive: false }).addTo(this.group);
  }

  /** @param {Group} group @param {string} name */
  width(group, name) {
    const symbols = shownItems(group, this.most).length;
    const count = group.items.length > 1 ? textWidth(String(group.items.length), SIZE.text, 600) + SIZE.gap : 0;
    const text = name ? textWidth(name, SIZE.text, 600) + SIZE.gap + 2 : 0;
    return 2 * SIZE.padding + symbols * SIZE.symbol + (symbols - 1) + text + count;
  }
}

/** Stands on its place; what is known to towns only, or stands for many places, has none. @param {Group} group */
function isFixed(group) {
  return group.places === 1 && !group.items.every((item) => item.hollow);
}

/** @param {Group} group @param {Map<Group, Settled>} settled @returns {Group | null} */
function nearest(group, settled) {
  const distance = (/** @type {Group} */ other) => Math.hypot(other.point.x - group.point.x, other.point.y - group.point.y);
  return [...settled.keys()].sort((a, b) => distance(a) - distance(b))[0] ?? null;
}

/** @param {[number, number]} point */
export function keyOf(point) {
  return `${point[0].toFixed(5)},${point[1].toFixed(5)}`;
}
