/* The screen is locked or left, and the server knows: the other tabs of this browser
 * hear of it and look where they stand (lock.js). Said here and not when the button is
 * pressed, because then a tab could ask before it is true.
 */
(() => {
  "use strict";

  try {
    localStorage.setItem("sleutelloket.closed", String(Date.now()));
  } catch {
    // storage is closed: they find out when they are used
  }
})();
