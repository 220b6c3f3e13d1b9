// A neighbour's receiver of notifications, in Node with nothing but its own library: an SMS gateway, a
// government chat, a provincial platform.
//
//     WEBHOOK_SECRET=whsec_... node receiver.mjs [PORT]
//
// It checks each message as https://www.standardwebhooks.com says, drops what it has seen, and prints one
// line for each new one. Answer 2xx once a message is yours; anything from 500 on, and it comes again.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const TOLERANCE = Number(process.env.WEBHOOK_TOLERANCE ?? 300); // seconds that the two clocks may differ
const LONGEST = 100_000; // bytes
const secret = process.env.WEBHOOK_SECRET ?? "";
const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
if (!secret.startsWith("whsec_") || key.length < 24) {
  console.error("WEBHOOK_SECRET is missing, or is no whsec_...");
  process.exit(2);
}
const seen = new Set(); // in earnest: a table

function genuine(headers, body) {
  const id = headers["webhook-id"];
  const at = Number(headers["webhook-timestamp"]);
  if (!id || !Number.isInteger(at) || Math.abs(Date.now() / 1000 - at) > TOLERANCE) return false;
  const expected = createHmac("sha256", key).update(`${id}.${at}.`).update(body).digest();
  return String(headers["webhook-signature"] ?? "")
    .split(" ") // several while a key is being changed
    .filter((each) => each.startsWith("v1,"))
    .map((each) => Buffer.from(each.slice(3), "base64"))
    .some((each) => each.length === expected.length && timingSafeEqual(each, expected));
}

const server = createServer((request, response) => {
  const chunks = [];
  let length = 0;
  request.on("data", (chunk) => {
    length += chunk.length;
    if (length > LONGEST) request.destroy();
    else chunks.push(chunk);
  });
  request.on("end", () => {
    const body = Buffer.concat(chunks);
    if (request.method !== "POST") return void response.writeHead(405).end();
    if (!genuine(request.headers, body)) return void response.writeHead(401).end();
    const id = request.headers["webhook-id"];
    if (!seen.has(id)) {
      const { type, data } = JSON.parse(body);
      console.log(JSON.stringify({ id, type, to: data.to, text: data.text.zh }));
      seen.add(id);
    }
    response.writeHead(204).end();
  });
});
server.listen(Number(process.argv[2] ?? 8700), "127.0.0.1", () => {
  console.log(JSON.stringify({ listening: server.address().port }));
});
