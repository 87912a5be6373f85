/* Where Enter leads: from field to field, and after the last one to the main button.
 *
 * form[data-enter-moves]    Enter goes to the next field, the last one submits
 * [data-enter-skips]        a field that Enter passes over
 */
export const isVisible = (element) => element.getClientRects().length > 0;

/* The fields to which Enter goes, in order. */
export function stops(form) {
  const groups = new Set();
  return [...form.elements].filter((element) => {
    if (
      !element.matches("input, select, textarea") ||
      element.matches("[type=hidden], [type=submit], [type=button], [data-enter-skips]") ||
      element.disabled ||
      element.readOnly ||
      !isVisible(element)
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
    if (groups.has(element.name) || (chosen && isVisible(chosen) && chosen !== element)) {
      return false;
    }
    groups.add(element.name);
    return true;
  });
}

/* Goes to the field after `from`; after the last one it sends the form. */
export function moveOn(form, from) {
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

const isPlainEnter = (event) =>
  event.key === "Enter" &&
  !event.defaultPrevented &&
  !event.isComposing &&
  !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);

const isLedOn = (field) =>
  field.matches?.("input, select") &&
  !field.matches("[type=submit], [type=button], [type=image]") &&
  field.form?.matches("[data-enter-moves]");

document.addEventListener("keydown", (event) => {
  // The field to which the previous key has just moved the focus; otherwise the key's
  // own.
  const field = document.activeElement ?? event.target;
  if (!isPlainEnter(event) || !isLedOn(field)) {
    return;
  }
  event.preventDefault();
  if (!event.repeat) {
    moveOn(field.form, field);
  }
});

/* When the page does not say what comes next: its first field, otherwise its main
 * button. */
export function focusFirst() {
  if (document.activeElement !== document.body || document.querySelector("main [autofocus]")) {
    return;
  }
  const form = document.querySelector("main form[data-enter-moves]");
  const next = (form && stops(form)[0]) ?? document.querySelector("main .btn-primary");
  next?.focus();
}
