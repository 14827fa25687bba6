/** What the server hands to the page, and what scripts share through the window. Read by the type check only, never shipped. */

import type { Matches, Question } from "./answer.js";
import type { Feature, Layer, Source, Text } from "./atlas.js";
import type { LatLng, System } from "./coordinates.js";
import type { Entry } from "./headline.js";
import type { RasterBasemap } from "./raster.js";
import type { Results } from "./search.js";
import type { Stats } from "./stats.js";
import type { Lang } from "./words.js";

/** Longitude and latitude in degrees. */
export type Position = [number, number];

/** GeoJSON as the server writes it: CRS84, no heights. */
export type Geometry = Shape | { type: "GeometryCollection"; geometries: Geometry[] };
export type Shape =
  | { type: "Point"; coordinates: Position }
  | { type: "MultiPoint"; coordinates: Position[] }
  | { type: "LineString"; coordinates: Position[] }
  | { type: "MultiLineString"; coordinates: Position[][] }
  | { type: "Polygon"; coordinates: Position[][] }
  | { type: "MultiPolygon"; coordinates: Position[][][] };

/** A value of a property; a whole number beyond what a double holds is a bigint. */
export type Value = string | number | bigint | boolean | null | Value[];

export interface Zone {
  id: string;
  title: Text;
  full_name: Text;
  subtitle: Text;
  description: Text;
  as_of: string | null;
  credit: Text;
  count_note: Text;
  headline: Entry[];
  facts: { label: Text; text: Text; source: string | null }[];
  sources: Source[];
}

/** What the map script says (server/scene.py), and the map that it has made. */
export interface Scene {
  map: import("leaflet").Map;
  layers: Layer[];
  zone: Zone;
  /** West, south, east, north; east is above 180 where the zone crosses the antimeridian. */
  extent: [number, number, number, number] | null;
  basemaps: RasterBasemap[];
  approval: string;
  /** The path under which the server is reached, with a slash at its end. */
  base: string;
  /** Where the words of each language are. */
  text: Record<Lang, string>;
}

/** Who answers what the page asks: the server, or a file that holds what it shows. */
export interface Answers {
  words(lang: Lang): Promise<Record<string, string>>;
  features(layer: Layer): Promise<Feature[]>;
  /** Refused where the question cannot be answered. */
  matches(question: Question, isWanted: () => boolean): Promise<Matches>;
  /** `waiting` is called each time there is no answer yet. */
  search(q: string, isWanted: () => boolean, waiting: () => void): Promise<Results>;
  stats(query: URLSearchParams): Promise<Stats>;
  coordinates(at: LatLng): Promise<System[]>;
}

declare global {
  interface Window {
    zoneAtlas: Scene;
  }
}
