/** Requests of HTTP as bytes, sent as they are and answered or not. */
import { connect } from "node:net";

/** An answer. */
export interface RawAnswer {
  /** 0 where the server hung up without a word. */
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  /** Whether nothing came for too long. */
  readonly hung: boolean;
}

/** Milliseconds until an answer must be whole. */
const PATIENCE = 10_000;

/** A request of some bytes, told its length, that ends the connection; what stands in it of that is taken out. */
export function framed(input: Buffer): Buffer {
  const text = input.toString("latin1");
  const end = text.indexOf("\r\n\r\n");
  const [head, body] = end < 0 ? [text, ""] : [text.slice(0, end), text.slice(end + 4)];
  const lines = head
    .split("\r\n")
    .filter((line) => !/^(?:content-length|transfer-encoding|connection|expect|upgrade)\s*:/i.test(line));
  return Buffer.from(
    `${[...lines, `Content-Length: ${body.length}`, "Connection: close"].join("\r\n")}\r\n\r\n${body}`,
    "latin1",
  );
}

/** Sends bytes to a port of loopback and reads to the end; of a stream of events only the beginning. */
export function ask(port: number, bytes: Buffer): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    const finish = (hung: boolean) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answerOf(Buffer.concat(chunks), hung));
    };
    const timer = setTimeout(() => finish(true), PATIENCE);
    socket.on("data", (chunk) => {
      chunks.push(chunk);
      if (
        chunks.length < 3 &&
        /content-type: text\/event-stream/i.test(Buffer.concat(chunks).toString("latin1", 0, 4_000))
      ) {
        finish(false);
      }
    });
    socket.on("error", () => finish(false));
    socket.on("close", () => finish(false));
  });
}

function answerOf(bytes: Buffer, hung: boolean): RawAnswer {
  const end = bytes.indexOf("\r\n\r\n");
  const [first = "", ...lines] = bytes.toString("latin1", 0, Math.max(0, end)).split("\r\n");
  const headers = new Map(
    lines.map((line) => [line.slice(0, line.indexOf(":")).toLowerCase(), line.slice(line.indexOf(":") + 1).trim()]),
  );
  const raw = bytes.subarray(end < 0 ? 0 : end + 4);
  const body = /chunked/i.test(headers.get("transfer-encoding") ?? "") ? dechunked(raw) : raw;
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1] ?? 0), headers, body: body.toString(), hung };
}

function dechunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const line = bytes.indexOf("\r\n", at);
    const size = Number.parseInt(bytes.toString("latin1", at, line < 0 ? at : line), 16);
    if (!(size > 0)) {
      break;
    }
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
