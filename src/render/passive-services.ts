/** The passive services that take DOTM's results: one of each kind for every host, stale by themselves when DOTM is silent. */
import { OWN_CHECKS } from "../model/own-checks.ts";
import { exportHead } from "./export-notes.ts";
import { quoted } from "./icinga2-text.ts";
import { isNagiosName } from "./nagios-names.ts";

/** What the services are made for. */
export interface PassiveSites {
  /** Names as the monitoring has them, in order. */
  readonly hosts: readonly string[];
  /** Seconds without a result after which a service is stale. */
  readonly ttl: number;
}

const NAMES = Object.values(OWN_CHECKS);

const NAGIOS_HOW = [
  "Name it as cfg_file in nagios.cfg, check with: nagios4 -v nagios.cfg",
  "DOTM writes results as soon as it is told of these services: notify.targets in dotm.yaml. Nagios needs",
  "check_external_commands=1, check_service_freshness=1 and the plugin check_dummy in the folder of $USER1$.",
];

/** For Nagios, Naemon and Icinga 1. */
export function nagiosPassiveServices({ hosts, ttl }: PassiveSites): string {
  const fit = hosts.filter(isNagiosName);
  const left = hosts
    .filter((host) => !isNagiosName(host))
    .map((host) => `Nagios cannot read the name ${JSON.stringify(host)}`);
  const head = `
define command {
    command_name  dotm-silent
    command_line  $USER1$/check_dummy 3 "DOTM has told nothing for ${ttl} s"
}

define timeperiod {
    timeperiod_name  dotm-always
    alias            Always
    sunday           00:00-24:00
    monday           00:00-24:00
    tuesday          00:00-24:00
    wednesday        00:00-24:00
    thursday         00:00-24:00
    friday           00:00-24:00
    saturday         00:00-24:00
}

define service {
    name                    dotm-passive
    register                0
    check_command           dotm-silent
    active_checks_enabled   0
    passive_checks_enabled  1
    check_freshness         1
    freshness_threshold     ${ttl}
    check_period            dotm-always
    check_interval          1
    retry_interval          1
    max_check_attempts      1
    is_volatile             0
    flap_detection_enabled  0
    notifications_enabled   0
}
`;
  const services = fit.flatMap((host) =>
    NAMES.map(
      (name) => `
define service {
    use                     dotm-passive
    host_name               ${host}
    service_description     ${name}
}
`,
    ),
  );
  return `${exportHead("nagios-services", NAGIOS_HOW, left, "#")}${head}${services.join("")}`;
}

const ICINGA_HOW = [
  "Include it in icinga2.conf, check with: icinga2 daemon -C",
  "DOTM writes results as soon as it is told of these services: notify.targets in dotm.yaml, with an ApiUser that has the",
  "permission actions/process-check-result.",
];

/** For Icinga 2: its own check runs only when a result was not followed by another within its time to live. */
export function icinga2PassiveServices({ hosts, ttl }: PassiveSites): string {
  const template = `
template Service "dotm-passive" {
  check_command = "dummy"
  check_interval = ${ttl}s
  retry_interval = ${ttl}s
  max_check_attempts = 1
  enable_flapping = false
  enable_notifications = false
  vars.dummy_state = 3
  vars.dummy_text = "DOTM has told nothing for ${ttl} s"
}
`;
  const services = hosts.flatMap((host) =>
    NAMES.map(
      (name) => `
object Service ${quoted(name)} {
  import "dotm-passive"
  host_name = ${quoted(host)}
}
`,
    ),
  );
  return `${exportHead("icinga2-services", ICINGA_HOW, [], "//")}${template}${services.join("")}`;
}
