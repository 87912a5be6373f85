/* The recording page reads a scan, wherever the focus is (reader.js).
 *
 * form[data-scans="/address/"]  its fields are sent there with the lines; the answer is
 *                               the page filled in from the document
 * data-scan-wrong               what to say when the lines are not whole
 *
 * The lines are sent in a separate form that is removed afterwards, so that they cannot
 * become part of a saved draft.
 */
(() => {
  "use strict";

  const form = document.querySelector("form[data-scans]");
  if (!form) {
    return;
  }

  function send(lines) {
    const carrier = document.createElement("form");
    carrier.method = "post";
    carrier.action = form.dataset.scans;
    carrier.hidden = true;
    for (const [name, value] of [...new FormData(form), ["scan", lines]]) {
      const part = document.createElement("textarea"); // keeps line ends
      part.name = name;
      part.value = value;
      carrier.append(part);
    }
    document.body.append(carrier);
    carrier.submit();
    carrier.remove();
  }

  document.addEventListener("scan", (event) => {
    event.preventDefault();
    const { text, state, say } = event.detail;
    if (state === "whole") {
      send(text);
    } else {
      say(form.dataset.scanWrong);
    }
  });
})();
