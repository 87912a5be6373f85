/* The desk from the keyboard. Every page works without this file, a little slower.
 *
 * Each concern is a module beside this one, and says at its top which attributes of the
 * page it reads. A double submit and the first wrong field are in forms.js.
 */
import { showAmounts } from "./amounts.js";
import { showParts } from "./choices.js";
import "./fetching.js";
import "./fills.js";
import { sayHotkeys } from "./hotkeys.js";
import "./printing.js";
import { focusFirst } from "./steps.js";

function start(root) {
  showParts();
  showAmounts(root);
  sayHotkeys(root);
}

document.addEventListener("htmx:load", (event) => start(event.target));
start(document);
focusFirst();
