// A neighbour's receiver of notifications, in Node with nothing but its own library.
//
//     WEBHOOK_SECRET=whsec_... node receiver.mjs [PORT]
//
// It checks each message, drops what it has seen, and prints one line for each new one.

import { listen } from "./standard-webhooks.mjs";

listen(Number(process.argv[2] ?? 8700), async ({ id, type, data }) => {
  console.log(JSON.stringify({ id, type, to: data.to, text: data.text.zh }));
  return 204;
});
