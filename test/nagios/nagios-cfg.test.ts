import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readNagiosCfg } from "../../nagios/nagios-cfg.ts";

it("finds the files of a real configuration", () => {
  const text = readFileSync(new URL("../fixtures/status/nagios-4.4.6-nagios.cfg", import.meta.url), "utf8");
  expect(readNagiosCfg(text, "/etc/nagios4")).toEqual({
    statusFile: "/srv/lab-site/nagios/var/status.dat",
    objectCacheFile: "/srv/lab-site/nagios/var/objects.cache",
    logFile: "/srv/lab-site/nagios/var/nagios.log",
    logArchivePath: "/srv/lab-site/nagios/var/archives",
    commandFile: "/srv/lab-site/nagios/var/rw/nagios.cmd",
    statusUpdateInterval: 5,
    intervalLength: 1,
  });
});

it("takes relative paths from the folder, skips comments, and lets later lines win", () => {
  const text =
    "# status_file=/no\r\n status_file = ../var/./status.dat \r\nlog_file=old.log\nlog_file=new=.log\nstatus_update_interval=0\n\nnonsense";
  expect(readNagiosCfg(text, "/opt/nagios/etc")).toMatchObject({
    statusFile: "/opt/nagios/var/status.dat",
    logFile: "/opt/nagios/etc/new=.log",
    objectCacheFile: null,
    statusUpdateInterval: 60,
    intervalLength: 60,
  });
});
