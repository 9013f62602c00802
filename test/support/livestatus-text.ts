/** Reads Livestatus' texts in tests: answers that stand in files, and queries as a server takes them apart. */
import { RowScan } from "../../nagios/livestatus-rows.ts";

/** Rows of a whole answer without its header. */
export function rowsOf(text: string | Buffer): (readonly unknown[])[] {
  const scan = new RowScan();
  const rows = scan.push(Buffer.from(text));
  const fault = scan.end();
  if (fault !== null) {
    throw new Error(fault);
  }
  return rows;
}

/** A query as a server understands it; blanks around a value are cut off, as servers do. */
export interface DecodedQuery {
  readonly table: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Takes one query apart. */
export function decodeQuery(text: string): DecodedQuery {
  const [get = "", ...lines] = text.split("\n").map((line) => line.replace(/\r$/, ""));
  const headers = lines
    .filter((line) => line !== "")
    .map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    });
  return { table: get.replace(/^GET /, ""), headers };
}
