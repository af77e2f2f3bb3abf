// Shows times in the reader's own zone; what they were in UTC shows when they are pointed at.
"use strict";

(() => {
  const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const { locale } = format.resolvedOptions();
  const show = (part) => {
    for (const element of part.querySelectorAll("time[data-local]")) {
      const at = new Date(element.dateTime);
      if (!Number.isNaN(at.valueOf())) {
        element.textContent = format.format(at);
        element.lang = locale;
      }
    }
  };
  show(document);
  // Of live.js.
  document.addEventListener("renewed", (event) => show(event.target));
})();
