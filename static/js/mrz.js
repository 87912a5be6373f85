/* The one field to start from, typed into by a passport reader.
 *
 * textarea[data-mrz]   sends itself when a machine-readable zone is whole; Enter and Tab
 *                      are held back until then, and submit anything else
 * data-mrz-wrong       what to say, in #scan-said, when check digits do not match
 *
 * The lines leave the field before they leave the page: they ride along with the form's
 * data and are kept nowhere. The server reads them again (counter/mrz.py, mrz_zone.py).
 */
(() => {
  "use strict";

  const field = document.querySelector("textarea[data-mrz]");
  if (!field) {
    return;
  }
  const form = field.form;
  const said = document.querySelector("#scan-said");

  // A reader types faster than any person; so long without a key it has ended.
  const QUIET_MS = 250;
  const LINES = { 30: 3, 36: 2, 44: 2 };
  const ONE_GO = { 72: 36, 88: 44, 90: 30 };
  const NEITHER_END = /^[^A-Z0-9<]+|[^A-Z0-9<]+$/g;
  const UPPER = (character) => (/[a-z]/.test(character) ? character.toUpperCase() : character);
  // A reader set to a US keyboard on a Belgian AZERTY computer, as mrz_zone.py has it.
  const FROM = "aAqQzZwW?,.;&é\"'(§è!çàÉÈÇÀ";
  const TO = "QQAAWWZZMM<<12345678902790";
  const AZERTY = (character) => {
    const at = FROM.indexOf(character);
    return at < 0 ? UPPER(character) : TO[at];
  };

  function cut(text, key) {
    const lines = [...text]
      .map(key)
      .join("")
      .split(/[\x00-\x20\x7f-\xa0]+/)
      .map((line) => line.replace(NEITHER_END, ""))
      .filter(Boolean);
    return lines.length && lines.every((line) => /^[A-Z0-9<]+$/.test(line)) ? lines : null;
  }

  /* Check digits: weights 7, 3, 1; sum mod 10 */

  const worth = (character) => (character === "<" ? 0 : parseInt(character, 36));
  const digit = (part) =>
    [...part].reduce((sum, character, at) => sum + worth(character) * [7, 3, 1][at % 3], 0) % 10;
  const fits = (part, check) =>
    check === "<" ? /^<*$/.test(part) : /^\d$/.test(check) && Number(check) === digit(part);

  function numberFits(number, check, overflow, state) {
    if (check !== "<" || !overflow) {
      return check !== "<" && fits(number, check);
    }
    const tail = overflow.split("<")[0];
    const last = tail.slice(-1);
    const rest = tail.slice(0, -1);
    // Belgian cards exist with and without the filler in the sum.
    const readings = state === "BEL" ? [number + rest, `${number}<${rest}`] : [number + rest];
    return /^\d$/.test(last) && readings.some((reading) => fits(reading, last));
  }

  function checked(lines) {
    const [one, two] = lines;
    if (lines.length === 3) {
      return (
        numberFits(one.slice(5, 14), one[14], one.slice(15), one.slice(2, 5)) &&
        fits(two.slice(0, 6), two[6]) &&
        fits(two.slice(8, 14), two[14]) &&
        two[29] !== "<" &&
        fits(one.slice(5) + two.slice(0, 7) + two.slice(8, 15) + two.slice(18, 29), two[29])
      );
    }
    const passport = two.length === 44;
    const overflow = passport ? "" : two.slice(28, 35);
    return (
      (!passport || one[0] === "P") &&
      numberFits(two.slice(0, 9), two[9], overflow, one.slice(2, 5)) &&
      fits(two.slice(13, 19), two[19]) &&
      fits(two.slice(21, 27), two[27]) &&
      (!passport || fits(two.slice(28, 42), two[42])) &&
      two.slice(-1) !== "<" &&
      fits(two.slice(0, 10) + two.slice(13, 20) + two.slice(21, -1), two.slice(-1))
    );
  }

  /* "none": something else; "partial": more lines to come; "wrong"; "whole" */

  function judge(lines) {
    if (!lines) {
      return "none";
    }
    const go = lines.length === 1 && ONE_GO[lines[0].length];
    if (go) {
      const parts = lines[0].match(new RegExp(`.{${go}}`, "g"));
      return checked(parts) ? "whole" : "wrong";
    }
    const width = lines[0].length;
    const many = LINES[width];
    const meant = many && /[<\d]/.test(lines[0]) && /[A-Z<]/.test(lines[0]);
    if (!meant || lines.length > many) {
      return "none";
    }
    if (lines.some((line) => line.length !== width)) {
      return lines.length === many ? "wrong" : "none";
    }
    if (lines.length < many) {
      return "partial";
    }
    return checked(lines) ? "whole" : "wrong";
  }

  function read(text) {
    const plain = judge(cut(text, UPPER));
    return plain === "none" ? judge(cut(text, AZERTY)) : plain;
  }

  /* Sending and refusing */

  let lines = "";
  let timer = 0;

  form.addEventListener("formdata", (event) => {
    if (lines) {
      event.formData.set(field.name, lines);
    }
  });

  function send() {
    lines = field.value;
    field.value = "";
    form.requestSubmit();
    lines = ""; // the form's data was gathered meanwhile
  }

  function say(text) {
    said.textContent = text;
    said.hidden = !text;
    said.classList.toggle("d-block", Boolean(text));
  }

  function act(state) {
    clearTimeout(timer);
    if (state === "whole") {
      send();
    } else if (state === "wrong") {
      field.value = "";
      say(field.dataset.mrzWrong);
    }
  }

  field.addEventListener("keydown", (event) => {
    const ends = event.key === "Enter" || event.key === "Tab";
    if (
      !ends ||
      event.isComposing ||
      event.altKey ||
      event.ctrlKey ||
      event.metaKey ||
      event.shiftKey
    ) {
      return;
    }
    const state = read(field.value);
    if (state === "none" && event.key === "Tab") {
      return; // to the next field, as ever
    }
    event.preventDefault();
    if (state === "partial") {
      field.setRangeText("\n", field.value.length, field.value.length, "end");
    } else if (state === "none") {
      if (!event.repeat) {
        form.requestSubmit();
      }
    } else {
      act(state);
    }
  });

  // Without line ends nothing says that it is over, but the silence.
  field.addEventListener("input", () => {
    if (field.value) {
      say("");
    }
    clearTimeout(timer);
    // Half a line is no mistake yet: only what is whole is sent by itself.
    timer = setTimeout(() => read(field.value) === "whole" && send(), QUIET_MS);
  });
})();
