// A provincial platform's reader of our answers, in Node with nothing but its own library.
//
//     node platform.mjs answers.jsonl
//
// `wurao platform exchange` writes one line of JSON for each number 检查码 that the platform handed in; its
// form is platform-answer.schema.json. What is left out is at its default. Fields and states that this
// program does not know are passed over: new ones come without notice.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

const STORIES = {
  unknown: () => "could not be taken: mend the row and hand it in again",
  refused: (told) => `refused: ${told.rules.map((each) => `${each.rule} (${each.ways_out.zh})`).join(", ")}`,
  accepted: () => "accepted, waits for its plan",
  placed: (told) => `planned for ${told.day}`,
  published: (told) => `visit on ${told.day}, led by ${told.lead}${told.bound ? ", number bound" : ""}`,
  entered: (told) => `entered at ${told.entered}`,
  left: (told) => `left at ${told.left}`,
};

const lines = createInterface({ input: createReadStream(process.argv[2], "utf-8") });
for await (const line of lines) {
  const told = JSON.parse(line);
  const story = STORIES[told.status] ?? (() => told.status);
  console.log(`${told.code ?? "-"}  ${story(told)}`);
}
