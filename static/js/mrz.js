/* The search field of the start page, into which a passport reader types.
 *
 * textarea[data-mrz]   sends itself when a machine-readable zone is whole; Enter and Tab
 *                      are held back until then, and submit anything else
 * data-mrz-wrong       what to say, in #scan-said, when check digits do not match
 *
 * The lines are removed from the field before the form is sent: they are added to the
 * form's data only, so that the browser stores them nowhere. zone.js decides what is a
 * zone, and the server checks it again.
 */
(() => {
  "use strict";

  const field = document.querySelector("textarea[data-mrz]");
  if (!field) {
    return;
  }
  const form = field.form;
  const said = document.querySelector("#scan-said");
  const { read } = globalThis.zone;

  // A reader types faster than any person; after this pause it has finished.
  const QUIET_MS = 250;

  /* Sending and refusing */

  let lines = "";
  let timer = 0;

  form.addEventListener("formdata", (event) => {
    if (lines) {
      event.formData.set(field.name, lines);
    }
  });

  function send() {
    lines = field.value;
    field.value = "";
    form.requestSubmit();
    lines = ""; // the form's data were collected in between
  }

  function say(text) {
    said.textContent = text;
    said.hidden = !text;
    said.classList.toggle("d-block", Boolean(text));
  }

  function act(state) {
    clearTimeout(timer);
    if (state === "whole") {
      send();
    } else if (state === "wrong") {
      field.value = "";
      say(field.dataset.mrzWrong);
    }
  }

  // Read while no field had the focus (reader.js).
  document.addEventListener("scan", (event) => {
    event.preventDefault();
    field.value = event.detail.text;
    if (event.detail.state === "whole") {
      send();
    } else {
      act("wrong");
    }
  });

  field.addEventListener("keydown", (event) => {
    const ends = event.key === "Enter" || event.key === "Tab";
    if (
      !ends ||
      event.isComposing ||
      event.altKey ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey
    ) {
      return;
    }
    const state = read(field.value);
    if (state === "none" && event.key === "Tab") {
      return; // to the next field, as usual
    }
    event.preventDefault();
    if (state === "partial") {
      field.setRangeText("\n", field.value.length, field.value.length, "end");
    } else if (state === "none") {
      if (!event.repeat) {
        form.requestSubmit();
      }
    } else {
      act(state);
    }
  });

  // Without line ends, only the pause shows that the reader has finished.
  field.addEventListener("input", () => {
    if (field.value) {
      say("");
    }
    clearTimeout(timer);
    // Half a line is not an error yet: only a whole zone is sent automatically.
    timer = setTimeout(() => read(field.value) === "whole" && send(), QUIET_MS);
  });
})();
