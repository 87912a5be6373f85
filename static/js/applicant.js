/* The applicant's pages. Every page works without this file.
 *
 * input[data-code-input]   capitals, in the groups of the paper: 4-4-4-2
 * [data-copies="#id"]      a button, hidden until it works, that copies a text;
 *                          data-done is what it says afterwards
 * [data-reveals="#id"]     a button, hidden until it works, that shows a password;
 *                          data-hide is what it says while the password is shown
 * [data-print]             a button, hidden until it works, that prints the page
 *
 * A double submit and the first wrong field are in forms.js.
 */
(() => {
  "use strict";

  /* The code. Only separators are dropped: a sign that cannot be in a code stays, so
     that the person sees it and the server can name it. */

  const GROUPS = [4, 8, 12];
  const SEPARATORS = /[\s._\/\u2010-\u2015-]/g;

  function grouped(text) {
    const signs = [...text.replace(SEPARATORS, "").toUpperCase()];
    return signs.map((sign, at) => (GROUPS.includes(at) ? `-${sign}` : sign)).join("");
  }

  function regroup(input) {
    const before = input.value;
    const after = grouped(before);
    if (after === before) {
      return;
    }
    // The caret stays behind the sign it stood behind, not at a number of characters.
    const caret = input.selectionStart ?? before.length;
    const signs = [...before.slice(0, caret).replace(SEPARATORS, "")].length;
    input.value = after;
    if (document.activeElement !== input) {
      return;
    }
    let position = 0;
    for (let passed = 0; passed < signs && position < after.length; position += 1) {
      passed += after[position] === "-" ? 0 : 1;
    }
    input.setSelectionRange(position, position);
  }

  for (const input of document.querySelectorAll("input[data-code-input]")) {
    // Rewriting a word that a phone's keyboard is still composing would double it.
    input.addEventListener("input", (event) => event.isComposing || regroup(input));
    input.addEventListener("compositionend", () => regroup(input));
    input.addEventListener("blur", () => regroup(input));
    regroup(input);
  }

  /* Copy */

  async function copy(source) {
    const text = (source.value ?? source.textContent).trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Not allowed here, or not a secure page: the old way, on the visible text.
      if (source.select) {
        source.select();
      } else {
        getSelection().selectAllChildren(source);
      }
      document.execCommand("copy");
    }
  }

  for (const button of document.querySelectorAll("[data-copies]")) {
    const says = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      await copy(document.querySelector(button.dataset.copies));
      button.textContent = button.dataset.done || says;
      setTimeout(() => {
        button.textContent = says;
      }, 4000);
    });
  }

  /* Show what is typed */

  for (const button of document.querySelectorAll("[data-reveals]")) {
    const says = button.textContent;
    const input = document.querySelector(button.dataset.reveals);
    button.hidden = false;
    button.addEventListener("click", () => {
      const show = input.type === "password";
      input.type = show ? "text" : "password";
      button.textContent = show ? button.dataset.hide || says : says;
    });
    // A browser should offer to keep a password, not a line of text.
    input.form?.addEventListener("submit", () => {
      input.type = "password";
    });
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
