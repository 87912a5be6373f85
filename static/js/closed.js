/* The screen was locked or the clerk signed out, and the server knows: tell the other
 * tabs of this browser, which then ask for their state (lock.js). This is not told when
 * the button is pressed, because a tab could then ask before the server has locked the
 * screen.
 */
(() => {
  "use strict";

  try {
    localStorage.setItem("sleutelloket.closed", String(Date.now()));
  } catch {
    // no access to the storage: the other tabs notice at their next request
  }
})();
