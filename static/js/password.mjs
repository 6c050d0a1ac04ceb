// Shows and hides a password, and tells when caps lock is on.

for (const button of document.querySelectorAll("[data-reveal]")) {
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById(button.getAttribute("data-reveal") ?? ""));
  button.addEventListener("click", () => {
    if (!field) return;
    const isShown = field.type === "password";
    field.type = isShown ? "text" : "password";
    button.setAttribute("aria-pressed", String(isShown));
    button.textContent = button.getAttribute(isShown ? "data-hide" : "data-show");
    field.focus();
  });
  // A shown password must not be kept by the browser as ordinary text.
  field?.form?.addEventListener("submit", () => { field.type = "password"; });
}

for (const hint of document.querySelectorAll("[data-caps]")) {
  const field = document.getElementById(hint.getAttribute("data-caps") ?? "");
  /** @param {Event} event */
  const look = (event) => {
    const isOn = event instanceof KeyboardEvent && event.getModifierState("CapsLock");
    hint.toggleAttribute("hidden", !isOn);
  };
  field?.addEventListener("keyup", look);
  field?.addEventListener("blur", () => hint.setAttribute("hidden", ""));
}
