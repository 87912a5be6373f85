/* What forms do on every page, the desk's and the applicant's. Without it they work. */
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

  // A double click or a second Enter sends nothing. The buttons are only said to be
  // disabled: a disabled button would lose the focus and leave its name out of the form.
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
          release(form); // something else on the page held it back
        } else if (elsewhere) {
          setTimeout(release, 2000, form); // this page stays
        }
      });
    },
    true, // before htmx, so that it does not send the second one either
  );

  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form && sent.has(form)) {
      release(form);
    }
  });

  // Back and forward bring the page as it was left.
  addEventListener("pageshow", () => [...sent].forEach(release));

  // After a refusal the next thing to do is the first field that is wrong or was emptied;
  // the server marked it with `autofocus` where it could, which a page that is gone back
  // to ignores.
  const wrong =
    document.querySelector(
      "input.is-invalid:not([type=hidden]), select.is-invalid, textarea.is-invalid, [data-emptied]",
    ) ?? document.querySelector("fieldset[aria-invalid=true] input");
  if (wrong && !document.querySelector("dialog[open]")) {
    wrong.focus();
  }
})();
