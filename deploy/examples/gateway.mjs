// Notifications handed on to a city's own SMS gateway and to its government chat, in Node without any package.
//
//     WEBHOOK_SECRET=whsec_... node gateway.mjs book.json [PORT]
//
// book.json is the gateway's own book: who has which number and which chat. It stays here; no number is in Wurao.
//
//     {"sms": "https://sms.city.example/send",
//      "people": {"head/fire": {"mobile": "13800000000"}, "leader/-": {"chat": "https://chat.city.example/robot/7"}}}
//
// Every city's gateway wants another form; `forms` below is the place to change. What a gateway does not take is
// answered with 502, so the message comes again; who is not in the book is a dead letter at once.

import { readFileSync } from "node:fs";
import { listen } from "./standard-webhooks.mjs";

const book = JSON.parse(readFileSync(process.argv[2], "utf-8"));

const forms = {
  mobile: (mobile, text) => [book.sms, { mobile, content: text }],
  chat: (url, text) => [url, { msgtype: "text", text: { content: text } }], // as most group robots want it
};

async function handOn(url, message) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message),
    redirect: "error",
    signal: AbortSignal.timeout(5000),
  });
  return answer.ok;
}

listen(Number(process.argv[3] ?? 8700), async ({ data }) => {
  const person = book.people[`${data.recipient}/${data.to ?? "-"}`];
  if (!person) return 410;
  for (const [kind, place] of Object.entries(person)) {
    const [url, message] = forms[kind](place, data.text.zh);
    if (!(await handOn(url, message))) return 502;
  }
  return 204;
});
