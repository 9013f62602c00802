/**
 * One kept connection to a Livestatus server: one question at a time, each answer handed on while it comes in. Whatever
 * the server does, an answer is whole within its deadline or a fault says why not.
 */

import type { Socket } from "node:net";
import type { LivestatusPlace } from "../config/config-value.ts";
import {
  answerTimeout,
  closedEarly,
  connectFault,
  connectTimeout,
  LivestatusFault,
  UNANSWERED,
} from "./livestatus-fault.ts";
import { AnswerReading, type LivestatusQuestion, type Progress } from "./livestatus-reading.ts";
import { livestatusAuthority, openLivestatus } from "./livestatus-socket.ts";

/** How long a server may take, seconds. */
export interface LivestatusDeadlines {
  /** Until it takes the connection. */
  readonly connect: number;
  /** Until an answer is whole. */
  readonly answer: number;
}

/** The answer that is being read, and who waits for it. */
interface Pending {
  readonly reading: AnswerReading;
  readonly settle: (outcome: "whole" | LivestatusFault) => void;
}

/** A connection, made when it is needed. */
export class LivestatusConnection {
  readonly #place: LivestatusPlace;
  readonly #deadlines: LivestatusDeadlines;
  #socket: Socket | undefined;
  #pending: Pending | undefined;
  #closed = false;

  constructor(place: LivestatusPlace, deadlines: LivestatusDeadlines) {
    this.#place = place;
    this.#deadlines = deadlines;
  }

  /**
   * Asks, and hands on the whole answer. Where a kept connection turns out to be closed, the question is put once more
   * over a new one: servers close idle connections, and restart.
   * @throws LivestatusFault
   */
  async ask(question: LivestatusQuestion): Promise<void> {
    const kept = this.#socket;
    if (kept === undefined || kept.destroyed) {
      return await this.#askNew(question);
    }
    try {
      await this.#exchange(kept, question);
    } catch (error) {
      if (!(error instanceof LivestatusFault && error.reason === UNANSWERED)) {
        throw error;
      }
      await this.#askNew(question);
    }
  }

  /** Ends the connection for good; a question under way fails. */
  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
  }

  async #askNew(question: LivestatusQuestion): Promise<void> {
    await this.#exchange(await this.#connect(), question);
  }

  async #connect(): Promise<Socket> {
    const ca = await livestatusAuthority(this.#place);
    const opening = openLivestatus(this.#place, ca);
    const { socket } = opening;
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      const fail = (fault: LivestatusFault): void => {
        clearTimeout(timer);
        socket.destroy();
        reject(fault);
      };
      const { connect } = this.#deadlines;
      const timer = setTimeout(() => fail(connectTimeout(this.#place, connect)), connect * 1000);
      socket.on("error", (error) => fail(connectFault(this.#place, error)));
      socket.once("close", () => fail(closedEarly(this.#place, 0)));
      socket.once(opening.ready, () => {
        clearTimeout(timer);
        resolve();
      });
      if (this.#closed) {
        fail(closedEarly(this.#place, 0));
      }
    });
    socket.on("data", (chunk: Buffer) => this.#take(socket, chunk));
    socket.once("close", () => this.#end(socket));
    return socket;
  }

  async #exchange(socket: Socket, question: LivestatusQuestion): Promise<void> {
    const reading = new AnswerReading(this.#place, question);
    const seconds = this.#deadlines.answer + question.wait;
    const outcome = await new Promise<"whole" | LivestatusFault>((settle) => {
      const late = (): void => settle(answerTimeout(this.#place, seconds, reading.got));
      const timer = setTimeout(late, seconds * 1000);
      this.#pending = {
        reading,
        settle: (how) => {
          clearTimeout(timer);
          settle(how);
        },
      };
      socket.write(question.text);
    });
    this.#pending = undefined;
    if (outcome !== "whole") {
      socket.destroy();
      throw outcome;
    }
  }

  #take(socket: Socket, chunk: Buffer): void {
    const progress: Progress | undefined = this.#pending?.reading.take(chunk);
    if (progress === undefined) {
      // Nobody asked: what follows could not be told from the next answer.
      socket.destroy();
    } else if (progress !== "more") {
      this.#pending?.settle(progress);
    }
  }

  #end(socket: Socket): void {
    if (socket === this.#socket) {
      const got = this.#pending?.reading.got ?? 0;
      const fault = closedEarly(this.#place, got);
      this.#pending?.settle(fault);
    }
  }
}
