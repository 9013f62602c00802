#!/usr/bin/env node
/**
 * Writes docs/redis.md from the comments of src/store/keys.ts; with --check only says whether it is up to date
 * (exit code 1 where it is not). With --json prints the keys as data.
 */
import { readFileSync, writeFileSync } from "node:fs";

const source = new URL("../src/store/keys.ts", import.meta.url);
const target = new URL("../docs/redis.md", import.meta.url);

const ENTRY = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(\w+)\s*:/g;
const COMMENT = /^`([^`]+)` (by setting|[a-z]+)(?:, (expires [^:]+))?: ([\s\S]+)$/;

const text = readFileSync(source, "utf8");
const tables = { keys: entriesOf("keys"), ownKeys: entriesOf("ownKeys") };
const page = `# Keys in Redis

<!-- Made by \`node bin/write-redis-doc.js\` from src/store/keys.ts; edit there. -->

Times are Unix seconds. \`<node>\` is a host's name. IPv6 is written out (\`2001:db8:0:0:0:0:0:1\`), IPv4 in IPv6 as IPv4,
so that splitting a key at \`::\` is always right. No command of DOTM touches keys of two slots.

## Who may do what

DOTM needs no more rights than these; write them into an ACL file of Redis, or after \`ACL SETUSER\`:

\`\`\`text
user dotm on >PASSWORD ~dotm::* ~{dotm::* -@all +@read +@write +@connection +@scripting -@dangerous +info +cluster|slots
\`\`\`

A program that only reads the map needs \`+@read +@connection -@dangerous\`.

## What is taken away

A store that was flushed or exchanged is noticed within five seconds and written anew. A single key that somebody deletes is not missed at once:
checks, graphs, notes and impacts are looked for every quarter of an hour, and the whole is written anew where one is gone; all else of a host
(\`dotm::nodes::<node>\`, services, connections, addresses, what is remembered) comes back when it changes. All of it comes back at once with the task
\`reload\`: \`redis-cli rpush dotm::queue '{"fn":"reload"}'\`.

## The contract

${table(tables.keys)}
## Our own

These may change from version to version.

${table(tables.ownKeys)}`;

if (process.argv.includes("--json")) {
  console.log(JSON.stringify(tables));
} else if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== page) {
    console.error("docs/redis.md is out of date. Run: node bin/write-redis-doc.js");
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, page);
}

function entriesOf(name) {
  const start = text.indexOf(`export const ${name} = {`);
  const body = text.slice(start, text.indexOf("} as const;", start));
  return [...body.matchAll(ENTRY)].map(([, comment, member]) => {
    const words = comment
      .replace(/^\s*\* ?/gm, "")
      .replace(/\s+/g, " ")
      .trim();
    const parts = COMMENT.exec(words);
    if (parts === null) {
      throw new Error(`src/store/keys.ts: the comment of ${name}.${member} must begin with \`key\` type: …`);
    }
    const [, key, type, expiry, content] = parts;
    return { member, key, type, expiry: expiry ?? "never", content };
  });
}

function table(entries) {
  const rows = entries.map(({ key, type, expiry, content }) => {
    const lives = expiry === "never" ? "" : ` *Expires ${expiry.replace("expires ", "")}.*`;
    return `| \`${key}\` | ${type} | ${content.replaceAll("|", "\\|")}${lives} |\n`;
  });
  return `| key | type | content |\n|---|---|---|\n${rows.join("")}\n`;
}
