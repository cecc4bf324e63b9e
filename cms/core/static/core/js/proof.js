// Solves the challenge of a form (ALTCHA, version 2, PBKDF2): finds the counter whose derived key begins as it should.
// <form data-proof> with a field "ticket". It begins when somebody begins to write, and does not hold up the page.
function bytes(hex) {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

function hex(buffer) {
  return Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function derive(parameters, counter) {
  const password = new Uint8Array([...bytes(parameters.nonce), 0, 0, 0, 0]);
  new DataView(password.buffer).setUint32(password.length - 4, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const work = {
    name: "PBKDF2",
    hash: parameters.algorithm.split("/")[1],
    salt: bytes(parameters.salt),
    iterations: parameters.cost,
  };
  return hex(await crypto.subtle.deriveBits(work, key, parameters.keyLength * 8));
}

async function solve({ challenge }) {
  for (let counter = 0; ; counter += 1) {
    const derivedKey = await derive(challenge.parameters, counter);
    if (derivedKey.startsWith(challenge.parameters.keyPrefix)) {
      return { challenge, solution: { counter, derivedKey } };
    }
  }
}

for (const form of document.querySelectorAll("[data-proof]")) {
  const ticket = form.elements.ticket;
  const status = form.querySelector("[data-proof-status]");
  let work = null;
  let isSending = false;
  const begin = () => {
    // Without a safe connection browsers offer no such work; the server then goes by the age of the form.
    work ??= crypto.subtle
      ? solve(JSON.parse(atob(ticket.value))).then((proof) => {
          ticket.value = btoa(JSON.stringify(proof));
        })
      : Promise.resolve();
    return work;
  };
  form.addEventListener("input", begin, { once: true });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) {
      return;
    }
    isSending = true;
    status.textContent = status.dataset.working;
    await begin().catch(() => {});
    status.textContent = "";
    form.submit();
  });
  window.addEventListener("pageshow", () => {
    isSending = false;
  });
}
