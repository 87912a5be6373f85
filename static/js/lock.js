/* Locks a staff screen after some time without activity. Without this file only the
 * next request is refused, and the page stays visible until then.
 *
 * On its own script element: data-idle (seconds), data-lock, data-lock-screen
 * and data-at-work (addresses), data-token (CSRF). Tabs tell each other, so that work in one keeps the
 * others open, and that locking or leaving one closes them all; and once a minute the
 * server is told of work that sends nothing.
 */
(() => {
  "use strict";

  const { idle, lock, lockScreen, atWork, token } = document.currentScript.dataset;
  const longest = Number(idle) * 1000;
  const shared = "sleutelloket.at-work";
  const closed = "sleutelloket.closed";
  const toldEvery = 60_000;
  let last = Date.now(); // opening the page counts as activity, and the server knows of it
  let told = last;
  let locking = false;

  function lastAnywhere() {
    try {
      return Math.max(last, Number(localStorage.getItem(shared)) || 0);
    } catch {
      return last; // no access to the storage: this tab does not know of the others
    }
  }

  function remember() {
    try {
      localStorage.setItem(shared, String(last));
    } catch {
      // only this tab knows
    }
  }

  function lockNow() {
    if (locking) {
      return;
    }
    locking = true;
    const form = document.createElement("form");
    form.method = "post";
    form.action = lock;
    const fields = { csrfmiddlewaretoken: token, next: location.pathname };
    for (const [name, value] of Object.entries(fields)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      form.append(field);
    }
    // Cover the page at once, without waiting for the request.
    document.body.hidden = true;
    document.documentElement.append(form);
    form.submit();
  }

  async function tell() {
    told = Date.now();
    try {
      const answer = await fetch(atWork, {
        method: "POST",
        headers: {
          "X-CSRFToken": token,
          "HX-Request": "true",
          "HX-Current-URL": location.href,
        },
      });
      const elsewhere = answer.headers.get("HX-Redirect");
      if (elsewhere) {
        location.assign(elsewhere); // locked or signed out in another tab
      }
    } catch {
      // the server does not answer; the next request will show that
    }
  }

  function look() {
    const left = lastAnywhere() + longest - Date.now();
    if (left <= 0) {
      lockNow();
    } else {
      setTimeout(look, left + 50);
    }
  }

  function work() {
    const now = Date.now();
    if (now - last < 1000 || locking) {
      return;
    }
    if (now - lastAnywhere() > longest) {
      lockNow(); // the computer slept, and timers with it
      return;
    }
    last = now;
    remember();
    if (now - told > toldEvery) {
      tell();
    }
  }

  // Another tab came to the lock screen or the sign-in page (closed.js). The lock screen
  // leads on from here: to the sign-in page, or back when it was opened meanwhile.
  // Nothing is sent that the end of the session could cut off; a form that is being
  // typed keeps itself (draft.js).
  addEventListener("storage", (event) => {
    if (event.key === closed && !locking) {
      locking = true;
      document.body.hidden = true;
      location.replace(`${lockScreen}?next=${encodeURIComponent(location.pathname)}`);
    }
  });

  remember();
  look();
  for (const kind of ["keydown", "pointerdown", "wheel", "input"]) {
    addEventListener(kind, work, { passive: true, capture: true });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - lastAnywhere() > longest) {
      lockNow();
    }
  });
})();
