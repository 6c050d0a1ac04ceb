// Copies a reference.

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.getAttribute("data-copy") ?? "")?.textContent ?? "";
    await navigator.clipboard.writeText(text);
    button.textContent = button.getAttribute("data-done");
  });
}
