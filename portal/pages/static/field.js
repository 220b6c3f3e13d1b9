// The inspector's page without a network: what is told is kept on the phone and sent later, once.
// Without this script every form goes to the server as it stands.
(() => {
  const root = document.getElementById("field");
  if (!root || !("indexedDB" in window)) return;
  const said = root.dataset;
  const by = (id) => document.getElementById(id);
  const PAUSE = 20000;

  // ---- the store on the phone
  const asked = (request) => new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const base = (() => {
    const opening = indexedDB.open("wurao-field", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("acts", { keyPath: "n", autoIncrement: true });
    return asked(opening);
  })();
  const store = async (mode, work) => {
    const change = (await base).transaction("acts", mode, mode === "readwrite" ? { durability: "strict" } : undefined);
    const result = await asked(work(change.objectStore("acts")));
    if (mode === "readwrite") await new Promise((done, failed) => { change.oncomplete = done; change.onabort = () => failed(change.error); });
    return result;
  };
  const all = () => store("readonly", (acts) => acts.getAll());
  const put = (act) => store("readwrite", (acts) => acts.put(act));
  const drop = (n) => store("readwrite", (acts) => acts.delete(n));

  // ---- the time: the server's, so that a phone with a wrong clock tells the right one
  const shift = () => Number(localStorage.getItem("wurao-field-shift") || 0);
  const now = () => new Date(Date.now() + shift());
  const time = (text) => {
    const at = new Date(text);
    const here = new Date(at.getTime() + 8 * 3600000).toISOString();  // China keeps one clock
    return `${here.slice(0, 10)} ${here.slice(11, 16)}`;
  };
  const fresh = () => `c-${[...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("")}`;

  // ---- what is shown
  let trouble = "";
  const show = async () => {
    const acts = await all();
    const mine = acts.filter((act) => act.who === said.who);
    const waiting = mine.filter((act) => act.state === "waiting").length;
    by("net").textContent = trouble || (navigator.onLine ? said.online : said.offline);
    by("net").className = trouble || !navigator.onLine ? "warn" : "good";
    if (acts.some((act) => act.who !== said.who && act.state === "waiting")) by("net").textContent += ` · ${said.other}`;
    by("kept").hidden = mine.length === 0;
    by("count").textContent = waiting ? `${waiting} ${said.count}` : said.none;
    by("count").className = waiting ? "tag warn" : "tag good";
    by("acts").replaceChildren(...mine.map(line));
    document.querySelectorAll("article[data-visit]").forEach((card) => steps(card, mine));
  };
  const line = (act) => {
    const item = document.createElement("li");
    const put_ = (tag, text, shade) => {
      const made = document.createElement(tag);
      made.textContent = text;
      if (shade) made.className = shade;
      item.append(made, " ");
    };
    put_("span", said[act.state], { waiting: "tag warn", sent: "tag good", refused: "tag bad" }[act.state]);
    put_("b", act.title);
    put_("span", `${said.happened} ${time(act.at)}${act.recorded ? `，${said.recorded} ${time(act.recorded)}` : ""}`, "hint");
    if (act.told) put_("span", act.told, "quote");
    if (act.state === "refused") {
      const gone = document.createElement("button");
      gone.type = "button";
      gone.className = "plain";
      gone.textContent = said.dismiss;
      gone.addEventListener("click", async () => { await drop(act.n); await show(); });
      item.append(gone);
    }
    return item;
  };
  // What was told on this phone counts before the server says so: after the entry comes the departure.
  const steps = (card, acts) => {
    const done = new Set(acts.filter((act) => act.visit === card.dataset.visit && act.state !== "refused").map((act) => act.act));
    const within = done.has("entry") || card.dataset.status !== "published";
    card.querySelectorAll(".later").forEach((each) => { each.hidden = !within; });
    card.querySelectorAll("[data-step]").forEach((each) => {
      const { step } = each.dataset;
      const over = done.has(step) || (done.has("entry") && step === "no-entry") || (done.has("no-entry") && step === "entry");
      each.hidden = over;
    });
  };

  // ---- keeping
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.dataset.act) return;
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrf" && name !== "key" && typeof value === "string");
    if (!navigator.onLine && form.dataset.act === "entry") fields.push(["offline", "1"], ["late_reason", said.reason]);
    const { act, visit, title } = form.dataset;
    const at = `${now().toISOString().slice(0, 19)}Z`;
    try {
      await put({ key: fresh(), who: said.who, visit, act, title, fields, at, state: "waiting" });
    } catch (error) {  // the phone keeps nothing: to the server at once, or on paper
      if (navigator.onLine) { form.submit(); return; }
      by("net").textContent = said.full;
      return;
    }
    form.closest("details").open = false;
    form.reset();
    await show();
    await send();
  });

  // ---- reading the code at the gate by the camera, where the browser can
  document.querySelectorAll(".camera").forEach((camera) => {
    if (!("BarcodeDetector" in window)) return;
    camera.hidden = false;
    const [shot, told] = [camera.querySelector("input"), camera.querySelector("[role=status]")];
    shot.addEventListener("change", async () => {
      if (!shot.files.length) return;
      told.textContent = "";
      const found = await createImageBitmap(shot.files[0])
        .then((picture) => new BarcodeDetector({ formats: ["qr_code"] }).detect(picture))
        .catch(() => []);
      shot.value = "";
      if (found.length) camera.closest(".field").querySelector("textarea").value = found[0].rawValue;
      else told.textContent = said.unread;
    });
  });

  // ---- sending: in order, one by one; what got no answer is sent again under the same key
  const state = async () => {
    const answer = await fetch("/field/state", { credentials: "same-origin", cache: "no-store" });
    const told = await answer.json();
    if (answer.ok) localStorage.setItem("wurao-field-shift", String(Date.parse(told.now) - Date.now()));
    return told;
  };
  const one = async (act, csrf) => {
    const body = new URLSearchParams([...act.fields, ["csrf", csrf], ["key", act.key], ["act", act.act], ["visit", act.visit], ["at", act.at]]);
    const answer = await fetch("/field/acts", { method: "POST", body, credentials: "same-origin", redirect: "manual", headers: { accept: "application/json" } });
    if (answer.type === "opaqueredirect") return "login";
    const json = (answer.headers.get("content-type") || "").includes("json");
    const told = json ? await answer.json() : {};
    if (answer.ok && told.accepted) {
      await put({ ...act, state: "sent", recorded: told.recorded, fields: [] });
      return "sent";
    }
    if (told.code === "stale-form" || answer.status === 401) return "login";
    if (answer.status === 429 || answer.status >= 500 || answer.ok) return "later";
    await put({ ...act, state: "refused", told: [...new Set([told.title, told.detail])].filter(Boolean).join("；") || String(answer.status) });
    return "refused";
  };
  let sending = null;
  let again = false;
  const round = async () => {
    const waiting = (await all()).filter((act) => act.who === said.who && act.state === "waiting");
    if (!waiting.length) return;
    const told = await state();
    trouble = told.who === said.who ? "" : said.login;
    if (trouble) return;
    for (const act of waiting) {
      const became = await one(act, told.csrf);
      await show();
      if (became === "login") trouble = said.login;
      if (became === "login" || became === "later") return;
    }
  };
  const send = async () => {
    if (sending) { again = true; return sending; }
    sending = (async () => {
      do {
        again = false;
        try { await round(); } catch (error) { break; }  // no network: it stays where it is
      } while (again);
    })();
    await sending;
    sending = null;
    await show();
  };

  // ---- beginning
  const tell = (message) => new Promise((done) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = ({ data }) => done(data);
    navigator.serviceWorker.ready.then((ready) => ready.active.postMessage(message, [channel.port2]));
  });
  const keep = async () => {
    if (!("serviceWorker" in navigator)) return;
    await navigator.serviceWorker.register("/field/worker.js", { scope: "/field" });
    const shown = document.querySelectorAll(".mine img.qr");  // his own; else all that the department goes to
    const codes = [...(shown.length ? shown : document.querySelectorAll("article img.qr"))].map((each) => new URL(each.src).pathname);
    if (await tell({ codes }) === "done") by("ready").textContent = said.ready;
  };
  const tidy = async () => {
    const day = time(now()).slice(0, 10);
    for (const act of await all()) if (act.state === "sent" && time(act.at).slice(0, 10) < day) await drop(act.n);
  };
  by("send").addEventListener("click", send);
  by("clear").addEventListener("click", async () => {
    for (const act of await all()) if (act.state !== "waiting") await drop(act.n);
    if ("serviceWorker" in navigator && navigator.serviceWorker.controller) await tell({ clear: true });
    trouble = said.cleared;
    by("ready").textContent = "";
    await show();
  });
  window.addEventListener("online", send);
  window.addEventListener("offline", show);
  setInterval(() => { if (document.visibilityState === "visible") send(); }, PAUSE);
  document.querySelectorAll(".net").forEach((each) => { each.hidden = false; });
  (async () => {
    try { await state(); } catch (error) { /* no network: the shift of the last time stands */ }
    try { await tidy(); } catch (error) { return; }  // the phone keeps nothing: the forms work as they stand
    await show();
    keep().catch(() => { by("ready").textContent = ""; });
    await send();
  })();
})();
