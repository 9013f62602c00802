/** A report as it travels. */
import { gzipSync } from "node:zlib";
import { REPORT_MAX_BYTES, type Report } from "./report.ts";

/** JSON of a report within the size the server takes: where it is larger, the least used connections are left out. */
export function encodeReport(report: Report, maxBytes = REPORT_MAX_BYTES): string {
  let text = JSON.stringify(report);
  for (let rows = report.connections.length; Buffer.byteLength(text) > maxBytes && rows > 0; ) {
    rows = Math.floor(rows / 2);
    text = JSON.stringify(withRows(report, rows));
  }
  return text;
}

/** The same, gzipped. */
export function packReport(report: Report): Buffer {
  return gzipSync(encodeReport(report));
}

function withRows(report: Report, rows: number): Report {
  const dropped = report.capture.dropped + report.connections.length - rows;
  return { ...report, connections: report.connections.slice(0, rows), capture: { ...report.capture, dropped } };
}
