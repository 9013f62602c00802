/** Asks a Livestatus server for rows, with the columns it knows. */
import type { Hash } from "node:crypto";
import { COLUMNS, type Column, fewerColumns, type Question, TABLES } from "../../nagios/livestatus-columns.ts";
import { encodeQuery, type LivestatusQuery } from "../../nagios/livestatus-query.ts";
import { type LivestatusRow, RowScan } from "../../nagios/livestatus-rows.ts";
import type { LivestatusConnection } from "./livestatus-connection.ts";
import { LivestatusFault } from "./livestatus-fault.ts";
import { mostObjects } from "./most-objects.ts";

/** Makes what is done with rows; `columns` are those the rows have. It says what is wrong with a row, null where nothing is. */
export type RowTaker<Q extends Question> = (columns: readonly Column<Q>[]) => (row: LivestatusRow) => string | null;

/** What chooses rows, and whether the server is asked to wait. */
export interface Choice extends Pick<LivestatusQuery, "filters" | "wait"> {
  /** Takes the bytes of the answer, too. */
  readonly hash?: Hash;
}

/** The tables of one server. */
export class LivestatusTables {
  readonly #connection: LivestatusConnection;
  readonly #most: number;
  /** Columns that the server did not refuse, of questions where it refused some. */
  readonly #known = new Map<Question, readonly string[]>();

  /** `most`: rows of one answer. */
  constructor(connection: LivestatusConnection, most = mostObjects()) {
    this.#connection = connection;
    this.#most = most;
  }

  /** Asks for all columns again: another version may answer now, or the reason to refuse some is gone. */
  forgetColumns(): void {
    this.#known.clear();
  }

  /**
   * Asks for rows, and hands each on as it comes in; where this fails, those handed on are no whole answer. Columns that
   * the server refuses are left out from then on; `take` is made anew for each attempt.
   * @throws LivestatusFault
   */
  async ask<Q extends Question>(question: Q, choice: Choice, take: RowTaker<Q>): Promise<void> {
    const known = (this.#known.get(question) ?? COLUMNS[question]) as readonly Column<Q>[];
    let columns = known;
    for (;;) {
      try {
        await this.#askFor(question, columns, choice, take(columns));
        break;
      } catch (error) {
        const fewer =
          isComplaint(error) && choice.wait === undefined ? fewerColumns(columns, error.complaint) : undefined;
        if (fewer === undefined) {
          throw error;
        }
        columns = fewer;
      }
    }
    if (columns !== known) {
      this.#known.set(question, columns);
    }
  }

  async #askFor<Q extends Question>(
    question: Q,
    columns: readonly Column<Q>[],
    { hash, ...choice }: Choice,
    take: (row: LivestatusRow) => string | null,
  ): Promise<void> {
    const table = TABLES[question];
    const scan = new RowScan();
    const read = checked(columns.length, this.#most, take);
    let length = 0;
    await this.#connection.ask({
      table,
      text: encodeQuery({ table, columns, ...choice }),
      wait: (choice.wait?.milliseconds ?? 0) / 1000,
      take: (bytes, isEnd) => {
        length += bytes.length;
        hash?.update(bytes);
        for (const row of scan.push(bytes)) {
          const wrong = read(row);
          if (wrong !== null) {
            return wrong;
          }
        }
        return isEnd ? wrongEnd(scan, length) : scan.fault;
      },
    });
  }
}

/** Whether the server did not like the question. */
export function isComplaint(error: unknown): error is LivestatusFault {
  return error instanceof LivestatusFault && error.complaint !== "";
}

/** Takes rows of so many cells, and of these no more than `most`. */
function checked(cells: number, most: number, take: (row: LivestatusRow) => string | null) {
  let rows = 0;
  return (row: LivestatusRow): string | null => {
    rows += 1;
    if (rows > most) {
      return `it has more than ${most} rows`;
    }
    return row.length === cells ? take(row) : `a row has ${row.length} cells, not ${cells}`;
  };
}

function wrongEnd(scan: RowScan, length: number): string | null {
  return length === 0 ? "it is empty" : scan.end();
}
