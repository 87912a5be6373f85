/* Keeps what is typed on the server, a second after the last key and when the page goes.
 *
 * form[data-keeps="/address/"]  is posted there, as it stands
 * Without this file a form is kept when it is sent and comes back.
 */
(() => {
  "use strict";

  const form = document.querySelector("form[data-keeps]");
  if (!form) {
    return;
  }
  let timer = 0;
  let changed = false;
  let sent = false;

  function keep() {
    clearTimeout(timer);
    if (!changed || sent) {
      return;
    }
    changed = false;
    fetch(form.dataset.keeps, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      keepalive: true,
      headers: { "HX-Request": "true" },
    }).catch(() => {
      changed = true; // the server is away: at the next key
    });
  }

  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, 1000);
  });
  form.addEventListener("submit", () => {
    sent = true;
  });
  addEventListener("pageshow", () => {
    sent = false;
  });
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") {
      keep();
    }
  });
})();
