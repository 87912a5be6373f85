/* Parts of a form that belong to a choice.
 *
 * [data-shows="#id"]        on a radio or checkbox: the part that belongs to it
 */

const partsOf = (choice) => [...document.querySelectorAll(choice.dataset.shows)];

/* Shows each part while one of its choices is selected. */
export function showParts() {
  const choices = [...document.querySelectorAll("[data-shows]")];
  const shown = new Set(choices.filter((choice) => choice.checked).flatMap(partsOf));
  for (const part of new Set(choices.flatMap(partsOf))) {
    part.hidden = !shown.has(part);
    // Fields in a hidden part are neither required nor sent.
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
