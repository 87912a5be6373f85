/* Saves what is typed on the server, a second after the last key and when the page is
 * left.
 *
 * form[data-keeps="/address/"]  is posted there, as it stands
 * [data-kept-at="/address/"]    the form comes from the server, which has kept it there
 * form[data-drops-kept]         sent, it ends what is kept: nothing is sent after it
 * Without this file a form is saved only when it is sent and refused.
 */
(() => {
  "use strict";

  const form = document.querySelector("form[data-keeps]");
  if (!form) {
    return;
  }
  const again = 5000;
  const longest = 1000;
  let timer = 0;
  let changed = false;
  let ended = false;

  function wait(milliseconds) {
    clearTimeout(timer);
    timer = setTimeout(keep, milliseconds);
  }

  // The fields of a second person and passwords are never saved.
  function typed() {
    const data = new FormData(form);
    for (const name of [...data.keys()]) {
      if (/^(supervisor|colleague)_|^password$/.test(name)) {
        data.delete(name);
      }
    }
    return new URLSearchParams(data);
  }

  // After a reload, in another language and after the lock screen, the page is as it was
  // left.
  function comeBackTo(address) {
    history.replaceState(history.state, "", address);
    for (const next of document.querySelectorAll("header [name=next]")) {
      next.value = address;
    }
    for (const link of document.querySelectorAll('header a[href*="?next="]')) {
      const url = new URL(link.href);
      url.searchParams.set("next", address);
      link.href = url.href;
    }
  }

  async function keep() {
    clearTimeout(timer);
    if (!changed || ended) {
      return;
    }
    changed = false;
    try {
      const answer = await fetch(form.dataset.keeps, {
        method: "POST",
        body: typed(),
        keepalive: true,
        headers: { "HX-Request": "true", "HX-Current-URL": location.href },
      });
      const elsewhere = answer.headers.get("HX-Redirect");
      const keptAt = answer.headers.get("Content-Location");
      if (elsewhere && !ended) {
        location.assign(elsewhere); // signed out: show that at once
      } else if (keptAt) {
        comeBackTo(keptAt);
      } else if (answer.status >= 500) {
        throw new Error(String(answer.status));
      }
    } catch {
      changed = true; // the server does not answer: try again until it does
      wait(again);
    }
  }

  // After locking or signing out the server refuses to save, so save the last second of
  // typing first. If the server does not answer, lock all the same.
  async function keepFirst(event) {
    const { target, submitter } = event;
    event.preventDefault();
    await Promise.race([keep(), new Promise((done) => setTimeout(done, longest))]);
    changed = false;
    target.requestSubmit(submitter);
  }

  if (form.dataset.keptAt) {
    comeBackTo(form.dataset.keptAt);
  }

  // Typed before this script ran, or restored by the browser.
  const begun = (it) =>
    it.defaultValue !== undefined && !it.readOnly && it.value !== it.defaultValue;
  if ([...form.elements].some(begun)) {
    changed = true;
    wait(1000);
  }
  form.addEventListener("input", () => {
    changed = true;
    wait(1000);
  });
  document.addEventListener("submit", (event) => {
    if (event.target === form) {
      keep(); // in case the server does not answer; if it does, it deletes the draft
      ended = true;
    } else if (event.target.matches("[data-drops-kept]")) {
      ended = true;
    } else if (changed && !ended && event.target.closest("header")) {
      keepFirst(event);
    }
  });
  addEventListener("pageshow", () => {
    ended = false;
  });
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      keep();
    }
  });
})();
