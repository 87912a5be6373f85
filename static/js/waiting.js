/* Until when a page of the activation is valid. Without this file its button loads the
 * page again.
 *
 * form[data-waiting="s"]  waits so many seconds; data-remind says how many before the end
 *                         it says data-soon, data-over at the end, data-done after more;
 *                         data-last instead of data-soon once there is no more to ask for.
 *                         [data-until="time"] in it has the time in its sentence, and
 *                         [role=status] is where it speaks.
 */
(() => {
  "use strict";

  const form = document.querySelector("form[data-waiting]");
  if (!form) {
    return;
  }
  const said = form.querySelector("[role=status]");
  const until = form.querySelector("[data-until]");
  let ends = Date.now() + Number(form.dataset.waiting) * 1000;
  let last = "";

  // Only once each, because a screen reader would repeat it.
  function say(name) {
    if (name !== last) {
      last = name;
      said.textContent = form.dataset[name] ?? "";
      form.classList.toggle("is-soon", name === "soon" || name === "over");
    }
  }

  // The focus goes from the button that is gone to the sentence that has the time.
  function askNoMore() {
    form.dataset.soon = form.dataset.last;
    form.querySelector("button")?.remove();
    until.tabIndex = -1;
    until.focus();
  }

  // Compared with the clock and not counted in ticks, because timers stop while a phone
  // sleeps.
  function look() {
    const left = (ends - Date.now()) / 1000;
    if (left <= 0) {
      say("over");
    } else if (left <= Number(form.dataset.remind)) {
      say("soon");
    }
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      const given = await answer.json();
      const before = ends;
      ends = Date.now() + given.seconds * 1000;
      until.textContent = until.textContent.replace(until.dataset.until, given.until);
      until.dataset.until = given.until;
      if (given.is_last) {
        askNoMore();
      }
      // The server counts in whole seconds.
      say(ends > before + 1000 ? "done" : "");
    } catch {
      // Not the expected answer: the code has to be typed again, or there is no
      // network. Show the page, which says so.
      form.submit();
    }
  });

  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
})();
