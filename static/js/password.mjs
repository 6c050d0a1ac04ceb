// Shows and hides a password, and tells when caps lock is on. The button appears with the script
// that makes it work.

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = document.getElementById(button.getAttribute("data-reveal") ?? "");
  if (!(field instanceof HTMLInputElement)) continue;
  const read = (/** @type {string} */ name) => button.getAttribute(name) ?? "";
  const hidden = { type: "password", word: button.textContent, name: read("aria-label") };
  const shown = { type: "text", word: read("data-word"), name: read("data-name") };

  /** @param {typeof hidden} look */
  const set = (look) => {
    field.type = look.type;
    button.textContent = look.word;
    button.setAttribute("aria-label", look.name);
  };
  button.addEventListener("click", () => set(field.type === "password" ? shown : hidden));
  // The press of a pointer leaves the cursor, and the keyboard of a phone, where they are.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  // A shown password must not be kept by the browser as ordinary text.
  field.form?.addEventListener("submit", () => set(hidden));
  button.removeAttribute("hidden");
}

for (const hint of document.querySelectorAll("[data-caps]")) {
  const field = document.getElementById(hint.getAttribute("data-caps") ?? "");
  /** @param {Event} event */
  const look = (event) => {
    const isOn = event instanceof KeyboardEvent && event.getModifierState("CapsLock");
    const text = isOn ? hint.getAttribute("data-text") : "";
    if (hint.textContent !== text) hint.textContent = text;
  };
  field?.addEventListener("keyup", look);
  field?.addEventListener("blur", look);
}
