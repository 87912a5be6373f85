/* Recording: what the kind of document makes needless is not asked.
 *
 * select[data-country-of="#id"]  a Belgian document is issued by Belgium: the field of
 *                                that id is filled in, and passed over by Enter
 * #div_id_old_model              only some cards had an old model
 * #no-end                        only some cards have no last day
 * [data-prefills="#id"]          what the number tells: its data-value goes into that
 *                                field while nothing else was typed there
 * Without this file both are there; the country may be left empty.
 */
(() => {
  "use strict";

  // The clerk only compares what the number tells with the document.
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
        field.dispatchEvent(new Event("input", { bubbles: true })); // kept as typed
      }
    }
  }

  // The number is compared with what was typed, not with what a number filled in.
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
  // After a refusal a wrong country is shown as it was typed.
  const wrong = country.classList.contains("is-invalid") && country.value;
  settle();
  if (wrong) {
    country.readOnly = false;
    country.value = wrong;
  }
})();
