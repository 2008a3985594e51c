// Passkeys: the server is asked what to ask, the browser asks its key, and the form goes with the key's answer.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  const said = (name, text) => {
    for (const line of form.querySelectorAll(".advice")) line.hidden = !line.matches(`[data-${name}]`);
    if (text) form.querySelector(`[data-${name}]`).textContent = text;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!window.PublicKeyCredential?.parseCreationOptionsFromJSON) return said("cannot");
    const sent = new URLSearchParams(new FormData(form));
    try {
      const reply = await fetch(form.dataset.ask, { method: "POST", body: sent });
      const asked = await reply.json();
      if (!reply.ok) return said("failed", asked.why);
      const key = form.dataset.passkey === "create"
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
      form.elements.credential.value = JSON.stringify(key.toJSON());
      for (const field of form.querySelectorAll("[type=password]")) field.disabled = true;
      form.submit();
    } catch {
      said("failed");
    }
  });
}
