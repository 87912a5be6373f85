/* Adds up a count of notes and coins while it is typed, in whole cents.
 *
 * form[data-count]     holds [data-line] rows and one [data-total]
 * input[data-cents]    how many pieces, each worth so many cents
 * [data-line-total]    what they are together
 *
 * The page works without this file: the next page shows the total.
 */
(() => {
  "use strict";

  function euros(amount) {
    const text = `${Math.trunc(amount / 100)}.${String(amount % 100).padStart(2, "0")}`;
    return new Intl.NumberFormat(`${document.documentElement.lang || "nl"}-BE`, {
      style: "currency",
      currency: "EUR",
    }).format(text);
  }

  function addUp(form) {
    let total = 0;
    for (const line of form.querySelectorAll("[data-line]")) {
      const input = line.querySelector("[data-cents]");
      const output = line.querySelector("[data-line-total]");
      const worth = (Typed.count(input.value) ?? 0) * Number(input.dataset.cents);
      output.textContent = worth ? euros(worth) : "";
      total += worth;
    }
    form.querySelector("[data-total]").textContent = euros(total);
  }

  for (const form of document.querySelectorAll("form[data-count]")) {
    form.addEventListener("input", () => addUp(form));
    addUp(form);
  }
})();
