/* A passkey at sign-in, and a new one on the page of second factors. Without this file,
 * or in a browser without passkeys, such a form stays hidden and the person types the
 * app's digits.
 *
 * form[data-passkey="sign-in"|"add"]   hidden until it works
 *   data-question                      where the server says what to ask the browser
 *   input[name=answer]                 what the browser answers, as JSON
 *   [data-passkey-failed]              hidden; shown when it failed
 * [data-without-passkey]               shown only where passkeys do not work
 */
(() => {
  "use strict";

  const works = ["parseCreationOptionsFromJSON", "parseRequestOptionsFromJSON"].every(
    (name) => typeof window.PublicKeyCredential?.[name] === "function",
  );

  // The header that htmx sends, so that a locked screen answers with the page to go to.
  async function questionOf(form) {
    const answer = await fetch(form.dataset.question, {
      method: "POST",
      headers: {
        "X-CSRFToken": form.elements.csrfmiddlewaretoken.value,
        "HX-Request": "true",
        "HX-Current-URL": location.href,
      },
    });
    const elsewhere = answer.headers.get("HX-Redirect");
    if (elsewhere || answer.redirected) {
      location.assign(elsewhere ?? answer.url);
      return null;
    }
    if (!answer.ok) {
      throw new Error(`The question was refused: ${answer.status}`);
    }
    return answer.json();
  }

  function ask(form, question) {
    return form.dataset.passkey === "add"
      ? navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(question),
        })
      : navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(question),
        });
  }

  function prepare(form) {
    const failed = form.querySelector("[data-passkey-failed]");
    let asking = false;

    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (asking) {
        return;
      }
      asking = true;
      failed.hidden = true;
      try {
        const question = await questionOf(form);
        if (question) {
          const made = await ask(form, question);
          form.elements.answer.value = JSON.stringify(made);
          form.submit();
        }
      } catch {
        // Cancelled, too late, or no network: try again, or type the digits.
        failed.hidden = false;
        asking = false;
      }
    });

    form.hidden = false;
    if (!document.querySelector(".is-invalid")) {
      form.querySelector("[autofocus]")?.focus();
    }
  }

  for (const sentence of document.querySelectorAll("[data-without-passkey]")) {
    sentence.hidden = works;
  }
  if (works) {
    document.querySelectorAll("form[data-passkey]").forEach(prepare);
  }
})();
