/** What `dotm.yaml` may say: the one place where keys, kinds of values and defaults are written down. Times are seconds. */
import { z } from "zod";
import { authSchema } from "./auth.ts";
import { notifySchema } from "./notify.ts";
import { pullSchema } from "./pull.ts";
import { ROLES } from "./role.ts";
import { sourceSchema } from "./sources.ts";

const text = z.string().min(1, "must not be empty");

const path = text;

const nodeId = text.regex(
  /^[^\s:/][^\s]*[:/].+$/s,
  "must be HOST:PORT or HOST/PROCESS, as `dotm get services -o name` prints it",
);

const excluded = text.regex(
  /^\S+(?:\s*->\s*\S+)?$/,
  "must be HOST:PORT, HOST/PROCESS or `FROM -> TO`, with * at the end where several are meant",
);

const listen = z
  .string()
  .regex(/^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]]+):\d{1,5}$/, {
    error: "must be ADDRESS:PORT, for example 127.0.0.1:4880 or [::1]:4880",
    abort: true,
  })
  .refine((value) => Number(value.slice(value.lastIndexOf(":") + 1)) <= 65_535, "the port must not be above 65535");

const server = z
  .string()
  .regex(/^(?:\[[0-9a-fA-F:.]+\]|[^\s:[\]/,]+)(?::\d{1,5})?$/, "must be HOST:PORT, for example redis1:26379");

const redis = z
  .strictObject({
    url: z
      .string()
      .regex(
        /^(?:rediss?(?:-sentinel|-cluster)?:\/\/[^\s]+|unix:\/\/?\/?[^\s]+|\/[^\s]+)$/,
        "must be redis://HOST:PORT, rediss://HOST:PORT or unix:/PATH",
      )
      .optional()
      .describe("Redis or Valkey to use; without it DOTM keeps a store of its own in data_dir")
      .meta({ examples: ["redis://127.0.0.1:6379/0"] }),
    sentinel: z
      .strictObject({
        name: text.describe("What the sentinels call the master"),
        hosts: z.array(server).min(1, "needs one sentinel at least").describe("The sentinels, HOST:PORT each"),
        db: z.int().min(0).max(1_000_000).default(0).describe("Number of the database"),
        password_file: path
          .optional()
          .describe("File whose first line is the password of the sentinels, where they have one")
          .meta({ examples: ["/etc/dotm/sentinel.password"] }),
      })
      .optional()
      .describe("Sentinels that know the master, instead of url; ca_file switches TLS on")
      .meta({ examples: [{ name: "mymaster", hosts: ["redis1:26379", "redis2:26379", "redis3:26379"], db: 0 }] }),
    cluster: z
      .array(server)
      .min(1, "needs one node at least")
      .optional()
      .describe("Some nodes of a Redis Cluster, instead of url; ca_file switches TLS on")
      .meta({ examples: [["redis1:6379", "redis2:6379", "redis3:6379"]] }),
    username: text
      .optional()
      .describe("User name, where Redis has users")
      .meta({ examples: ["dotm"] }),
    password_file: path
      .optional()
      .describe("File whose first line is the password; readable by DOTM only")
      .meta({ examples: ["/etc/dotm/redis.password"] }),
    ca_file: path
      .optional()
      .describe("Certificate authority that signed the certificate of a rediss:// server")
      .meta({ examples: ["/etc/dotm/redis-ca.pem"] }),
  })
  .prefault({})
  .describe("Where the map is kept");

const web = z
  .strictObject({
    listen: listen.default("127.0.0.1:4880").describe("Address and port; anything but loopback needs `auth`"),
    cert_file: path
      .optional()
      .describe("Certificate for listen, with those that lead to its authority: pages are served over TLS then")
      .meta({ examples: ["/etc/dotm/web.crt"] }),
    key_file: path
      .optional()
      .describe("Key of cert_file; readable by DOTM only")
      .meta({ examples: ["/etc/dotm/web.key"] }),
    hsts: z
      .int()
      .min(0)
      .max(63_072_000)
      .default(86_400)
      .describe(
        "Seconds for which browsers shall come over TLS only, to any port of this name; 0 tells them nothing. For cert_file",
      ),
    base_path: z
      .string()
      .regex(/^\/(?:[\w.~-]+\/?)*$/, "must begin with / and hold plain words, for example /dotm/")
      .default("/")
      .describe("Path in front of all pages, where a reverse proxy serves DOTM below one"),
    hosts: z
      .array(
        z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*(?::\d{1,5})?$/, "must be a host name, with its port or without"),
      )
      .default([])
      .describe(
        "Names under which browsers reach DOTM, beside addresses, names without a domain, and this machine's own name",
      )
      .meta({ examples: [["dotm.example.com"]] }),
    frame_ancestors: z
      .array(
        z
          .string()
          .regex(/^(?:'self'|'none'|https?:\/\/[^\s/;,'"]+)$/, "must be an origin such as https://icinga.example.com"),
      )
      .default([])
      .describe("Origins beside our own that may show DOTM in a frame (Icinga Web, Thruk)")
      .meta({ examples: [["https://icinga.example.com"]] }),
    geo_database: path
      .optional()
      .describe(
        "City database in MaxMind's format (GeoLite2 City, DB-IP City Lite): where hosts of public addresses lie",
      )
      .meta({ examples: ["/var/lib/GeoIP/GeoLite2-City.mmdb"] }),
    cors_origins: z
      .array(z.string().regex(/^https?:\/\/[^\s/;,'"]+$/, "must be an origin such as https://nagios.example.com"))
      .default([])
      .describe("Origins whose scripts may read /api/v1: the pages of Nagios, for counts beside their rows")
      .meta({ examples: [["https://nagios.example.com"]] }),
  })
  .prefault({})
  .describe("Pages, pictures and JSON");

const agents = z
  .strictObject({
    auth: z
      .enum(["token", "none"])
      .default("token")
      .describe("Whether a report must bring its host's token; `none` believes anyone who can reach the port"),
    tokens_file: path
      .optional()
      .describe("Hashes of the agents' tokens; default: agent-tokens.json in data_dir")
      .meta({ examples: ["/var/lib/dotm/agent-tokens.json"] }),
    spool_dir: path
      .optional()
      .describe("Folder whose report files are taken in as they appear")
      .meta({ examples: ["/var/spool/dotm"] }),
    interval: z
      .int()
      .min(5)
      .max(86_400)
      .default(60)
      .describe("Seconds between two reports where a report does not say"),
    listen: listen
      .optional()
      .describe("Address and port that take reports over TLS, and nothing else; needs cert_file and key_file")
      .meta({ examples: ["0.0.0.0:4881"] }),
    cert_file: path
      .optional()
      .describe("Certificate for listen, with those that lead to its authority")
      .meta({ examples: ["/etc/dotm/agents.crt"] }),
    key_file: path
      .optional()
      .describe("Key of cert_file; readable by DOTM only")
      .meta({ examples: ["/etc/dotm/agents.key"] }),
    client_ca_file: path
      .optional()
      .describe("Authority whose certificate for a host stands in place of its token, at listen")
      .meta({ examples: ["/etc/dotm/agents-ca.crt"] }),
    client_crl_file: path
      .optional()
      .describe("List of certificates that client_ca_file revoked")
      .meta({ examples: ["/etc/dotm/agents-ca.crl"] }),
    pull: z
      .array(pullSchema)
      .default([])
      .describe("Hosts that are asked for their report, as often as the setting fetch_parameters says")
      .meta({ examples: [[{ host: "db01", type: "original", address: "10.0.0.20" }]] }),
  })
  .prefault({})
  .describe("Reports of the hosts' agents");

const topology = z
  .strictObject({
    dependencies: z
      .array(z.strictObject({ from: nodeId.describe("Who needs"), to: nodeId.describe("What is needed") }))
      .default([])
      .describe("Dependencies that no connection shows")
      .meta({ examples: [[{ from: "web01/php-fpm", to: "db01:3306" }]] }),
    exclude: z
      .array(excluded)
      .default([])
      .describe(
        "Services and processes, or `FROM -> TO`, that carry no trouble on; * at the end of a name stands for any",
      )
      .meta({ examples: [["mon01/nagios4", "backup01/* -> *"]] }),
    groups: z
      .array(
        z.strictObject({
          members: z
            .array(nodeId)
            .min(2, "needs two members at least")
            .describe("Services that stand in for each other"),
          operator: z
            .string()
            .regex(/^(?:worst|best|min [1-9]\d{0,3}|(?:100|[1-9]?\d)%)$/, "must be worst, best, `min N` or `N%`")
            .default("best")
            .describe("worst: all are needed; best: one is enough; `min N` or `N%`: that many are needed"),
        }),
      )
      .default([])
      .describe("Redundancy groups that differ from what DOTM finds by itself")
      .meta({ examples: [[{ members: ["app01:8080", "app02:8080", "app03:8080"], operator: "min 2" }]] }),
  })
  .prefault({})
  .describe("What is known of the site beyond what agents see");

const audit = z
  .strictObject({
    file: path
      .optional()
      .describe(
        "Where every change of settings, rules, tokens and hosts is written down; default: audit.log in data_dir",
      )
      .meta({ examples: ["/var/log/dotm/audit.log"] }),
  })
  .prefault({})
  .describe("The audit log: who changed what");

const log = z
  .strictObject({
    level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").describe("Lowest level written"),
    format: z
      .enum(["auto", "text", "json"])
      .default("auto")
      .describe("auto: text on a terminal and under systemd, else one JSON object a line"),
  })
  .prefault({})
  .describe("Log on standard error");

/** The whole file. */
export const configSchema = z.strictObject({
  data_dir: path
    .optional()
    .describe("Folder for everything DOTM keeps; default: $STATE_DIRECTORY, /var/lib/dotm or ~/.local/share/dotm")
    .meta({ examples: ["/var/lib/dotm"] }),
  roles: z
    .array(z.enum(ROLES))
    .min(1, "must name one at least")
    .default([...ROLES])
    .describe("What this process does: engine, collector, worker, web; several processes share the work through Redis"),
  redis,
  web,
  sources: z
    .array(sourceSchema)
    .default([])
    .describe("Who tells monitoring states")
    .meta({ examples: [[{ name: "nagios", type: "nagios", config: "/etc/nagios4/nagios.cfg" }]] }),
  agents,
  auth: authSchema,
  notify: notifySchema,
  history: z
    .strictObject({})
    .prefault({})
    .describe("Snapshots are tuned while DOTM runs, by the setting history: dotm settings set history interval 3600"),
  topology,
  audit,
  log,
});

/** A file's content after the check, defaults filled in. */
export type CheckedConfig = z.output<typeof configSchema>;

/** The part of JSON Schema that zod writes for us. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
}

/** The schema of what a person may write, as JSON Schema. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: "input" }) as JsonSchema;
}
