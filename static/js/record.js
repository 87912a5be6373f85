/* The recording page: hides questions that the kind of document makes unnecessary.
 *
 * select[data-country-of="#id"]  a Belgian document is issued by Belgium: the field of
 *                                that id is filled in, and passed over by Enter
 * #div_id_old_model              shown only for cards of which an old model exists
 * #no-end                        shown only for cards that may have no expiry date
 * [data-prefills="#id"]          a value that follows from the number: it is filled
 *                                into that field unless something else was typed there
 * Without this file both are shown; the country may be left empty.
 */
(() => {
  "use strict";

  // The clerk then only compares the value with the document.
  function prefill(reading) {
    for (const field of document.querySelectorAll("[data-prefilled]")) {
      if (field.value === field.dataset.prefilled) {
        field.value = "";
      }
      delete field.dataset.prefilled;
    }
    for (const told of reading.querySelectorAll("[data-prefills]")) {
      const field = document.querySelector(told.dataset.prefills);
      if (field && !field.value) {
        field.value = told.dataset.value;
        field.dataset.prefilled = told.dataset.value;
        field.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is saved
      }
    }
  }

  // Compare the number with typed values only, not with those that a number filled in.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.target.id !== "id_national_number") {
      return;
    }
    for (const field of document.querySelectorAll("[data-prefilled]")) {
      if (field.value === field.dataset.prefilled) {
        event.detail.parameters[field.name] = "";
      }
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "number-reading") {
      prefill(event.target);
    }
  });

  const kind = document.querySelector("select[data-country-of]");
  const country = kind && document.querySelector(kind.dataset.countryOf);
  if (!country) {
    return;
  }
  const belgium = country.placeholder;

  const oldModel = document.querySelector("#div_id_old_model");
  const noEnd = document.querySelector("#no-end");

  function settle() {
    if (oldModel) {
      oldModel.hidden = !["BE_RES", "EU_ID"].includes(kind.value);
    }
    noEnd.hidden = kind.value !== "EU_ID"; // documents.MAY_BE_UNLIMITED
    const belgian = !["EU_ID", "FOR_PASS"].includes(kind.value);
    if (belgian) {
      country.value = belgium;
    } else if (country.readOnly) {
      country.value = "";
    }
    country.readOnly = belgian;
  }

  kind.addEventListener("change", settle);
  // After a refusal, show a wrong country as it was typed.
  const wrong = country.classList.contains("is-invalid") && country.value;
  settle();
  if (wrong) {
    country.readOnly = false;
    country.value = wrong;
  }
})();
