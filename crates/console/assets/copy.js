// Shows the buttons that copy, and lets them. data-copy is the id of the element whose text is copied,
// data-copied and data-failed are what to say afterwards; it is said in the next element with aria-live. Other scripts
// hear of it by the event "copied", whose detail is the text.
"use strict";

(() => {
  const offer = (button) => {
    const source = document.getElementById(button.dataset.copy);
    const status = button.parentElement.querySelector("[aria-live]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = source.innerText.trim();
      // The same words twice are read out once.
      status.textContent = "";
      try {
        await navigator.clipboard.writeText(text);
        status.textContent = button.dataset.copied;
        button.dispatchEvent(new CustomEvent("copied", { bubbles: true, detail: text }));
      } catch {
        status.textContent = button.dataset.failed;
      }
    });
  };

  if (navigator.clipboard) {
    document.querySelectorAll("button[data-copy]").forEach(offer);
  }
})();
