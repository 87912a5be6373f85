/* Whether typed text is a machine-readable zone, by its layout and its check digits.
 *
 * zone.read(text)   "whole"; "partial" while lines are missing; "wrong" when check digits
 *                   do not match or a line is too long or too short; "none"
 *
 * zone.looksTyped(text)   whether a line of one is in it, or enough of a line
 *
 * Layouts and keyboards are those of counter/scans/mrz_fields.py and counter/scans/mrz.py; one table of
 * zones is read by both (tests/counter/scans/test_mrz_layouts.py).
 */
(() => {
  "use strict";

  const LINES = { 30: 3, 36: 2, 44: 2 };
  const ONE_GO = { 72: 36, 88: 44, 90: 30 };
  const NEITHER_END = /^[^A-Z0-9<]+|[^A-Z0-9<]+$/g;
  const UPPER = (character) => (/[a-z]/.test(character) ? character.toUpperCase() : character);
  // A reader set to a US keyboard on a computer with a Belgian or French AZERTY
  // keyboard.
  const FROM = "aAqQzZwW?,.;&é\"'(§è!çàÉÈÇÀ-_";
  const TO = "QQAAWWZZMM<<1234567890279068";
  const AZERTY = (character) => {
    const at = FROM.indexOf(character);
    return at < 0 ? UPPER(character) : TO[at];
  };

  function cut(text, key) {
    const lines = [...text]
      .map(key)
      .join("")
      .split(/[\p{Cc} \u00a0]+/u)
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
    // Portuguese cards count the filler in the sum, Belgian ones exist both ways.
    const readings = ["BEL", "PRT"].includes(state)
      ? [number + rest, `${number}<${rest}`]
      : [number + rest];
    return /^\d$/.test(last) && readings.some((reading) => fits(reading, last));
  }

  function cardFits(one, two) {
    return (
      numberFits(one.slice(5, 14), one[14], one.slice(15), one.slice(2, 5)) &&
      fits(two.slice(0, 6), two[6]) &&
      fits(two.slice(8, 14), two[14]) &&
      two[29] !== "<" &&
      fits(one.slice(5) + two.slice(0, 7) + two.slice(8, 15) + two.slice(18, 29), two[29])
    );
  }

  // The French card of before 2021 has a layout of its own, without an expiry date.
  function frenchCardFits(one, two) {
    return (
      fits(two.slice(0, 12), two[12]) &&
      fits(two.slice(27, 33), two[33]) &&
      two[12] !== "<" &&
      two[35] !== "<" &&
      fits(one + two.slice(0, 35), two[35])
    );
  }

  // `overflow` is the rest of a number that is longer than its nine places.
  function twoLinesFit(one, two, overflow) {
    return (
      numberFits(two.slice(0, 9), two[9], overflow, one.slice(2, 5)) &&
      fits(two.slice(13, 19), two[19]) &&
      fits(two.slice(21, 27), two[27]) &&
      two.slice(-1) !== "<" &&
      fits(two.slice(0, 10) + two.slice(13, 20) + two.slice(21, -1), two.slice(-1))
    );
  }

  const passportFits = (one, two) =>
    one[0] === "P" && fits(two.slice(28, 42), two[42]) && twoLinesFit(one, two, "");

  function checked(lines) {
    const [one, two] = lines;
    if (lines.length === 3) {
      return cardFits(one, two);
    }
    if (two.length === 44) {
      return passportFits(one, two);
    }
    return one.startsWith("IDFRA")
      ? frenchCardFits(one, two)
      : twoLinesFit(one, two, two.slice(28, 35));
  }

  /* "none": something else; "partial": more lines to come; "wrong"; "whole" */

  const verdictOf = (lines) => (checked(lines) ? "whole" : "wrong");
  const isMeant = (line) => line.length in LINES && /[<\d]/.test(line) && /[A-Z<]/.test(line);

  function judge(lines) {
    if (!lines) {
      return "none";
    }
    const go = lines.length === 1 && ONE_GO[lines[0].length];
    if (go) {
      return verdictOf(lines[0].match(new RegExp(`.{${go}}`, "g")));
    }
    const width = lines[0].length;
    const many = LINES[width];
    if (!isMeant(lines[0]) || lines.length > many) {
      return "none";
    }
    if (lines.some((line) => line.length !== width)) {
      return lines.length === many ? "wrong" : "none";
    }
    return lines.length < many ? "partial" : verdictOf(lines);
  }

  function read(text) {
    const plain = judge(cut(text, UPPER));
    return plain === "none" ? judge(cut(text, AZERTY)) : plain;
  }

  /* Words that only a reader types; counter/scans/scan_shape.py explains each rule */

  const LINE = 26;
  // A reader set to a Belgian keyboard on a computer with a US one.
  const QWERTY_FROM = "aAqQzZwW:;!@#$%^&*()\\|>";
  const QWERTY_TO = "QQAAWWZZMM1234567890<<<";
  const QWERTY = (character) => {
    const at = QWERTY_FROM.indexOf(character);
    return at < 0 ? UPPER(character) : QWERTY_TO[at];
  };
  const isDate = (month, day) => month >= "01" && month <= "12" && day >= "01" && day <= "31";
  const right = (part, check) => Number(check) === digit(part);
  const digits = (text) => text.replace(/\D/g, "").length;

  const hasDates = (line) =>
    [...line.matchAll(/(?=(\d\d(\d\d)(\d\d))(\d)[MFX<]\d\d)/g)].some(
      ([, born, month, day, check]) => isDate(month, day) && right(born, check),
    );

  function isSecondLine(line) {
    const found = /^([A-Z0-9<]{9})(\d)[A-Z<]{3}(\d{6})(\d)/.exec(line);
    if (found) {
      return right(found[1], found[2]) && right(found[3], found[4]);
    }
    const french = /^([A-Z0-9]{12})(\d)[A-Z<]{4,}/.exec(line);
    return Boolean(french) && digits(french[1]) >= 8 && right(french[1], french[2]);
  }

  function isHead(line) {
    const found = /^[ACIP][A-Z<](?:[A-Z]{3}|[A-Z]<<)([A-Z0-9<]{9})([0-9<])/.exec(line);
    return (
      Boolean(found) && digits(found[1]) >= 4 && (found[2] === "<" || right(found[1], found[2]))
    );
  }

  function isLine(line, plain) {
    if (line.length < LINE) {
      return false;
    }
    return line === plain ? !/^(\d+|[A-Z]+)$/.test(line) : /<</.test(line) && /[^<]/.test(line);
  }

  const trimmed = (word, key) => [...word].map(key).join("").replace(NEITHER_END, "");

  // Whether a word is a line of a zone when its keys are read as those of `key`.
  function isLineBy(key, word, plain) {
    const line = trimmed(word, key);
    if (!/^[A-Z0-9<]+$/.test(line)) {
      return false;
    }
    if (hasDates(line) || (line !== plain && isLine(line, plain))) {
      return true;
    }
    const mixed = /[a-z]/.test(word) && /[A-Z]/.test(word);
    return !mixed && (isLine(line, plain) || isHead(line) || isSecondLine(line));
  }

  function isOfAZone(word) {
    const plain = trimmed(word, UPPER);
    const fillers = /<<|<.*</.test(plain) && /[^<]/.test(plain);
    if (/^[A-Z0-9<]+$/.test(plain) && fillers) {
      return true;
    }
    if ([UPPER, AZERTY, QWERTY].some((key) => isLineBy(key, word, plain))) {
      return true;
    }
    const dotted = [...word].map(AZERTY).join("");
    return !/[a-z]/.test(word) && /^[A-Z]+(<[A-Z]+)*<<[A-Z]+(<[A-Z]+)*<*$/.test(dotted);
  }

  const looksTyped = (text) => text.split(/\s+/).some(isOfAZone);

  globalThis.zone = { read, looksTyped };
})();
