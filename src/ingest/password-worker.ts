/** The thread that checks passwords, as one may take a second of computing; see `password-thread.ts`. */
import { parentPort } from "node:worker_threads";
import { isPasswordOf } from "./htpasswd-hash.ts";
import type { PasswordAnswer, PasswordJob } from "./password-thread.ts";

parentPort?.on("message", async ({ id, password, hash }: PasswordJob) => {
  const answer: PasswordAnswer = { id, isRight: await isPasswordOf(password, hash) };
  parentPort?.postMessage(answer);
});
