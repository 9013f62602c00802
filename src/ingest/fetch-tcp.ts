/** Reads what a host sends over TCP until it closes: the original agent's way, which is asked nothing. */
import { connect } from "node:net";
import { timeLimit } from "../../agent/time-limit.ts";
import { FetchFault, MAX_ANSWER, socketFault } from "./fetch-fault.ts";

/** Limits of one fetch. */
export interface FetchLimits {
  /** Milliseconds in all. */
  readonly total: number;
  /** Bytes; MAX_ANSWER where absent. */
  readonly bytes?: number;
}

/** Rejects with FetchFault. `signal` gives it up. */
export async function fetchTcp(
  { address, port }: { readonly address: string; readonly port: number },
  { total, bytes = MAX_ANSWER }: FetchLimits,
  signal: AbortSignal,
): Promise<Buffer> {
  const where = `${address} port ${port}`;
  const socket = connect({ host: address, port });
  const limit = timeLimit(signal, total);
  const giveUp = () => socket.destroy(new FetchFault(`${where} did not answer within ${total / 1000} s`));
  limit.addEventListener("abort", giveUp);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > bytes) {
        throw new FetchFault(`${where} sent more than ${bytes} bytes`);
      }
      chunks.push(chunk);
    }
  } catch (error) {
    throw error instanceof FetchFault ? error : socketFault(error, where);
  } finally {
    limit.removeEventListener("abort", giveUp);
    socket.destroy();
  }
  return Buffer.concat(chunks, length);
}
