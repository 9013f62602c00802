import { describe, expect, it } from "vitest";
import { DAEMON_TABLES } from "../../src/mapping/knowledge/daemons.ts";
import { PROTOCOLS } from "../../src/mapping/knowledge/protocols.ts";
import { SILENT_WORDS } from "../../src/mapping/knowledge/silent-words.ts";
import { readPhrase } from "../../src/mapping/phrase.ts";
import { knowledgeOf } from "../../src/mapping/process-knowledge.ts";
import { compact, oneTypingError, tokens } from "../../src/mapping/tokens.ts";
import { meaningOf } from "../../src/mapping/vocabulary.ts";

function rows(table: string): string[][] {
  return table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
}

const DAEMONS = DAEMON_TABLES.flatMap(rows);

describe("the tables", () => {
  it("hold the common daemons, each once, with ports that are ports", () => {
    const ids = [...DAEMONS, ...rows(PROTOCOLS)].map(([id]) => id);
    expect(DAEMONS.length).toBeGreaterThan(700);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    for (const [id, , , ports = "", more = "", admin = ""] of DAEMONS) {
      const numbers = `${ports} ${more} ${admin}`.split(/\s+/).filter((text) => text !== "");
      expect(
        numbers.every((text) => /^\d+$/.test(text) && Number(text) > 0 && Number(text) < 65_536),
        id,
      ).toBe(true);
    }
  });

  it("have no row with too many or too few columns", () => {
    for (const row of DAEMONS) {
      expect([3, 6, 7], row[0]).toContain(row.length);
    }
    for (const row of rows(SILENT_WORDS)) {
      expect(row.length, row[0]).toBe(3);
      expect(["purpose", "always", "storage", "figure"]).toContain(row[1]);
    }
  });

  it("cover the presets of the original: HTTP, Redis, CouchDB, MySQL, Postgres, PgBouncer, memcached, node.js, DNS", () => {
    const names = "HTTP Redis CouchDB MySQL Postgres PgBouncer memcached node.js DNS".split(" ");
    const subjects = names.map((name) => readPhrase(name).hits[0]?.subject.id);
    expect(subjects).toEqual([
      "http",
      "redis",
      "couchdb",
      "mysql",
      "postgres",
      "pgbouncer",
      "memcached",
      "nodejs",
      "dns",
    ]);
  });
});

describe("a name read with the dictionary", () => {
  it.each([
    ["MySQL-Replikation", ["mysql"], []],
    ["Kube API Server", ["kubeapiserver"], []],
    ["Rabbit MQ queue", ["rabbitmq"], []],
    ["PostgreSQL 14", ["postgres"], []],
    ["Servidor de correo", ["smtp"], []],
    ["Base de données", ["db"], []],
    ["Webserver beveiligd", ["http"], []],
    ["Festplattenplatz C:", [], ["festplattenplatz"]],
    ["Mises à jour", [], ["misesajour"]],
    ["Copia de seguridad MySQL", ["mysql"], ["copiadeseguridad"]],
    ["syslog", ["rsyslog"], []],
    ["logstash", ["logstash"], []],
    ["Load Balancer", ["haproxy"], []],
    ["Constructor", [], []],
    ["__proto__ hasOwnProperty", [], []],
  ])("%s", (text, subjects, silences) => {
    const phrase = readPhrase(text);
    expect(phrase.hits.map(({ subject }) => subject.id)).toEqual(subjects);
    expect(phrase.silences.map(({ word }) => word)).toEqual(silences);
  });
});

describe("process names", () => {
  it("are known as the kernel cuts them, with what follows a colon gone", () => {
    expect(knowledgeOf("kube-controller").daemons[0]?.id).toBe("kubecontroller");
    expect(knowledgeOf("kube-controller-manager").daemons[0]?.id).toBe("kubecontroller");
    expect(knowledgeOf("nginx: master process").daemons[0]?.id).toBe("nginx");
    expect(knowledgeOf("php-fpm8.2").daemons[0]?.id).toBe("phpfpm");
    expect(knowledgeOf("ms.sapPRD_ASCS0").daemons[0]?.id).toBe("sapmessage");
  });

  it("say nothing where they are runtimes, forwarders or missing", () => {
    expect(
      ["java", "python3.11", "node", "docker-proxy", "xinetd", "-", null].map((name) => knowledgeOf(name).nameless),
    ).toEqual(Array.from({ length: 7 }, () => true));
    expect(knowledgeOf("postgres").nameless).toBe(false);
  });
});

describe("words", () => {
  it("are lower case, without accents, cut at capitals", () => {
    expect(tokens("MySQL-Größe (Déjà_vu)")).toEqual(["my", "sql", "grosse", "deja", "vu"]);
    expect(tokens("HTTPServer2")).toEqual(["http", "server2"]);
    expect(compact("Kube-API server")).toBe("kubeapiserver");
    expect(meaningOf("constructor")).toBeUndefined();
  });

  it.each([
    ["ngnix", "nginx", true],
    ["postgress", "postgres", true],
    ["redi", "redis", true],
    ["mysqk", "mysql", true],
    ["nginx", "nginx", true],
    ["ngxin", "nginy", false],
    ["abc", "abcde", false],
  ])("%s is one typing error from %s: %s", (a, b, expected) => {
    expect(oneTypingError(a, b)).toBe(expected);
  });
});
