/** The reading of one answer of a Livestatus server: header, then as many bytes as it says. */

import {
  type AnswerHeader,
  HEADER_BYTES,
  isHeaderBeginning,
  readAnswerHeader,
} from "../../nagios/livestatus-header.ts";
import type { LivestatusPlace } from "../config/config-value.ts";
import { badAnswer, type LivestatusFault, notLivestatus, refused, tooLong } from "./livestatus-fault.ts";

/** One question. */
export interface LivestatusQuestion {
  /** The table asked, for people. */
  readonly table: string;
  /** As `encodeQuery` gives it. */
  readonly text: string;
  /** Seconds the server was asked to wait before it answers. */
  readonly wait: number;
  /** Takes the next bytes of a good answer, the last ones where `isEnd`; says what is wrong, null where nothing is. */
  readonly take: (bytes: Buffer, isEnd: boolean) => string | null;
}

/** How far an answer is. */
export type Progress = "more" | "whole" | LivestatusFault;

const GOOD = 200;

/** Longest answer taken, bytes. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Longest complaint taken, bytes. */
const MOST_COMPLAINT = 64 * 1024;

/** Takes the bytes of one answer. */
export class AnswerReading {
  readonly #place: LivestatusPlace;
  readonly #question: LivestatusQuestion;
  #got = 0;
  #start = Buffer.alloc(0);
  #header: AnswerHeader | undefined;
  readonly #complaint: Buffer[] = [];

  constructor(place: LivestatusPlace, question: LivestatusQuestion) {
    this.#place = place;
    this.#question = question;
  }

  /** Bytes that have come, the header's among them. */
  get got(): number {
    return this.#got;
  }

  /** Takes the next bytes. */
  take(chunk: Buffer): Progress {
    this.#got += chunk.length;
    if (this.#header !== undefined) {
      return this.#body(chunk, this.#header);
    }
    this.#start = Buffer.concat([this.#start, chunk]);
    if (this.#start.length < HEADER_BYTES) {
      return isHeaderBeginning(this.#start) ? "more" : notLivestatus(this.#place, this.#start);
    }
    this.#header = readAnswerHeader(this.#start);
    return this.#header === undefined
      ? notLivestatus(this.#place, this.#start)
      : (this.#promise(this.#header) ?? this.#body(this.#start.subarray(HEADER_BYTES), this.#header));
  }

  /** Whether what the header promises is more than can be taken. */
  #promise({ status, length }: AnswerHeader): LivestatusFault | undefined {
    const most = status === GOOD ? MOST_BYTES : MOST_COMPLAINT;
    return length > most ? tooLong(this.#place, length, most) : undefined;
  }

  #body(chunk: Buffer, header: AnswerHeader): Progress {
    const missing = header.length - (this.#got - HEADER_BYTES);
    if (missing < 0) {
      return badAnswer(this.#place, this.#question.table, `it is longer than the ${header.length} bytes it says`);
    }
    const wrong = header.status === GOOD ? this.#question.take(chunk, missing === 0) : this.#complain(chunk);
    if (wrong !== null) {
      return badAnswer(this.#place, this.#question.table, wrong);
    }
    if (missing > 0) {
      return "more";
    }
    const { table } = this.#question;
    return header.status === GOOD ? "whole" : refused(this.#place, table, header, Buffer.concat(this.#complaint));
  }

  #complain(chunk: Buffer): null {
    this.#complaint.push(chunk);
    return null;
  }
}
