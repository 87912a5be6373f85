/* The applicant's pages. Every page works without this file.
 *
 * input[data-code-input="#id"]  capitals, in the groups of the paper: 4-4-4-2; the
 *                          element with that id says what the check character shows:
 *                          data-strange, -missing, -long, -mistyped, -right
 * [data-copies="#id"]      a button, hidden until it works, that copies a text;
 *                          data-done is what it says afterwards
 * [data-reveals="#id, #id"]  a button, hidden until it works, that shows passwords;
 *                          data-hide is what it says while they are shown
 * [data-print]             a button, hidden until it works, that prints the page
 *
 * A double submit and the first wrong field are in forms.js.
 */
(() => {
  "use strict";

  /* A page that answered a form becomes one that is only looked at: Back and reload ask
     the address for it, and no browser asks to send the form again. */

  history.replaceState(history.state, "", location.href);

  /* The code. Only separators are dropped, those of typed.js: a sign that cannot be in
     a code stays, so that the person sees it and the server can name it. */

  const GROUPS = [4, 8, 12];

  const signsOf = (text) => [...text].filter((sign) => !Typed.isSeparator(sign));

  function grouped(text) {
    const signs = [...signsOf(text).join("").toUpperCase()];
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
    const signs = signsOf(before.slice(0, caret)).length;
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

  /* The last character is a check character, as in activation/codes/activation_code.py: a sum
   * over GF(32). */

  const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const LENGTH = 14;
  const READ_AS = { I: "1", L: "1", O: "0" };

  function times(left, right) {
    let product = 0;
    for (let rest = right, turned = left; rest; rest >>= 1) {
      product ^= rest & 1 ? turned : 0;
      turned <<= 1;
      turned ^= turned & 32 ? 37 : 0;
    }
    return product;
  }

  function fits(signs) {
    let total = 0;
    let weight = 1;
    for (const sign of signs.slice(0, -1)) {
      weight = times(weight, 2);
      total ^= times(weight, ALPHABET.indexOf(sign));
    }
    return ALPHABET[total] === signs.at(-1);
  }

  // Which sentence to show; none while the code is still too short.
  function verdict(text, isTyping) {
    const typed = [...Typed.withoutSeparators(text).toUpperCase()];
    const signs = typed.map((sign) => READ_AS[sign] ?? sign);
    const strange = typed.find((_sign, at) => !ALPHABET.includes(signs[at]));
    if (strange) {
      return ["strange", strange];
    }
    if (signs.length < LENGTH) {
      return [isTyping || !signs.length ? "" : "missing"];
    }
    if (signs.length > LENGTH) {
      return ["long"];
    }
    return [fits(signs) ? "right" : "mistyped"];
  }

  function say(input, isTyping) {
    const place = document.querySelector(input.dataset.codeInput);
    const [name, sign] = verdict(input.value, isTyping);
    const text = (input.dataset[name] ?? "").replace("%(sign)s", sign);
    if (place.textContent !== text) {
      place.textContent = text;
    }
    place.classList.toggle("is-right", name === "right");
    // The server's message was about the old value. Empty it, because hidden text is
    // still read out as the field's description.
    document.getElementById(`${input.id}_error`)?.replaceChildren();
    const isWrong = Boolean(text) && name !== "right";
    input.classList.toggle("is-invalid", isWrong);
    input.setAttribute("aria-invalid", String(isWrong));
  }

  for (const input of document.querySelectorAll("input[data-code-input]")) {
    // Do not change a word that a phone's keyboard is still composing: it would appear
    // twice.
    const look = () => {
      regroup(input);
      say(input, true);
    };
    input.addEventListener("input", (event) => event.isComposing || look());
    input.addEventListener("compositionend", look);
    input.addEventListener("change", () => {
      regroup(input);
      say(input, false);
    });
    regroup(input);
  }

  /* Copy */

  async function copy(source) {
    const text = (source.value ?? source.textContent).trim();
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // The clipboard is not available here (no permission, or not a secure page): copy
      // the selected text.
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
    const inputs = document.querySelectorAll(button.dataset.reveals);
    const turn = (show) => {
      for (const input of inputs) {
        input.type = show ? "text" : "password";
      }
      button.textContent = show ? button.dataset.hide || says : says;
    };
    button.hidden = false;
    button.addEventListener("click", () => turn(inputs[0].type === "password"));
    // Make it a password again before it is sent, so that the browser offers to save
    // it.
    button.form.addEventListener("submit", () => turn(false));
  }

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
})();
