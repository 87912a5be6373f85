/* A document reader acts as a keyboard: it types wherever the focus is. It is
 * recognised by its speed and by the layout of what it types (zone.js), without a
 * special key.
 *
 * #reader-said            the message about a scan that the page did not expect, in
 *                         data-refused
 * "scan", on document     a page that reads scans listens to it and prevents its default;
 *                         detail: text (the lines), state (as zone.read gives it), say()
 *
 * What a reader typed into fields is removed, the fields get back their values, and its
 * Enter and Tab do nothing. textarea[data-mrz] is left to mrz.js. Without this file
 * the server refuses a scan where it does not belong (counter/scans/scan_guard.py).
 */
(() => {
  "use strict";

  const said = document.querySelector("#reader-said");
  if (!said) {
    return;
  }
  const { read, looksTyped } = globalThis.zone;

  const GAP_MS = 600; // after a longer pause, something else begins
  const FAST_MS = 45; // average time for each key: no person types a whole line so fast
  const QUICK_MS = 150; // no person copies one so fast
  const FEW = 6; // keys, before an average means something
  const QUIET_MS = 250; // after this pause the scan may be complete
  const LINE_MS = 1200; // after this pause nothing more comes, not even the next line
  const ECHO_MS = 200; // a second line end, after the zone was complete

  let burst = null;
  let expected = false; // the character of a key is about to appear in a field
  let echoUntil = 0;

  const isMrz = (element) => element?.matches?.("textarea[data-mrz]");
  const isField = (element) => element?.matches?.("input, textarea, select") && !isMrz(element);
  const isPaste = (event) => /Paste|Drop|Replacement/.test(event.inputType);
  const hasText = (element) =>
    isField(element) && !element.matches("select, [type=radio], [type=checkbox]");

  /* The values of the fields before the scan */

  function hold(element) {
    if (isField(element) && !burst.held.has(element)) {
      burst.held.set(element, { value: element.value, checked: element.checked });
    }
  }

  function giveBack() {
    for (const [element, before] of burst.held) {
      const isChoice = element.matches("[type=radio], [type=checkbox]");
      if (isChoice ? element.checked !== before.checked : element.value !== before.value) {
        element.value = before.value;
        element.checked = before.checked;
        const kind = hasText(element) ? "input" : "change";
        element.dispatchEvent(new Event(kind, { bubbles: true }));
      }
    }
    burst.first?.focus?.();
  }

  // Some keys do not say what they type (an input method, Alt and digits). Then the
  // text is what the field has now and did not have before.
  function inserted(element) {
    const before = burst.held.get(element)?.value ?? "";
    const now = element.value;
    let start = 0;
    while (start < before.length && before[start] === now[start]) {
      start += 1;
    }
    let end = 0;
    while (end < before.length - start && before.at(-1 - end) === now.at(-1 - end)) {
      end += 1;
    }
    return now.slice(start, now.length - end);
  }

  // All text so far. Once the scan is recognised, the fields are restored; only text
  // that no key event announced may appear in one again.
  function typed() {
    const field = document.activeElement;
    const unseen = burst.blind && hasText(field) ? inserted(field) : "";
    return burst.caught || !unseen ? burst.text + unseen : unseen;
  }

  /* From the first key to the last */

  function begin(at) {
    const first = document.activeElement;
    burst = { text: "", keys: 0, at, last: at, held: new Map(), first, blind: false };
    burst.caught = false;
  }

  function isTypedAt(milliseconds) {
    return burst.keys >= FEW && (burst.last - burst.at) / (burst.keys - 1) <= milliseconds;
  }

  function catchIt(text = typed()) {
    burst.text = text;
    burst.caught = true;
    giveBack();
  }

  function wait() {
    clearTimeout(burst.timer);
    burst.timer = setTimeout(quiet, QUIET_MS, burst);
  }

  // Some readers send no line end after the last line.
  function quiet(which) {
    if (which !== burst) {
      return;
    }
    const text = typed();
    if (read(text) === "whole") {
      end();
    } else if (burst.caught || (looksTyped(text) && isTypedAt(QUICK_MS))) {
      burst.timer = setTimeout(() => which === burst && end(), LINE_MS - QUIET_MS);
    }
  }

  function end() {
    if (!burst.caught) {
      catchIt();
    }
    finish();
  }

  function takeUnseen() {
    if (burst.blind) {
      burst.text = typed();
      giveBack();
    }
  }

  function finish() {
    takeUnseen();
    const { text, timer } = burst;
    clearTimeout(timer);
    burst = null;
    echoUntil = performance.now() + ECHO_MS;
    const detail = { text, state: read(text), say };
    if (document.dispatchEvent(new CustomEvent("scan", { detail, cancelable: true }))) {
      say(said.dataset.refused);
    }
  }

  function say(text) {
    said.textContent = text;
    said.hidden = !text;
    if (text) {
      said.scrollIntoView({ block: "nearest" });
    }
  }

  function stop(event) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  function lineEnds(event) {
    if (performance.now() < echoUntil) {
      stop(event);
      return;
    }
    if (burst && !burst.caught && looksTyped(typed())) {
      catchIt();
    } else if (burst?.caught) {
      takeUnseen();
    }
    if (!burst?.caught) {
      burst = null; // an Enter that a person pressed
      return;
    }
    stop(event);
    burst.text += "\n";
    if (["whole", "wrong"].includes(read(burst.text))) {
      finish();
    } else {
      wait();
    }
  }

  function goOn(event) {
    // After a pause, or in another field: a person typed what came before.
    const isOver =
      !burst?.caught &&
      (event.timeStamp - burst?.last > GAP_MS || document.activeElement !== burst?.first);
    if (!burst || isOver) {
      clearTimeout(burst?.timer);
      begin(event.timeStamp);
      say(""); // belongs to the previous scan
    }
    hold(document.activeElement);
    burst.keys += 1;
    burst.last = event.timeStamp;
    wait();
  }

  // A key that says what it types. Returns whether the key may have its usual effect.
  function character(event) {
    goOn(event);
    const before = typed();
    if (!burst.caught && isTypedAt(FAST_MS) && looksTyped(before + event.key)) {
      catchIt(before);
    }
    burst.text += event.key;
    if (burst.caught) {
      stop(event);
    } else {
      expected = true;
    }
  }

  // An input method, or Alt and digits: visible only in the field.
  addEventListener(
    "beforeinput",
    (event) => {
      const isTyped = event.inputType.startsWith("insert") && event.data;
      if (expected || !isTyped || isPaste(event) || isMrz(document.activeElement)) {
        expected = false;
        return;
      }
      goOn(event);
      burst.blind = true;
      if (burst.caught && event.cancelable) {
        stop(event);
        burst.text += event.data;
      }
    },
    true,
  );

  // Before every other listener, because a reader's letters and Enter are not shortcuts
  // of the page.
  addEventListener(
    "keydown",
    (event) => {
      const { key } = event;
      const isLineEnd = key === "Enter" || key === "Tab";
      const isPressed = event.ctrlKey || event.altKey || event.metaKey;
      expected = false;
      if (isMrz(document.activeElement) || event.isComposing) {
        return;
      }
      if (isPressed && !event.getModifierState("AltGraph")) {
        return; // a shortcut; with Alt and digits the character comes later
      }
      if (isLineEnd) {
        lineEnds(event);
      } else if (!event.repeat && key.length === 1) {
        character(event);
      }
    },
    true,
  );
})();
