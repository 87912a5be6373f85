/* What people type into a field for numbers: counter/identity/typed_digits.py for the browser.
 *
 * Typed.plain(text)              digits of any script as 0 to 9, nothing invisible
 * Typed.withoutSeparators(text)  and nothing between the groups of a number
 * Typed.isSeparator(sign)        whether a sign only stands between them
 * Typed.cents(text)              an amount in euros, in whole cents; null for none
 * Typed.count(text)              a number of things; null for none
 */
globalThis.Typed = (() => {
  "use strict";

  const DIGIT = /^\p{Nd}$/u;
  const INVISIBLE =
    /^(?:[\u034f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]|[\u115f\u1160\u2800\u3164\uffa0])$/u;
  const DASH = /^[\p{Pd}\u00ad]$/u;
  const SPACE = /^\p{Z}$/u;
  const FORMAT = /^\p{Cf}$/u;
  const BETWEEN =
    /^[\p{Pd}\p{Z}\p{Cf}._/,:;\u00b7\u2212\t\n\v\f\r\u0085\u060c\u061b\u066b\u066c\u3001\u3002\u30fb\u2044\u2215]$/u;

  // Each script has its ten digits in a row, the first of which is its zero.
  function digit(sign) {
    let first = sign.codePointAt(0);
    const code = first;
    while (DIGIT.test(String.fromCodePoint(first - 1))) {
      first -= 1;
    }
    return String((code - first) % 10);
  }

  function plainSign(sign) {
    if (DIGIT.test(sign)) {
      return digit(sign);
    }
    if (DASH.test(sign)) {
      return "-";
    }
    if (INVISIBLE.test(sign) || FORMAT.test(sign)) {
      return "";
    }
    if (SPACE.test(sign)) {
      return " ";
    }
    const wide = sign.normalize("NFKC");
    return /\p{N}/u.test(wide) ? sign : wide;
  }

  const plain = (text) => [...text].map(plainSign).join("");
  const isSeparator = (sign) => BETWEEN.test(sign) || INVISIBLE.test(sign);
  const withoutSeparators = (text) =>
    [...plain(text)].filter((sign) => !isSeparator(sign)).join("");

  const BESIDE = /^(?:(?:€|euros?|eur)\s*)?(.*?)(?:\s*(?:€|euros?|eur))?$/is;
  const AMOUNT =
    /^(?<euros>\d{1,3}(?<thousands>[ '.,])\d{3}(?:\k<thousands>\d{3})*|\d+)(?:(?<point>[.,])(?<cents>\d{0,2}|-{1,2}))?$/;
  const OTHER_POINT = { ".": ",", ",": "." };
  const ARABIC = { "\u066b": ",", "\u066c": ".", "\u2019": "'" };

  function cents(text) {
    const written = plain(text.replace(/[\u066b\u066c\u2019]/g, (sign) => ARABIC[sign]));
    const found = AMOUNT.exec(BESIDE.exec(written.trim())[1]);
    if (!found) {
      return null;
    }
    const { euros, thousands, point, cents: rest } = found.groups;
    if (OTHER_POINT[thousands] && point !== OTHER_POINT[thousands]) {
      return null;
    }
    const part = (rest ?? "").replaceAll("-", "").padEnd(2, "0");
    return Number(euros.replace(/\D/g, "")) * 100 + Number(part);
  }

  function count(text) {
    const typed = plain(text).trim();
    return /^(?:\d+|\d{1,3}(?: \d{3})+)$/.test(typed) ? Number(typed.replaceAll(" ", "")) : null;
  }

  return { plain, isSeparator, withoutSeparators, cents, count };
})();
