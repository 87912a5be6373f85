/* What forms do on every page, the desk's and the applicant's. They also work without
 * it. */
(() => {
  "use strict";

  const sent = new Set();

  function buttons(form) {
    return [...form.elements].filter((element) =>
      element.matches("button:not([type=button]), input[type=submit]"),
    );
  }

  function release(form) {
    sent.delete(form);
    form.classList.remove("is-sent");
    for (const button of buttons(form)) {
      button.removeAttribute("aria-disabled");
    }
  }

  // A double click or a second Enter does not send the form again. The buttons get only
  // aria-disabled: a disabled button would lose the focus, and its name would not be
  // sent.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("[data-submit-once]")) {
        return;
      }
      if (sent.has(form)) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      sent.add(form);
      form.classList.add("is-sent");
      for (const button of buttons(form)) {
        button.setAttribute("aria-disabled", "true");
      }
      const elsewhere = (event.submitter?.formTarget || form.target) === "_blank";
      const byHtmx = form.matches("[hx-post], [hx-get], [hx-boost]");
      setTimeout(() => {
        if (event.defaultPrevented && !byHtmx) {
          release(form); // another script prevented it
        } else if (elsewhere) {
          setTimeout(release, 2000, form); // the answer opens elsewhere, so this page stays
        }
      });
    },
    true, // in the capture phase, before htmx, so that htmx does not send it again either
  );

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form && sent.has(form)) {
      release(form);
    }
  });

  // Back and forward show the page as it was left, with its buttons disabled.
  addEventListener("pageshow", () => [...sent].forEach(release));

  // After a refusal the focus goes to the first field that is wrong or was emptied. The
  // server marks it with `autofocus` if it can, but the browser ignores that on a page
  // shown by Back.
  const wrong =
    document.querySelector(
      "input.is-invalid:not([type=hidden]), select.is-invalid, textarea.is-invalid, [data-emptied]",
    ) ?? document.querySelector("fieldset[aria-invalid=true] input");
  if (wrong && !document.querySelector("dialog[open]")) {
    wrong.focus();
  }
})();
