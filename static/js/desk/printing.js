/* What is printed from the desk.
 *
 * iframe[data-print-frame]  is printed when it has loaded; [data-prints="#id"] again
 * form[data-prints-answer="#id"]  its answer comes in that frame and is printed
 */

function print(frame) {
  const before = document.activeElement;
  try {
    frame.contentWindow.print();
    before?.focus(); // shortcuts of the page do not work while the frame has the focus
  } catch {
    open(frame.src); // this PDF viewer cannot be made to print: show the file instead
  }
}

const printOnceLoaded = (frame) =>
  frame.addEventListener("load", () => print(frame), { once: true });

for (const frame of document.querySelectorAll("iframe[data-print-frame]")) {
  const loaded =
    frame.contentDocument?.readyState === "complete" &&
    frame.contentWindow.location.href !== "about:blank";
  if (loaded) {
    print(frame); // it had loaded before this script ran
  } else {
    printOnceLoaded(frame);
  }
}

document.addEventListener("click", (event) => {
  const printer = event.target.closest("[data-prints]");
  if (printer) {
    print(document.querySelector(printer.dataset.prints));
  }
});

document.addEventListener("submit", (event) => {
  const answers = event.target.dataset.printsAnswer;
  const frame = answers && document.querySelector(answers);
  if (frame && !event.defaultPrevented) {
    printOnceLoaded(frame);
  }
});
