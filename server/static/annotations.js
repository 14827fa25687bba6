/** Everything with words on the map, laid out together: symbols at their places, plates, names; none over another. */

import { Fan } from "./fan.js";
import { Names } from "./names.js";
import { Pills } from "./pills.js";
import { Placing } from "./placing.js";
import { Plates } from "./plates.js";
import { Press, nearestWins } from "./touch.js";

/** Panes of words, above the shapes; the plates lie under the pills, which are smaller and can be asked. */
const PANES = { dots: 440, names: 450, plates: 610, pills: 620 };

/** The band of the frame's degrees, which stays free. */
const FRAME = { top: 22, side: 46, bottom: 10 };
const SMALL = 620;

export class Annotations {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./atlas.js").Atlas} atlas
   * @param {import("./state.js").State} state
   * @param {{openArea: (area: import("./atlas.js").Item, items: import("./atlas.js").Item[]) => void,
   *   openItems: (items: import("./atlas.js").Item[], name: string) => void,
   *   openItem: (item: import("./atlas.js").Item) => void,
   *   hint: (reason: "pointer" | "focus", items: import("./atlas.js").Item[]) => void}} actions
   */
  constructor(map, atlas, state, actions) {
    this.map = map;
    for (const [name, level] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = String(level);
      // Two quick taps on its buttons are no double tap on the map, which would zoom.
      window.L.DomEvent.on(pane, "click dblclick", window.L.DomEvent.stopPropagation);
    }
    this.plates = new Plates(map, atlas, state, actions.openArea);
    this.pills = new Pills(map, atlas, state, { open: actions.openItems, hint: actions.hint });
    this.fan = new Fan(map, atlas, state, actions.openItem);
    this.names = new Names(map, atlas, state);
    nearestWins(map.getContainer());
    this.waiting = false;
    this.press = new Press(map.getContainer(), () => this.waiting && this.draw());
    map.on("moveend", () => this.draw());
  }

  draw() {
    this.waiting = this.press.isDown;
    if (this.waiting) return;
    const { x: width, y: height } = this.map.getSize();
    if (!width || !height) return;
    const placing = new Placing({ x: FRAME.side, y: FRAME.top, width: width - FRAME.side - FRAME.bottom, height: height - FRAME.top - FRAME.bottom });
    const small = width < SMALL;
    this.keepToolsFree(placing);
    const groups = this.pills.collect(small);
    this.pills.reserve(groups, placing);
    this.plates.draw(placing, small, [...groups.map((group) => group.point), ...this.names.points()]);
    const named = this.pills.draw(groups, placing);
    this.fan.draw(placing);
    this.names.takeDots(placing);
    this.names.draw(placing, named, small);
  }

  /** Nothing is laid under the buttons that stand on the map. @param {Placing} placing */
  keepToolsFree(placing) {
    const frame = this.map.getContainer().getBoundingClientRect();
    for (const tools of document.querySelectorAll(".zoom-tools")) {
      const { x, y, width, height } = tools.getBoundingClientRect();
      placing.take({ x: x - frame.x, y: y - frame.y, width, height });
    }
  }
}
