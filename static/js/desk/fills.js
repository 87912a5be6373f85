/* [data-fills="#id"]        a button that puts its data-value into a field */

document.addEventListener("click", (event) => {
  const filler = event.target.closest("[data-fills]");
  const filled = filler && document.querySelector(filler.dataset.fills);
  if (filled) {
    event.preventDefault(); // without this file the button sends the form
    filled.value = filler.dataset.value;
    filled.dispatchEvent(new Event("input", { bubbles: true }));
    filled.focus();
  }
});
