import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { attrsOf, parseAttrs } from "../../nagios/icinga2-attrs.ts";
import { commandText } from "../../nagios/icinga2-command.ts";
import { readEvent } from "../../nagios/icinga2-event.ts";
import { commentOf, downtimeOf } from "../../nagios/icinga2-notes.ts";
import { monitoredCheck, monitoredHost, parentHost } from "../../nagios/icinga2-objects.ts";
import { readGreeting } from "../../nagios/icinga2-permissions.ts";
import { Icinga2Results } from "../../nagios/icinga2-results.ts";
import { nameOf, rowAfter, rowOf } from "../../nagios/icinga2-row.ts";
import { openVars } from "../../nagios/icinga2-vars.ts";
import { Warnings } from "../../nagios/warnings.ts";
import { eventLines, icinga2Fixture } from "./icinga2-fixtures.ts";

const FILES = ["hosts.json", "services-web2.json", "dependencies.json", "comments.json", "downtimes.json"];
const whole = (bytes: Buffer) => new Icinga2Results().take(bytes);

describe("answers of Icinga 2", () => {
  it("give the same objects however they are cut into pieces", () => {
    const file = fc.constantFrom(...FILES);
    fc.assert(
      fc.property(file, fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 20 }), (name, sizes) => {
        const bytes = icinga2Fixture(name);
        const results = new Icinga2Results();
        const texts: string[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1;
          texts.push(...results.take(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(texts).toEqual(whole(bytes));
        expect(results.isComplete).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it("cut anywhere are not complete, and tell no object that was not whole", () => {
    fc.assert(
      fc.property(fc.constantFrom(...FILES), fc.double({ min: 0, max: 1, noNaN: true }), (name, share) => {
        const bytes = icinga2Fixture(name);
        const results = new Icinga2Results();
        const texts = results.take(bytes.subarray(0, Math.floor(share * (bytes.length - 1))));
        expect(results.isComplete).toBe(false);
        expect(texts).toEqual(whole(bytes).slice(0, texts.length));
      }),
      { numRuns: 60 },
    );
  });

  it("of any bytes never throw", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (noise, at) => {
        const bytes = Buffer.from(icinga2Fixture("hosts.json").subarray(0, 4000));
        Buffer.from(noise).copy(bytes, at);
        for (const text of whole(bytes)) {
          parseAttrs(text);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("what Icinga 2 may write", () => {
  it("is read without a throw, whatever stands in it, and names only what it names", () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    const keys = ["name", "host_name", "service_name", "state", "vars", "last_check_result", "groups", "check_command"];
    const more = ["last_check", "acknowledgement", "parent_host_name", "child_host_name", "__name", "permissions"];
    const attrs = fc.dictionary(fc.constantFrom(...keys, ...more), value);
    fc.assert(
      fc.property(attrs, fc.boolean(), (given, isService) => {
        const warnings = new Warnings();
        const name = nameOf(given, isService, warnings);
        const row = rowOf(name ?? { host: "h", check: null }, given, null, warnings);
        expect(row.status.lastCheck).toBeGreaterThanOrEqual(0);
        expect(name === undefined || name.host === given[isService ? "host_name" : "name"]).toBe(true);
        commandText(JSON.stringify(given["check_command"]) ?? "", openVars(given), openVars(given));
        commentOf(given);
        downtimeOf(given, 5);
        monitoredHost({ host: "h", check: null }, given);
        monitoredCheck({ host: "h", check: "c" }, given);
        parentHost(given);
        readGreeting(given);
      }),
      { numRuns: 300 },
    );
  });

  it("as an event, cut or with noise in it, is refused or says whose it is", () => {
    const line = fc.constantFrom(...eventLines());
    fc.assert(
      fc.property(line, fc.nat(2000), fc.string({ maxLength: 5 }), (text, at, noise) => {
        const event = readEvent(text.slice(0, at) + noise + text.slice(at + noise.length));
        expect(readEvent(text.slice(0, Math.min(at, text.length - 1)))).toBeUndefined();
        if (event?.kind === "result") {
          const pending = rowOf(event, {}, null, new Warnings());
          expect(rowAfter(pending, event).row.status.host).toBe(event.host);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("as nested values of events never throws", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 4 }),
        fc.constantFrom("CheckResult", "CommentAdded", "Flapping"),
        (value, type) => {
          const event = { type, host: "h", check_result: value, comment: value, timestamp: value };
          const read = readEvent(JSON.stringify(event));
          expect(read === undefined || attrsOf(read) !== undefined).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
