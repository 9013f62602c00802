/** The checked configuration as everybody is handed it. */
import type { Role } from "./role.ts";
import type { Secret } from "./secret.ts";

/** Everything `dotm.yaml` says, checked, with defaults; all paths absolute, all times in seconds. */
export interface Config {
  /** Folder for everything DOTM keeps. */
  readonly dataDir: string;
  /** What this process does; each once. */
  readonly roles: readonly Role[];
  readonly redis: RedisConfig;
  readonly web: WebConfig;
  readonly sources: readonly SourceConfig[];
  readonly agents: AgentsConfig;
  readonly auth: AuthConfig;
  readonly topology: TopologyConfig;
  readonly notify: NotifyConfig;
  readonly audit: {
    /** One JSON object a line. */
    readonly file: string;
  };
  readonly log: {
    readonly level: "debug" | "info" | "warn" | "error" | "silent";
    readonly format: "auto" | "text" | "json";
  };
}

/** Who may look and who may write. */
export interface AuthConfig {
  /** `everybody` also where nothing was said: then only loopback is served. */
  readonly read: "known" | "everybody";
  /** What somebody at this machine may do; null: no more than a stranger. */
  readonly loopback: "viewer" | "editor" | "admin" | null;
  readonly tokensFile: string;
  readonly htpasswd: HtpasswdConfig | null;
  /** Who sees only the hosts of some host groups by name. */
  readonly restrict: readonly { readonly who: readonly string[]; readonly hostGroups: readonly string[] }[];
  readonly proxy: ProxyConfig | null;
}

/** People who log in with a name and a password. */
export interface HtpasswdConfig {
  readonly file: string;
  /** Users. */
  readonly editors: readonly string[];
  readonly admins: readonly string[];
}

/** A reverse proxy that tells who asks. */
export interface ProxyConfig {
  /** Addresses and networks. */
  readonly addresses: readonly string[];
  readonly secret: Secret | null;
  /** Names of headers, lower case; null: it names no groups. */
  readonly userHeader: string;
  readonly groupsHeader: string | null;
  /** Users, and groups as `@NAME`. */
  readonly editors: readonly string[];
  readonly admins: readonly string[];
}

/** Where the map is kept. */
export interface RedisConfig {
  /**
   * `redis://`, `rediss://`, `unix:/PATH`, a path, `redis-sentinel://HOST:PORT,…/NAME` or `redis-cluster://HOST:PORT,…`;
   * null for a store of our own in `dataDir`.
   */
  readonly url: string | null;
  readonly username: string | null;
  readonly password: Secret | null;
  /** Password of the sentinels themselves. */
  readonly sentinelPassword: Secret | null;
  /** Certificate authority of a `rediss://` server, or null for the system's. */
  readonly caFile: string | null;
}

/** Files (PEM) that a port speaks TLS with. */
export interface TlsConfig {
  readonly certFile: string;
  readonly keyFile: string;
  /** Authority of clients' certificates, and its list of revoked ones; null: no client is asked for one. */
  readonly clientCaFile: string | null;
  readonly clientCrlFile: string | null;
}

/** The HTTP side. */
export interface WebConfig {
  readonly listen: { readonly host: string; readonly port: number };
  /** Null: plain HTTP. */
  readonly tls: TlsConfig | null;
  /** Seconds for which browsers shall come over TLS only; 0: they are told nothing. */
  readonly hsts: number;
  /** Names beside this machine's own, some with their port. */
  readonly hosts: readonly string[];
  /** Begins and ends with `/`. */
  readonly basePath: string;
  /** Origins beside our own that may frame us. */
  readonly frameAncestors: readonly string[];
  /** Origins whose scripts may read the API. */
  readonly corsOrigins: readonly string[];
  /** File that says where addresses lie; null for none. */
  readonly geoDatabase: string | null;
}

/** What every source has. */
interface NamedSource {
  readonly name: string;
  /** Its hosts are called `SITE!HOST`; null: as the source calls them. */
  readonly site: string | null;
}

/** The files of a Nagios, Naemon or Icinga, each named. */
export interface StatusFileConfig extends NamedSource {
  readonly type: "status-file";
  readonly statusFile: string;
  readonly objectsFile: string;
  /** Seconds between two writes of the file. */
  readonly updateInterval: number;
  /** Seconds of one unit of `check_interval`. */
  readonly intervalLength: number;
  /** nagios.log; null: no log is followed. */
  readonly logFile: string | null;
  /** Pipe into which event handlers write; null: none. */
  readonly eventPipe: string | null;
}

/** The files of a Nagios or Naemon, found through its nagios.cfg. */
export interface NagiosConfig extends NamedSource {
  readonly type: "nagios";
  readonly config: string;
  /** Pipe into which event handlers write; null: none. */
  readonly eventPipe: string | null;
}

/** The API of an Icinga 2. */
export interface Icinga2Config extends NamedSource {
  readonly type: "icinga2";
  readonly url: string;
  readonly user: string | null;
  readonly password: Secret | null;
  readonly caFile: string | null;
  readonly servername: string | null;
  readonly certFile: string | null;
  readonly keyFile: string | null;
  readonly queue: string;
}

/** The CGIs of a Nagios 4 or Icinga 1 on some web server. */
export interface CgiConfig extends NamedSource {
  readonly type: "cgi";
  /** The folder of the CGIs. */
  readonly url: string;
  readonly format: "auto" | "nagios" | "classic";
  /** Basic authentication where both are there. */
  readonly user: string | null;
  readonly password: Secret | null;
  /** Certificate authority of an `https` server, or null for the system's. */
  readonly caFile: string | null;
  readonly interval: number;
  /** Name of the zone of a classic server's dates, or null for that of this machine. */
  readonly timezone: string | null;
}

/** A server that is asked over Livestatus. */
export interface LivestatusConfig extends NamedSource {
  readonly type: "livestatus";
  readonly place: LivestatusPlace;
  /** Seconds between two questions for what changed. */
  readonly interval: number;
  /** Seconds between two questions for everything. */
  readonly resync: number;
  /** Seconds an answer may take. */
  readonly timeout: number;
}

/** Where a Livestatus server is. */
export type LivestatusPlace =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls: LivestatusTls | null };

/** How a connection to it is encrypted. */
export interface LivestatusTls {
  /** File of the authority that signed its certificate; null: those the system trusts. */
  readonly caFile: string | null;
  /** Name in the certificate; null: the host connected to. */
  readonly servername: string | null;
}

/** A host that is asked for its report. */
export type PullConfig = PullPlace &
  (
    | { readonly type: "agent"; readonly tokenFile: string | null; readonly caFile: string | null }
    | { readonly type: "original" }
    | {
        readonly type: "ssh";
        /** Null: as the setting `fetch_parameters` says. */
        readonly user: string | null;
        readonly identityFile: string | null;
        readonly knownHostsFile: string | null;
      }
  );

/** Where a host is asked. */
interface PullPlace {
  /** Name in the monitoring. */
  readonly host: string;
  /** Name or IP address. */
  readonly address: string;
  readonly port: number;
}
/** What others send by HTTP. */
export interface PushConfig extends NamedSource {
  readonly type: "push";
  /** What a pusher must bring; null: only programs on this machine may push. */
  readonly token: Secret | null;
  /** Seconds without a word after which what was pushed counts as stale. */
  readonly staleAfter: number;
}

/** One monitoring source. */
export type SourceConfig = StatusFileConfig | NagiosConfig | Icinga2Config | LivestatusConfig | CgiConfig | PushConfig;

/** How agents' reports come in. */
export interface AgentsConfig {
  readonly auth: "token" | "none";
  readonly tokensFile: string;
  /** Folder of report files, or null. */
  readonly spoolDir: string | null;
  readonly interval: number;
  /** Where reports are taken over TLS, and nothing else; null: nowhere. */
  readonly listen: (TlsConfig & { readonly host: string; readonly port: number }) | null;
  /** Hosts that are asked; each once. */
  readonly pull: readonly PullConfig[];
}

/** How many members of a redundancy group must be left. */
export type GroupOperator =
  | { readonly kind: "worst" }
  | { readonly kind: "best" }
  | { readonly kind: "min"; readonly count: number }
  | { readonly kind: "percent"; readonly percent: number };

/** What is known of the site beyond what agents see; ids as `src/model/ids.ts` makes them. */
export interface TopologyConfig {
  readonly dependencies: readonly { readonly from: string; readonly to: string }[];
  /** Ids or `FROM -> TO`, either with `*` at the end. */
  readonly exclude: readonly string[];
  readonly groups: readonly { readonly members: readonly string[]; readonly operator: GroupOperator }[];
}

/** Where DOTM's own results go, and who is told of problems. */
export interface NotifyConfig {
  /** Address of the pages for people, ending in `/`; empty: no links. */
  readonly base: string;
  /** The host whose check also tells alarms that belong to no host; null: they are told nowhere. */
  readonly host: string | null;
  readonly interval: number;
  readonly ttl: number;
  readonly targets: readonly NotifyTarget[];
}

/** A monitoring that takes results of checks. */
interface NotifiedMonitoring {
  readonly name: string;
  /** Only its hosts, by their names there; null: those of no site. */
  readonly site: string | null;
}

/** One target. */
export type NotifyTarget =
  | (NotifiedMonitoring & { readonly type: "nagios"; readonly commandFile: string })
  | (NotifiedMonitoring & {
      readonly type: "nrdp";
      readonly url: string;
      readonly token: Secret;
      readonly caFile: string | null;
    })
  | (NotifiedMonitoring & {
      readonly type: "nsca";
      readonly host: string;
      readonly port: number;
      readonly command: string;
      readonly configFile: string | null;
    })
  | (NotifiedMonitoring &
      Pick<Icinga2Config, "url" | "user" | "password" | "caFile" | "servername" | "certFile" | "keyFile"> & {
        readonly type: "icinga2";
      })
  | {
      readonly name: string;
      readonly type: "webhook";
      readonly url: string;
      readonly token: Secret | null;
      readonly caFile: string | null;
    };
