// Our notifications as they arrive: signed as https://www.standardwebhooks.com says, in Node with nothing but its own
// library. receiver.mjs and gateway.mjs stand on this.

import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";

const TOLERANCE = Number(process.env.WEBHOOK_TOLERANCE ?? 300); // seconds that the two clocks may differ
const LONGEST = 100_000; // bytes

/** Returns the key of WEBHOOK_SECRET; ends the program where it is none. */
export function key() {
  const secret = process.env.WEBHOOK_SECRET ?? "";
  const found = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  if (!secret.startsWith("whsec_") || found.length < 24) {
    console.error("WEBHOOK_SECRET is missing, or is no whsec_...");
    process.exit(2);
  }
  return found;
}

function genuine(secret, headers, body) {
  const id = headers["webhook-id"];
  const at = Number(headers["webhook-timestamp"]);
  if (!id || !Number.isInteger(at) || Math.abs(Date.now() / 1000 - at) > TOLERANCE) return false;
  const expected = createHmac("sha256", secret).update(`${id}.${at}.`).update(body).digest();
  return String(headers["webhook-signature"] ?? "")
    .split(" ") // several while a key is being changed
    .filter((each) => each.startsWith("v1,"))
    .map((each) => Buffer.from(each.slice(3), "base64"))
    .some((each) => each.length === expected.length && timingSafeEqual(each, expected));
}

/**
 * Hands each new message to `take`, and answers with the status that it returns: 2xx once the message is taken,
 * 5xx and it comes again, any other and it never does. What was taken before is answered and not handed on.
 */
export function listen(port, take) {
  const secret = key();
  const seen = new Set(); // in earnest: a table
  const server = createServer((request, response) => {
    const chunks = [];
    let length = 0;
    request.on("data", (chunk) => {
      length += chunk.length;
      if (length > LONGEST) request.destroy();
      else chunks.push(chunk);
    });
    request.on("end", async () => {
      const body = Buffer.concat(chunks);
      if (request.method !== "POST") return void response.writeHead(405).end();
      if (!genuine(secret, request.headers, body)) return void response.writeHead(401).end();
      const id = request.headers["webhook-id"];
      let status = 204;
      if (!seen.has(id)) {
        const { type, data } = JSON.parse(body);
        status = await take({ id, type, data }).catch(() => 502);
        if (status < 300) seen.add(id);
      }
      response.writeHead(status).end();
    });
  });
  server.listen(port, "127.0.0.1", () => {
    console.log(JSON.stringify({ listening: server.address().port }));
  });
}
