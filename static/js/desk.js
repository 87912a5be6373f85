/* The desk from the keyboard. Every page works without this file, a little slower.
 *
 * form[data-enter-moves]    Enter goes to the next field, the last one submits
 * a[data-escape]            Escape follows it
 * [data-hotkey="b"]         Alt+B, or B when nothing is being typed; a digit too, on
 *                           the upper row of any keyboard
 * [data-moves-on]           a radio whose hotkey goes on to the next field
 * [data-keys-here]          without Alt the hotkeys in it work only while the focus is
 *                           in it or nowhere: they close something
 * [data-fills="#id"]        a button that puts its data-value into a field
 * dialog[data-key-help]     ? opens it, as does [data-opens-key-help]
 * [data-amount]             an amount due; inside it [data-tendered] and [data-change]
 * [data-price="5.00"]       a radio that makes it the amount due, shown in [data-due]
 * [data-shows="#id"]        on a radio or checkbox: the part that belongs to it
 * [data-shown-once]         goes when the page comes back from the browser's memory
 * form[data-prints-answer="#id"]  its answer comes in that frame and is printed
 * iframe[data-print-frame]  is printed when it has loaded; [data-prints="#id"] again
 *
 * A double submit and the first wrong field are in forms.js.
 */
(() => {
  "use strict";

  const visible = (element) => element.getClientRects().length > 0;
  const typing = (element) =>
    element?.isContentEditable ||
    element?.matches?.(
      "textarea, select, input:not([type=radio], [type=checkbox], [type=submit], [type=button])",
    );

  /* Enter moves */

  function stops(form) {
    const groups = new Set();
    return [...form.elements].filter((element) => {
      if (
        !element.matches("input, select, textarea") ||
        element.matches("[type=hidden], [type=submit], [type=button], [data-enter-skips]") ||
        element.disabled ||
        element.readOnly ||
        !visible(element)
      ) {
        return false;
      }
      if (element.type !== "radio") {
        return true;
      }
      // A group of radios is one stop: the chosen one, else its first.
      const chosen = form.querySelector(
        `input[type=radio][name="${CSS.escape(element.name)}"]:checked`,
      );
      if (groups.has(element.name) || (chosen && visible(chosen) && chosen !== element)) {
        return false;
      }
      groups.add(element.name);
      return true;
    });
  }

  function moveOn(form, from) {
    const list = stops(form);
    const at = list.findIndex(
      (element) =>
        element === from ||
        (from.type === "radio" && element.type === "radio" && element.name === from.name),
    );
    // A field that Enter passes over leads to the one after it.
    const follows = (element) =>
      from.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
    const next = at < 0 ? list.find(follows) : list[at + 1];
    if (next) {
      next.focus();
      if (next.select && next.type !== "radio" && next.type !== "checkbox") {
        next.select();
      }
      return;
    }
    const all = [...form.elements].filter((element) => element.type === "submit");
    const main = all.find((element) => element.matches(".btn-primary")) ?? all[0];
    form.requestSubmit(main);
  }

  document.addEventListener("keydown", (event) => {
    // Where a key pressed just before has led to, else where this one was pressed.
    const field = document.activeElement ?? event.target;
    if (
      event.key !== "Enter" ||
      event.defaultPrevented ||
      event.isComposing ||
      event.altKey ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey ||
      !field.matches?.("input, select") ||
      field.matches("[type=submit], [type=button], [type=image], [data-enter-submits]") ||
      !field.form?.matches("[data-enter-moves]")
    ) {
      return;
    }
    event.preventDefault();
    if (!event.repeat) {
      moveOn(field.form, field);
    }
  });

  /* Keys of the page */

  const help = document.querySelector("dialog[data-key-help]");
  const singleKeys = help?.querySelector("[data-single-keys]");
  const remembered = "sleutelloket.single-keys";

  function stored() {
    try {
      return localStorage.getItem(remembered) !== "off";
    } catch {
      return true; // storage is closed: the keys work, as they do by default
    }
  }

  // A person who dictates types letters without meaning keys (WCAG 2.1.4).
  if (singleKeys) {
    singleKeys.checked = stored();
    singleKeys.addEventListener("change", () => {
      try {
        localStorage.setItem(remembered, singleKeys.checked ? "on" : "off");
      } catch {
        // holds for this page only
      }
    });
  }

  const singleKeysOn = () => singleKeys?.checked ?? stored();

  function openHelp() {
    if (help && !help.open) {
      help.showModal();
    }
  }

  // 1 is typed with Shift on AZERTY; the key is meant, whatever it types.
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

  function press(key, alt) {
    const within = document.querySelector("dialog[open]") ?? document;
    const found = [...within.querySelectorAll("[data-hotkey]")].find(
      (element) =>
        element.dataset.hotkey.toLowerCase() === key &&
        (alt || isHere(element)) &&
        !element.disabled &&
        visible(element),
    );
    if (!found) {
      return false;
    }
    if (typing(found)) {
      found.focus();
      found.select?.();
    } else {
      found.focus();
      found.click();
      if (found.matches("[data-moves-on]")) {
        moveOn(found.form, found);
      }
    }
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (
      event.defaultPrevented ||
      event.isComposing ||
      event.repeat ||
      event.ctrlKey ||
      event.metaKey ||
      event.getModifierState("AltGraph") ||
      (event.altKey && event.code.startsWith("Numpad")) // Alt+0193 types Á
    ) {
      return;
    }
    const busy = typing(event.target);
    if (event.key === "Escape") {
      const back = document.querySelector("a[data-escape]");
      if (back && !event.altKey && !document.querySelector("dialog[open]")) {
        event.preventDefault();
        back.click();
      }
    } else if (event.key === "?" && !event.altKey && !busy && singleKeysOn()) {
      event.preventDefault();
      openHelp();
    } else if (event.key.length === 1 && event.altKey) {
      if (press(keyOf(event), true)) {
        event.preventDefault();
      }
    } else if (event.key.length === 1 && !busy && singleKeysOn()) {
      pressAlone(keyOf(event));
    }
  });

  // A passport reader types a whole document, and none of its letters is meant as a
  // key: only one that stands alone counts. Enter and the like do not wait for that.
  const ALONE_MS = 100;
  let waiting = null;
  let lastTyped = -Infinity;

  function pressAlone(key) {
    const isBurst = performance.now() - lastTyped < ALONE_MS;
    lastTyped = performance.now();
    clearTimeout(waiting?.timer);
    waiting = null;
    if (!isBurst) {
      waiting = { key, timer: setTimeout(pressWaiting, ALONE_MS) };
    }
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

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-opens-key-help]")) {
      openHelp();
    }
    const filler = event.target.closest("[data-fills]");
    const filled = filler && document.querySelector(filler.dataset.fills);
    if (filled) {
      event.preventDefault(); // without this file the button sends the form
      filled.value = filler.dataset.value;
      filled.dispatchEvent(new Event("input", { bubbles: true }));
      filled.focus();
    }
    const printer = event.target.closest("[data-prints]");
    if (printer) {
      print(document.querySelector(printer.dataset.prints));
    }
  });

  /* Money: in whole cents, never in floating point */

  function euros(amount) {
    const text = `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
    return new Intl.NumberFormat(`${document.documentElement.lang || "nl"}-BE`, {
      style: "currency",
      currency: "EUR",
    }).format(text);
  }

  function showChange(till) {
    const output = till.querySelector("[data-change]");
    const tendered = till.querySelector("[data-tendered]");
    if (!output || !tendered) {
      return;
    }
    const due = Typed.cents(till.dataset.amount);
    const given = Typed.cents(tendered.value);
    const known = due !== null && given !== null;
    const short = known && given < due;
    till.querySelector("[data-change-line]")?.classList.toggle("is-short", short);
    output.textContent = known ? euros(Math.abs(given - due)) : "–";
    const label = till.querySelector("[data-change-label]");
    if (label) {
      label.textContent = short ? label.dataset.short : label.dataset.enough;
    }
  }

  document.addEventListener("input", (event) => {
    const till = event.target.matches("[data-tendered]")
      ? event.target.closest("[data-amount]")
      : null;
    if (till) {
      showChange(till);
    }
  });

  function takePrice(choice) {
    const till = choice.closest("[data-amount]");
    till.dataset.amount = choice.dataset.price;
    till.querySelector("[data-due]").textContent = euros(Typed.cents(choice.dataset.price));
    showChange(till);
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-price]") && event.target.checked) {
      takePrice(event.target);
    }
  });

  // Change was handed over once: a page kept in memory must not say it again.
  addEventListener("pageshow", (event) => {
    if (event.persisted) {
      document.querySelectorAll("[data-shown-once]").forEach((element) => element.remove());
    }
  });

  /* Parts that belong to a choice */

  const parts = (choice) => [...document.querySelectorAll(choice.dataset.shows)];

  function showParts(root = document) {
    const choices = [...root.querySelectorAll("[data-shows]")];
    const shown = new Set(choices.filter((choice) => choice.checked).flatMap(parts));
    for (const part of new Set(choices.flatMap(parts))) {
      part.hidden = !shown.has(part);
      // What is hidden is neither required nor sent.
      const fields = part.matches("fieldset")
        ? [part]
        : part.querySelectorAll("input, select, textarea");
      for (const field of fields) {
        field.disabled = part.hidden;
      }
    }
  }

  document.addEventListener("change", (event) => {
    if (event.target.matches("[type=radio], [type=checkbox]")) {
      showParts();
    }
  });

  /* Printing */

  function print(frame) {
    const before = document.activeElement;
    try {
      frame.contentWindow.print();
      before?.focus(); // in the frame no key of the page would work
    } catch {
      open(frame.src); // a viewer that cannot be told to print: show it instead
    }
  }

  for (const frame of document.querySelectorAll("iframe[data-print-frame]")) {
    const loaded =
      frame.contentDocument?.readyState === "complete" &&
      frame.contentWindow.location.href !== "about:blank";
    if (loaded) {
      print(frame); // it was faster than this script
    } else {
      frame.addEventListener("load", () => print(frame), { once: true });
    }
  }

  document.addEventListener("submit", (event) => {
    const answers = event.target.dataset.printsAnswer;
    const frame = answers && document.querySelector(answers);
    if (frame && !event.defaultPrevented) {
      frame.addEventListener("load", () => print(frame), { once: true });
    }
  });

  function start(root) {
    showParts();
    root.querySelectorAll("[data-price]:checked").forEach(takePrice);
    root.querySelectorAll("[data-amount]").forEach(showChange);
    for (const element of root.querySelectorAll("[data-hotkey]")) {
      element.setAttribute("aria-keyshortcuts", `Alt+${element.dataset.hotkey.toUpperCase()}`);
    }
  }

  document.addEventListener("htmx:load", (event) => start(event.target));
  start(document);

  // Where the page does not say what comes next: its first field, else its main button.
  if (document.activeElement === document.body && !document.querySelector("main [autofocus]")) {
    const form = document.querySelector("main form[data-enter-moves]");
    const next = (form && stops(form)[0]) ?? document.querySelector("main .btn-primary");
    next?.focus();
  }
})();
