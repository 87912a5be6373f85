/* Money at the till: in whole cents, never in floating point.
 *
 * [data-amount]             an amount due; inside it [data-tendered] and [data-change]
 * [data-price="5.00"]       a radio that makes it the amount due, shown in [data-due]
 * [data-shown-once]         goes when the page comes back from the browser's memory
 */

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

function takePrice(choice) {
  const till = choice.closest("[data-amount]");
  till.dataset.amount = choice.dataset.price;
  till.querySelector("[data-due]").textContent = euros(Typed.cents(choice.dataset.price));
  showChange(till);
}

document.addEventListener("input", (event) => {
  const till = event.target.matches("[data-tendered]")
    ? event.target.closest("[data-amount]")
    : null;
  if (till) {
    showChange(till);
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-price]") && event.target.checked) {
    takePrice(event.target);
  }
});

// Change is handed over once, so a page from the browser's memory must not show it
// again.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    for (const element of document.querySelectorAll("[data-shown-once]")) {
      element.remove();
    }
  }
});

/* Shows the amounts of a page, or of a part that htmx loaded later. */
export function showAmounts(root) {
  root.querySelectorAll("[data-price]:checked").forEach(takePrice);
  root.querySelectorAll("[data-amount]").forEach(showChange);
}
