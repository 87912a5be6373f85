/* The one field to start from, typed into by a passport reader.
 *
 * textarea[data-mrz]   sends itself when a machine-readable zone is whole; Enter and Tab
 *                      are held back until then, and submit anything else
 * data-mrz-wrong       what to say, in #scan-said, when check digits do not match
 *
 * The lines leave the field before they leave the page: they ride along with the form's
 * data and are kept nowhere. What is a zone says zone.js, and the server again.
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

  // A reader types faster than any person; so long without a key it has ended.
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
    lines = ""; // the form's data was gathered meanwhile
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

  // Typed beside the field, with the focus nowhere (reader.js).
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
      return; // to the next field, as ever
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

  // Without line ends nothing says that it is over, but the silence.
  field.addEventListener("input", () => {
    if (field.value) {
      say("");
    }
    clearTimeout(timer);
    // Half a line is no mistake yet: only what is whole is sent by itself.
    timer = setTimeout(() => read(field.value) === "whole" && send(), QUIET_MS);
  });
})();
