/* Counts down how long somebody has to wait, in the sentence that says so. Without this
 * file the sentence stays as it was sent, which is right too.
 *
 * [data-wait="s"]  waits so many seconds from when the page came. [role=timer] in it has
 *                  the time, which screen readers do not say by themselves; at the end
 *                  the sentence goes and [role=status] says data-over, once.
 */
(() => {
  "use strict";

  const language = document.documentElement.lang || "nl";

  function words(unit, count) {
    const format = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" });
    return format.format(count);
  }

  function left(seconds) {
    return seconds <= 60 ? words("second", seconds) : words("minute", Math.ceil(seconds / 60));
  }

  for (const wait of document.querySelectorAll("[data-wait]")) {
    const timer = wait.querySelector("[role=timer]");
    const over = wait.querySelector("[role=status]");
    // Compared with the clock and not counted in ticks, because timers stop while a
    // phone sleeps.
    const ends = Date.now() + Number(wait.dataset.wait) * 1000;

    const look = () => {
      const seconds = Math.ceil((ends - Date.now()) / 1000);
      if (seconds > 0) {
        const time = left(seconds);
        if (timer.textContent !== time) {
          timer.textContent = time;
        }
        return;
      }
      clearInterval(ticking);
      document.removeEventListener("visibilitychange", look);
      wait.firstElementChild.remove();
      over.textContent = wait.dataset.over;
    };

    const ticking = setInterval(look, 1000);
    document.addEventListener("visibilitychange", look);
  }
})();
