/* Recording: a Belgian document is issued by Belgium, so its country is not asked.
 *
 * select[data-country-of="#id"]  its value decides; the field of that id is filled in
 *                                and passed over by Enter
 * Without this file the field may be left empty for a Belgian document.
 */
(() => {
  "use strict";

  const kind = document.querySelector("select[data-country-of]");
  const country = kind && document.querySelector(kind.dataset.countryOf);
  if (!country) {
    return;
  }
  const belgium = country.placeholder;

  function settle() {
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
  if (!country.classList.contains("is-invalid")) {
    settle();
  }
})();
