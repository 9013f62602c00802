/**
 * One command with thousands of arguments, as bytes. The client's own way keeps each argument three times over and spends
 * most of the time of a large batch on it; its queue, time-outs and reconnections are used all the same.
 */
import { Command as ClientCommand, type Redis } from "ioredis";
import type { Word } from "./commands.ts";

/** A command in the making. */
export class WireCommand {
  private readonly name: string;
  private readonly pieces: Buffer[] = [];
  private text = "";
  private words = 0;

  constructor(name: string) {
    this.name = name;
    this.add(name);
  }

  /** Adds an argument. */
  add(word: Word): void {
    this.words += 1;
    if (typeof word === "object") {
      this.pieces.push(Buffer.from(`${this.text}$${word.length}\r\n`), word);
      this.text = "\r\n";
    } else {
      const text = String(word);
      this.text += `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
    }
  }

  /** Sends it and resolves to the answer, texts as strings; rejects as any command of the client does. */
  async send(client: Redis): Promise<unknown> {
    const bytes = Buffer.concat([Buffer.from(`*${this.words}\r\n`), ...this.pieces, Buffer.from(this.text)]);
    return await client.sendCommand(new ReadyCommand(this.name, bytes));
  }
}

/** A command that needs no more than to be written. */
class ReadyCommand extends ClientCommand {
  private readonly bytes: Buffer;

  constructor(name: string, bytes: Buffer) {
    super(name, [], { replyEncoding: "utf8" });
    this.bytes = bytes;
  }

  override toWritable(): Buffer {
    return this.bytes;
  }
}
