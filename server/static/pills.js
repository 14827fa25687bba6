/** Named pills: the things at one anchor under its name, with up to four of their symbols and their number. */

import { latLng } from "./basemap.js";
import { h } from "./dom.js";
import { absorb, districtsOf, groupItems, shownItems } from "./groups.js";
import { SYMBOL, farForm, isFixed, nearForm, onPlace, pillWidth } from "./pillforms.js";
import { nearestOf } from "./placing.js";
import { itemSymbol } from "./symbols.js";
import { word } from "./words.js";

const L = window.L;

/** Symbols of a pill; in a narrow window two kinds and the number say enough. */
const MOST = 4;
const MOST_SMALL = 2;

/** Pixels from which on a pill beside its dot needs a line to it. */
const FAR = 12;

/** Pixels between two groups that may become one for want of room, and the zoom from which a district's are its own. */
const NEAR = 40;
const APART_FROM = 11;

/**
 * @typedef {import("./groups.js").Group} Group
 * @typedef {import("./placing.js").Box} Box
 * @typedef {import("./placing.js").Placing} Placing
 * @typedef {import("./pillforms.js").Form} Form
 * @typedef {import("./pillforms.js").Settled} Settled
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
    const groups = groupItems(items, project, { width, height }, this.map.getZoom() >= APART_FROM);
    return groups.sort((a, b) => Number(this.isChosen(b)) - Number(this.isChosen(a)));
  }

  /** Whether the reader has opened it, or one of its items. @param {Group} group */
  isChosen({ items }) {
    const { selected, listed } = this.state.choice;
    return items.some((item) => item.key === selected || listed?.has(item.key));
  }

  /**
   * Keeps the place of each group's first symbol free, and of the chosen one its name's too.
   * @param {Group[]} groups
   * @param {Placing} placing
   */
  reserve(groups, placing) {
    for (const group of groups) {
      if (isFixed(group)) placing.take(onPlace(group), group);
    }
    for (const group of groups) {
      const free = this.isChosen(group) && nearForm(group, this.nameOf(group), this.most, placing);
      if (free) placing.take(free.box, group);
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
   * Room for each group, at the cost of its name. One that finds none goes into one close by, which is larger then: all
   * begin anew without it. Where there is none close by it stands further off, or over what is there.
   * @param {Group[]} groups
   * @param {Placing} placing
   * @returns {Map<Group, Settled>}
   */
  settle(groups, placing) {
    /** @type {Map<Group, Settled>} */
    const settled = new Map();
    for (const group of groups) {
      const name = this.nameOf(group);
      const free = nearForm(group, name, this.most, placing);
      const other = free || this.isChosen(group) ? null : this.closeBy(group, settled);
      if (other) {
        absorb(other, group);
        for (const one of groups) placing.release(one);
        const rest = groups.filter((one) => one !== group);
        this.reserve(rest, placing);
        return this.settle(rest, placing);
      }
      const chosen = free ?? farForm(group, name, this.most, placing);
      placing.take(chosen.box, group);
      settled.set(group, chosen);
    }
    return settled;
  }

  /**
   * The nearest group that another may go into with all that it holds. The chosen one stays as it is.
   * @param {Group} group
   * @param {Map<Group, Settled>} settled
   * @returns {Group | null}
   */
  closeBy(group, settled) {
    const spots = group.items.map((item) => this.map.latLngToContainerPoint(latLng(/** @type {[number, number]} */ (item.point))));
    const distance = (/** @type {Group} */ other) => Math.max(...spots.map((spot) => Math.hypot(other.point.x - spot.x, other.point.y - spot.y)));
    const apart = this.map.getZoom() >= APART_FROM;
    const fits = (/** @type {Group} */ other) =>
      distance(other) <= NEAR && !this.isChosen(other) && !(apart && districtsOf(other) !== districtsOf(group));
    return [...settled.keys()].filter(fits).sort((a, b) => distance(a) - distance(b))[0] ?? null;
  }

  /** @param {Group} group */
  nameOf(group) {
    const anchor = group.items.map((item) => item.text("anchor")).find(Boolean);
    return anchor ?? this.places.get(group.key) ?? group.items[0].name;
  }

  /** @param {Group} group @param {Form} form @param {string} name @param {Box} box @param {boolean} focused */
  add(group, form, name, box, focused) {
    const title = group.places > 1 ? word("pill.several", { name: this.nameOf(group), places: group.places }) : this.nameOf(group);
    const shown = shownItems(group, this.most);
    const { actions } = this;
    const selected = this.isChosen(group);
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
      h("span", { class: "pill-symbols" }, ...shown.map((item) => itemSymbol(item, SYMBOL))),
      name && h("span", { class: "pill-name" }, name),
      group.items.length > 1 && h("span", { class: "pill-count" }, group.items.length),
    );
    element.style.width = `${pillWidth(group, name, this.most)}px`;
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
    const { x, y } = nearestOf(group.point, box);
    const near = L.point(x, y);
    if (near.distanceTo(L.point(group.point.x, group.point.y)) < FAR) return;
    L.polyline([group.latlng, this.map.containerPointToLatLng(near)], { renderer: this.leaders, className: "plate-leader is-pill", interactive: false }).addTo(this.group);
  }

}

/** @param {[number, number]} point */
export function keyOf(point) {
  return `${point[0].toFixed(5)},${point[1].toFixed(5)}`;
}
