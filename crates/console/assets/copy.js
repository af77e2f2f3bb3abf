// Shows the buttons that copy, and lets them. data-copy is the id of the element whose text is copied,
// data-copied and data-failed are what to say afterwards; it is said in the next element with aria-live.
"use strict";

(() => {
  const offer = (button) => {
    const source = document.getElementById(button.dataset.copy);
    const status = button.parentElement.querySelector("[aria-live]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(source.innerText.trim());
        status.textContent = button.dataset.copied;
      } catch {
        status.textContent = button.dataset.failed;
      }
    });
  };

  if (navigator.clipboard) {
    document.querySelectorAll("button[data-copy]").forEach(offer);
  }
})();
