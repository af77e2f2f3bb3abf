// Signs in with a passkey, and adds one. Everything it needs is in the attributes of the form:
// data-passkey ("get" or "create"), data-options (where the options of the ceremony come from),
// data-cancelled and data-failed (what to say when it does not work), and data-sign-in (where to sign in
// first; nothing where nobody has to).
"use strict";

(() => {
  const decode = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));

  const encode = (buffer) =>
    btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");

  const decodeIds = (list) => (list || []).map((entry) => ({ ...entry, id: decode(entry.id) }));

  // Browsers do not take null for an absent option, so it is left out while reading.
  const parse = (text) => JSON.parse(text, (_, value) => (value === null ? undefined : value));

  const loadOptions = async (form) => {
    const response = await fetch(form.dataset.options, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      credentials: "same-origin",
      redirect: "manual",
      headers: { accept: "application/json" },
    });
    // Only to whoever has to sign in first does the server name another place. Which one, a script cannot see.
    if (response.type === "opaqueredirect" && form.dataset.signIn) {
      window.location.assign(form.dataset.signIn);
      return null;
    }
    if (!response.ok) {
      throw Object.assign(new Error("no options"), { reason: await reasonIn(response) });
    }
    return parse(await response.text());
  };

  // What the server says about it in words for people; nothing where it has no more to say.
  const reasonIn = async (response) => {
    const isProblem = (response.headers.get("content-type") || "").startsWith("application/problem+json");
    return isProblem ? (await response.json()).detail : undefined;
  };

  const use = (options) =>
    navigator.credentials.get({
      publicKey: {
        ...options,
        challenge: decode(options.challenge),
        allowCredentials: decodeIds(options.allowCredentials),
      },
    });

  const create = (options) =>
    navigator.credentials.create({
      publicKey: {
        ...options,
        challenge: decode(options.challenge),
        user: { ...options.user, id: decode(options.user.id) },
        excludeCredentials: decodeIds(options.excludeCredentials),
      },
    });

  const describe = (credential) => {
    const from = credential.response;
    const response = { clientDataJSON: encode(from.clientDataJSON) };
    if (from.attestationObject) {
      response.attestationObject = encode(from.attestationObject);
      response.transports = from.getTransports ? from.getTransports() : [];
    } else {
      response.authenticatorData = encode(from.authenticatorData);
      response.signature = encode(from.signature);
      response.userHandle = from.userHandle ? encode(from.userHandle) : null;
    }
    return JSON.stringify({
      id: credential.id,
      rawId: encode(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment || null,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    });
  };

  const run = async (form) => {
    const answer = await loadOptions(form);
    if (!answer) {
      return;
    }
    const ceremony = form.dataset.passkey === "create" ? create : use;
    const credential = await ceremony(answer.publicKey);
    form.elements.namedItem("credential").value = describe(credential);
    form.elements.namedItem("ceremony").value = answer.ceremony || "";
    HTMLFormElement.prototype.submit.call(form);
  };

  const offer = (form) => {
    const button = form.querySelector("button");
    const status = form.querySelector("[aria-live]");
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      status.textContent = "";
      const focused = document.activeElement;
      button.disabled = true;
      try {
        await run(form);
      } catch (error) {
        const cancelled = error.name === "NotAllowedError" || error.name === "AbortError";
        status.textContent = cancelled ? form.dataset.cancelled : error.reason || form.dataset.failed;
      } finally {
        button.disabled = false;
        // A button that is disabled has lost it.
        focused.focus();
      }
    });
  };

  if (window.PublicKeyCredential) {
    document.querySelectorAll("form[data-passkey]").forEach(offer);
  }
})();
