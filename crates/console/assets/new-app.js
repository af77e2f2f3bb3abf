// Says while somebody types whether the name of a new app is free, and how a domain will be stored. What is
// right is decided by the server alone: the addresses to ask are in the attributes of the form.
"use strict";

(() => {
  const form = document.getElementById("new-app-form");
  if (!form) {
    return;
  }

  // What the server said about an earlier text no longer counts.
  const forget = (field) => {
    const error = document.getElementById(`${field.id}-error`);
    // A hidden one would still be read out with its field.
    error?.remove();
    field.removeAttribute("aria-invalid");
  };

  const show = (field, status, text, isProblem) => {
    status.textContent = text;
    status.className = isProblem ? "live field-error" : "live hint";
    if (isProblem) {
      field.setAttribute("aria-invalid", "true");
    }
  };

  const watch = (field, address, parameter, goodText) => {
    const status = document.getElementById(`${field.id}-status`);
    const described = field.getAttribute("aria-describedby");
    field.setAttribute("aria-describedby", described ? `${described} ${status.id}` : status.id);
    let timer;
    let latest;
    const ask = async () => {
      const question = new URL(address, document.baseURI);
      question.searchParams.set(parameter, field.value);
      latest?.abort();
      latest = new AbortController();
      try {
        const response = await fetch(question, {
          credentials: "same-origin",
          redirect: "error",
          headers: { accept: "application/json" },
          signal: latest.signal,
        });
        if (response.ok) {
          const answer = await response.json();
          show(field, status, answer.problem || goodText(answer, status), Boolean(answer.problem));
        }
      } catch {
        // Nothing is lost: the form is checked when it is sent.
      }
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      latest?.abort();
      forget(field);
      show(field, status, "", false);
      if (field.value.trim()) {
        timer = setTimeout(ask, 300);
      }
    });
  };

  const name = form.elements.namedItem("name");
  watch(name, form.dataset.nameCheck, "name", (answer, status) => (answer.free ? status.dataset.good : ""));
  for (const field of form.querySelectorAll('input[name^="domain_"]')) {
    watch(field, form.dataset.domainPreview, "domain", (answer, status) =>
      answer.stored ? status.dataset.good + answer.stored : "",
    );
  }
})();
