/** Sends commands to a Redis Cluster: grouped by node, and after slots that move. */
import { type Cluster, Command as SingleCommand } from "ioredis";
import { messageOf } from "../errors.ts";
import type { Command } from "./commands.ts";

/** The answer to one command. */
export type Answer = readonly [error: Error | null, value: unknown];

/**
 * Sends a batch. The client groups commands by the node that served their slots when it last asked; in a group of which
 * only some slots have moved it follows none of them, so those go one by one, which also teaches it where they are now.
 */
export async function sendToCluster(client: Cluster, batch: readonly Command[]): Promise<Answer[]> {
  const answers = await sendGrouped(client, batch);
  for (const [at, [error]] of answers.entries()) {
    const command = batch[at];
    if (command !== undefined && error !== null && /^(?:MOVED|ASK|TRYAGAIN)\b/.test(messageOf(error))) {
      answers[at] = await follow(client, command);
    }
  }
  return answers;
}

async function sendGrouped(client: Cluster, batch: readonly Command[]): Promise<Answer[]> {
  // The client's own grouping chokes on callBuffer, so the commands with a binary answer go by their names.
  const send = ({ key, words: [name, ...args] }: Command): Promise<unknown> => {
    switch (name) {
      case "getBuffer":
        return client.getBuffer(key);
      case "getrangeBuffer": {
        const [, from = 0, to = -1] = args;
        return client.getrangeBuffer(key, Number(from), Number(to));
      }
      case "xrangeBuffer": {
        const [, from = "-", to = "+", , count = 1] = args;
        return client.xrangeBuffer(key, from, to, "COUNT", Number(count));
      }
      default:
        return client.call(name, args);
    }
  };
  const answers = await Promise.allSettled(batch.map(send));
  return answers.map((answer) =>
    answer.status === "rejected" ? [answer.reason as Error, null] : [null, answer.value],
  );
}

async function follow(client: Cluster, { words: [name, ...args] }: Command): Promise<Answer> {
  const plain = name.replace(/Buffer$/, "");
  const single = new SingleCommand(plain, [...args], { replyEncoding: plain === name ? "utf8" : null });
  try {
    return [null, await client.sendCommand(single)];
  } catch (error) {
    return [error as Error, null];
  }
}
