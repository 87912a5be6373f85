/* Shows while a password is typed what the server would say about it
 * (activation.journey.passwords).
 *
 * .strength[data-strength-of="#id"]   hidden until it works; holds a meter, a sentence
 *                                     and a hidden status that is read out
 *   data-name="#id"     the field with the user name
 *   data-known          data about the person that others may know; parts of the
 *                       password that contain them do not count
 *   data-common         where the common passwords are, fetched when they are needed
 *   data-one, -many ... the sentences
 *
 * Only the server refuses a password: it also knows the e-mail address, which this page
 * does not contain.
 */
(() => {
  "use strict";

  const SHORTEST = 12;
  const LONGEST = 128;
  const LEAST_LEFT = 6;
  const LEAST_DIFFERENT = 5;
  const SHORTEST_WORD = 3;
  const GOOD = 16;
  const VERY_GOOD = 20;
  const PAUSE = 1000;
  const EDGES = /^[0-9 !?.,;:\-_*#@$€&+=()/]+|[0-9 !?.,;:\-_*#@$€&+=()/]+$/g;
  const NO_WORD = /[^\p{L}\p{N}]/gu;
  const NO_LETTER = /\P{L}/gu;
  const REPEATED = /^(.+?)\1+$/su;
  const RUNS = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
  ];

  function isCommon(folded, common) {
    const core = folded.replace(EDGES, "");
    const squeezed = folded.replace(NO_WORD, "");
    const repeated = folded.match(REPEATED);
    return (
      (repeated && [...repeated[1]].length < SHORTEST) ||
      common.has(folded) ||
      common.has(core) ||
      new Set(folded).size < LEAST_DIFFERENT ||
      (squeezed && RUNS.some((run) => run.includes(squeezed)))
    );
  }

  function withoutAccents(text) {
    return text.normalize("NFKD").replace(/\p{M}/gu, "");
  }

  function lettersWithout(known, folded) {
    const words = withoutAccents(known.toLowerCase())
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word.length >= SHORTEST_WORD)
      .sort((one, other) => other.length - one.length);
    const letters = withoutAccents(folded).replace(NO_LETTER, "");
    return words.reduce((left, word) => left.replaceAll(word, ""), letters);
  }

  // The score from 0 to 4, and the sentence; `sentences` are the data attributes of the
  // box.
  function judge(typed, sentences, known, common) {
    const plain = typed.normalize("NFKC");
    const length = [...plain].length;
    const folded = plain.toLowerCase();
    if (length < SHORTEST) {
      const left = SHORTEST - length; // the sentence for several is written for 99
      return [1, left === 1 ? sentences.one : sentences.many.replace("99", left)];
    }
    if (length > LONGEST) {
      return [1, sentences.long];
    }
    if (isCommon(folded, common)) {
      return [1, sentences.commonSentence];
    }
    if ([...lettersWithout(known, folded)].length < LEAST_LEFT) {
      return [1, sentences.context];
    }
    if (length < GOOD) {
      return [2, sentences.fair];
    }
    return length < VERY_GOOD ? [3, sentences.good] : [4, sentences.best];
  }

  // The server's message was about the old value. Empty it, because hidden text is
  // still read out as the field's description.
  function forgetMistake(field) {
    document.getElementById(`${field.id}_error`)?.replaceChildren();
    field.classList.remove("is-invalid");
    field.removeAttribute("aria-invalid");
  }

  function watch(box) {
    const field = document.querySelector(box.dataset.strengthOf);
    const name = document.querySelector(box.dataset.name);
    const bar = box.querySelector("meter");
    const sentence = box.querySelector("[data-sentence]");
    const spoken = box.querySelector("[role=status]");
    let common = new Set();
    let asked = false;
    let pause = 0;

    const show = () => {
      clearTimeout(pause);
      const known = `${box.dataset.known} ${name?.value ?? ""}`;
      const [level, text] = field.value ? judge(field.value, box.dataset, known, common) : [0, ""];
      box.hidden = !field.value;
      bar.value = level;
      sentence.textContent = text;
      // Read out when the person pauses, not at each character.
      pause = setTimeout(() => {
        spoken.textContent = text;
      }, PAUSE);
    };

    const fetchCommon = async () => {
      if (asked) {
        return;
      }
      asked = true;
      try {
        const answer = await fetch(box.dataset.common);
        if (answer.ok) {
          common = new Set((await answer.text()).split("\n"));
          show();
        }
      } catch {
        asked = false; // no network: the server checks the list in any case
      }
    };

    field.addEventListener("focus", fetchCommon);
    field.addEventListener("input", () => {
      forgetMistake(field);
      fetchCommon();
      show();
    });
    name?.addEventListener("input", () => field.value && show());
  }

  document.querySelectorAll("[data-strength-of]").forEach(watch);
})();
