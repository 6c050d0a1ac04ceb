// A form that was sent is not sent twice by an impatient click. The button keeps its focus.

// Who stopped the page from loading may send the form again.
const PATIENCE_MS = 5000;

for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    setTimeout(() => form.removeAttribute("aria-busy"), PATIENCE_MS);
  });
}

// Back from the cache of the browser, a form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) form.removeAttribute("aria-busy");
});
