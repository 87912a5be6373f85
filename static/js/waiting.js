/* Until when a page of the way waits. The page works without this file: its button shows
 * it again.
 *
 * form[data-waiting="s"]  waits so many seconds; data-remind says how many before the end
 *                         it says data-soon, data-over at the end, data-done after more.
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

  // Once each: a screen reader would say it again and again.
  function say(name) {
    if (name !== last) {
      last = name;
      said.textContent = form.dataset[name] ?? "";
      form.classList.toggle("is-soon", name === "soon" || name === "over");
    }
  }

  // Looked at by the clock and not counted, because a phone sleeps meanwhile.
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
      ends = Date.now() + given.seconds * 1000;
      until.textContent = until.textContent.replace(until.dataset.until, given.until);
      until.dataset.until = given.until;
      say("done");
    } catch {
      // No answer of ours: the code is asked, or there is no network. The page says it.
      form.submit();
    }
  });

  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
})();
