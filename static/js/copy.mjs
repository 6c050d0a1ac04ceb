// Copies a reference. Over plain http most browsers give pages no clipboard, and the button stays away.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const source = document.getElementById(button.getAttribute("data-copy") ?? "");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source?.textContent ?? "");
    } catch {
      // The person did not allow it: the text is there to select.
      return;
    }
    const status = button.nextElementSibling;
    if (status) status.textContent = button.getAttribute("data-done");
  });
  button.removeAttribute("hidden");
}
