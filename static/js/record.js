/* Recording: what the kind of document makes needless is not asked.
 *
 * select[data-country-of="#id"]  a Belgian document is issued by Belgium: the field of
 *                                that id is filled in, and passed over by Enter
 * #div_id_old_model              only some cards had an old model
 * Without this file both are there; the country may be left empty.
 */
(() => {
  "use strict";

  const kind = document.querySelector("select[data-country-of]");
  const country = kind && document.querySelector(kind.dataset.countryOf);
  if (!country) {
    return;
  }
  const belgium = country.placeholder;

  const oldModel = document.querySelector("#div_id_old_model");

  function settle() {
    if (oldModel) {
      oldModel.hidden = !["BE_RES", "EU_ID"].includes(kind.value);
    }
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
