/** The thread that places pictures, so that a large one holds up no other answer; see `layout-desk.ts`. */
import { parentPort } from "node:worker_threads";
import { layeredLayout } from "../render/layered-layout.ts";
import type { LayoutAnswer, LayoutJob } from "./layout-desk.ts";

parentPort?.on("message", ({ id, picture }: LayoutJob) => {
  const answer: LayoutAnswer = { id, positions: layeredLayout(picture) };
  parentPort?.postMessage(answer);
});
