/* The keyboard shortcuts of the page.
 *
 * a[data-escape]            Escape follows it
 * [data-hotkey="b"]         Alt+B, or B when nothing is being typed; a digit too, on
 *                           the upper row of any keyboard
 * [data-moves-on]           a radio whose hotkey goes on to the next field
 * [data-keys-here]          without Alt the hotkeys in it work only while the focus is
 *                           in it or nowhere: they close something
 * dialog[data-key-help]     ? opens it, as does [data-opens-key-help]; in it
 *                           [data-single-keys] switches off the letters without Alt
 */
import { isVisible, moveOn } from "./steps.js";

/* The list of shortcuts, and the setting whether letters work without Alt */

const help = document.querySelector("dialog[data-key-help]");
const singleKeys = help?.querySelector("[data-single-keys]");
const REMEMBERED = "sleutelloket.single-keys";

function stored() {
  try {
    return localStorage.getItem(REMEMBERED) !== "off";
  } catch {
    return true; // no access to the storage: letters work without Alt, as by default
  }
}

// Speech input types letters that are not meant as shortcuts (WCAG 2.1.4).
if (singleKeys) {
  singleKeys.checked = stored();
  singleKeys.addEventListener("change", () => {
    try {
      localStorage.setItem(REMEMBERED, singleKeys.checked ? "on" : "off");
    } catch {
      // the setting is lost when the page is left
    }
  });
}

const singleKeysWork = () => singleKeys?.checked ?? stored();

function openHelp() {
  if (help && !help.open) {
    help.showModal();
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-opens-key-help]")) {
    openHelp();
  }
});

/* Which element a key activates */

// Whether letters are typed into this element while it has the focus.
const isTypedInto = (element) =>
  element?.isContentEditable ||
  element?.matches?.(
    "textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])",
  );

// The digit's key counts and not the character: on AZERTY, 1 needs Shift.
function keyOf(event) {
  const digit = /^Digit([0-9])$/.exec(event.code);
  const plain = digit && (!event.shiftKey || /^[0-9]$/.test(event.key));
  return plain ? digit[1] : event.key.toLowerCase();
}

function isHere(element) {
  const part = element.closest("[data-keys-here]");
  const focused = document.activeElement;
  return !part || !focused || focused === document.body || part.contains(focused);
}

// Whether something on the page has this shortcut.
function press(key, alt) {
  const within = document.querySelector("dialog[open]") ?? document;
  const found = [...within.querySelectorAll("[data-hotkey]")].find(
    (element) =>
      element.dataset.hotkey.toLowerCase() === key &&
      (alt || isHere(element)) &&
      !element.disabled &&
      isVisible(element),
  );
  if (!found) {
    return false;
  }
  found.focus();
  if (isTypedInto(found)) {
    found.select?.();
    return true;
  }
  found.click();
  if (found.matches("[data-moves-on]")) {
    moveOn(found.form, found);
  }
  return true;
}

function followEscape(event) {
  const back = document.querySelector("a[data-escape]");
  if (back && !event.altKey && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    back.click();
  }
}

function pressWithAlt(event) {
  if (press(keyOf(event), true)) {
    event.preventDefault();
  }
}

/* A letter alone. A passport reader types a whole document, and none of its letters is
   meant as a key: only one that stands alone counts. Enter and the like do not wait. */

const ALONE_MS = 100;
let waiting = null;
let lastTyped = -Infinity;

function pressAlone(event) {
  if (event.key === "?") {
    event.preventDefault();
    openHelp();
    return;
  }
  const isBurst = performance.now() - lastTyped < ALONE_MS;
  lastTyped = performance.now();
  clearTimeout(waiting?.timer);
  waiting = isBurst ? null : { key: keyOf(event), timer: setTimeout(pressWaiting, ALONE_MS) };
}

function pressWaiting() {
  const key = waiting?.key;
  clearTimeout(waiting?.timer);
  waiting = null;
  if (key) {
    press(key, false);
  }
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key.length > 1 && event.key !== "Shift") {
      pressWaiting();
    }
  },
  true,
);

// Somebody who clicks right after a key has meant the key.
document.addEventListener("pointerdown", pressWaiting, true);

const isNoKeyOfThePage = (event) =>
  event.defaultPrevented ||
  event.isComposing ||
  event.repeat ||
  event.ctrlKey ||
  event.metaKey ||
  event.getModifierState("AltGraph") ||
  (event.altKey && event.code.startsWith("Numpad")); // Alt+0193 types Á

document.addEventListener("keydown", (event) => {
  if (isNoKeyOfThePage(event)) {
    return;
  }
  if (event.key === "Escape") {
    followEscape(event);
  } else if (event.key.length === 1 && event.altKey) {
    pressWithAlt(event);
  } else if (event.key.length === 1 && !isTypedInto(event.target) && singleKeysWork()) {
    pressAlone(event);
  }
});

/* Marks each element with its shortcut, for screen readers too. */
export function sayHotkeys(root) {
  for (const element of root.querySelectorAll("[data-hotkey]")) {
    element.setAttribute("aria-keyshortcuts", `Alt+${element.dataset.hotkey.toUpperCase()}`);
  }
}
