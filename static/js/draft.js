/* Keeps what is typed on the server, a second after the last key and when the page goes.
 *
 * form[data-keeps="/address/"]  is posted there, as it stands
 * form[data-drops-kept]         sent, it ends what is kept: nothing is sent after it
 * Without this file a form is kept when it is sent and comes back.
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

  // What a second person types into this form is kept nowhere.
  function typed() {
    const data = new FormData(form);
    for (const name of [...data.keys()]) {
      if (/^(supervisor|colleague)_|^password$/.test(name)) {
        data.delete(name);
      }
    }
    return new URLSearchParams(data);
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
      const kept = answer.headers.get("Content-Location");
      if (elsewhere && !ended) {
        location.assign(elsewhere); // signed out: say so at once, not at the end
      } else if (kept) {
        // Loaded again, or come back to from the lock, the page is as it was left.
        history.replaceState(history.state, "", kept);
        for (const next of document.querySelectorAll("header [name=next]")) {
          next.value = kept;
        }
      } else if (answer.status >= 500) {
        throw new Error(String(answer.status));
      }
    } catch {
      changed = true; // the server is away: until it is back
      wait(again);
    }
  }

  // Locking and signing out refuse what comes after them, the last second of typing too.
  // A server that is away does not keep the screen open for it.
  async function keepFirst(event) {
    const { target, submitter } = event;
    event.preventDefault();
    await Promise.race([keep(), new Promise((done) => setTimeout(done, longest))]);
    changed = false;
    target.requestSubmit(submitter);
  }

  // Typed before this file was there, or put back by the browser.
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
      keep(); // the server may be away; one that answers forgets it again
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
