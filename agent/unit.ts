/** The systemd unit of the agent, with the least rights of each level. */

/** 0: no capability, no process names. 1: process names. 2: root with the kernel's trace events. */
export type Level = 0 | 1 | 2;

/** What a unit is written from. */
export interface UnitPlan {
  readonly level: Level;
  /** Full command line, word by word. */
  readonly command: readonly string[];
  /** File with the token of this host; undefined where there is none. */
  readonly tokenFile: string | undefined;
  /** File with the key of its certificate; undefined where there is none. */
  readonly keyFile: string | undefined;
}

/** What differs by level: who it is, and what it may. */
const RIGHTS: Readonly<Record<Level, readonly string[]>> = {
  0: ["DynamicUser=yes", "CapabilityBoundingSet=", "AmbientCapabilities=", "NoNewPrivileges=yes"],
  1: [
    "DynamicUser=yes",
    "# whose a socket is; the two together also open files of other users, hence the paths below",
    "CapabilityBoundingSet=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH",
    "AmbientCapabilities=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH",
    "NoNewPrivileges=yes",
  ],
  2: [
    "User=root",
    "# CAP_SYS_ADMIN to mount tracefs and to ask for Unix sockets in other network namespaces",
    "CapabilityBoundingSet=CAP_SYS_PTRACE CAP_DAC_READ_SEARCH CAP_SYS_ADMIN",
    "NoNewPrivileges=yes",
    "RuntimeDirectory=dotm-agent",
    "RuntimeDirectoryMode=0700",
  ],
};

/** Kernel settings stay read-only where no trace events are asked for; mounts and namespaces are for level 2 only. */
const FENCE: Readonly<Record<Level, readonly string[]>> = {
  0: ["ProtectKernelTunables=yes", "RestrictNamespaces=yes", ...systemCalls("@mount")],
  1: ["ProtectKernelTunables=yes", "RestrictNamespaces=yes", ...systemCalls("@mount")],
  2: ["ProtectKernelTunables=no", "RestrictNamespaces=net", ...systemCalls(), "SystemCallFilter=@mount"],
};

function systemCalls(...refused: readonly string[]): string[] {
  const groups = ["@privileged", "@resources", ...refused, "@debug", "@cpu-emulation", "@obsolete"];
  const never = ["@reboot", "@swap", "@raw-io", "@module", "@clock"];
  return [
    "SystemCallFilter=@system-service",
    "SystemCallErrorNumber=EPERM",
    `SystemCallFilter=~${[...groups, ...never].join(" ")}`,
  ];
}

/** Text of dotm-agent.service. */
export function unitText({ level, command, tokenFile, keyFile }: UnitPlan): string {
  const credentials = [
    ...(tokenFile === undefined ? [] : [`LoadCredential=token:${tokenFile}`]),
    ...(keyFile === undefined ? [] : [`LoadCredential=key:${keyFile}`]),
  ];
  return `# Written by dotm-agent install --level ${level}.
[Unit]
Description=DOTM agent
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
ExecStart=${command.map(quoted).join(" ")}
${[...RIGHTS[level], ...credentials].join("\n")}
StateDirectory=dotm-agent
StateDirectoryMode=0700
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
# It must stay in the host's namespaces: PrivateNetwork would hide the sockets, PrivateUsers void the capabilities,
# ProtectProc and ProcSubset hide foreign processes and /proc/net. V8 does not run with MemoryDenyWriteExecute.
PrivateNetwork=no
PrivateUsers=no
ProtectProc=default
ProcSubset=all
InaccessiblePaths=-/etc/shadow -/etc/gshadow -/etc/ssh -/root -/home
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateMounts=yes
${FENCE[level].join("\n")}
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
KeyringMode=private
UMask=0077
SystemCallArchitectures=native
MemoryMax=128M
TasksMax=64
CPUQuota=25%
Nice=10
Restart=always
RestartSec=5
RestartPreventExitStatus=2

[Install]
WantedBy=multi-user.target
`;
}

/** A word of a command line as systemd reads it: `%` and `$` mean something there. */
function quoted(word: string): string {
  const escaped = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped.replaceAll(/["\\]/g, "\\$&")}"`;
}
