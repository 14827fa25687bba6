/** The page of a server, which answers whatever the page asks. */

import { Online } from "./online.js";
import { begin } from "./start.js";

begin(new Online(window.zoneAtlas));
