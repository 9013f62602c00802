import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProcessTable, parseCgroup, parseProcessStat } from "../../agent/process.ts";
import { FakeProc, statLine } from "./fake-proc.ts";

const ID = "3f4e0123456789abcdef0123456789abcdef0123456789abcdef0123456789ab";

describe("parseProcessStat", () => {
  it("finds name and start, whatever the name holds", () => {
    expect(parseProcessStat(statLine({ pid: 7, name: "nginx", started: 4711 }))).toEqual({
      name: "nginx",
      started: 4711,
      kernel: false,
    });
    expect(parseProcessStat(statLine({ pid: 7, name: "a) S 1 (b", started: 1 }))?.name).toBe("a) S 1 (b");
  });

  it("tells threads of the kernel", () => {
    expect(parseProcessStat(statLine({ pid: 2, name: "kthreadd" }, 2_129_984))?.kernel).toBe(true);
  });

  it("takes nothing from a text that is cut, and never throws", () => {
    expect(parseProcessStat("7 (nginx) S 1 1 1 0")).toBeUndefined();
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(parseProcessStat(text)).toBeUndefined();
      }),
    );
  });
});

describe("parseCgroup", () => {
  it.each([
    ["0::/system.slice/nginx.service", "nginx.service", null],
    ["12:pids:/\n1:name=systemd:/system.slice/mariadb.service\n0::/", "mariadb.service", null],
    ["0::/system.slice/system-postgresql.slice/postgresql@15-main.service", "postgresql@15-main.service", null],
    ["0::/user.slice/user-1000.slice/user@1000.service/app.slice/shop.service", "shop.service", null],
    ["0::/user.slice/user-1000.slice/session-3.scope", null, null],
    ["0::/user.slice/user-1000.slice/user@1000.service/init.scope", null, null],
    [`0::/system.slice/docker-${ID}.scope`, null, "3f4e01234567"],
    [`5:cpu:/docker/${ID}\n1:name=systemd:/docker/${ID}`, null, "3f4e01234567"],
    [
      `0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod1.slice/cri-containerd-${ID}.scope`,
      null,
      "3f4e01234567",
    ],
    [`0::/system.slice/containerd.service/kubepods-pod1.slice:cri-containerd:${ID}`, null, "3f4e01234567"],
    [`0::/kubepods/burstable/pod1/${ID}`, null, "3f4e01234567"],
    [`0::/machine.slice/libpod-${ID}.scope/container`, null, "3f4e01234567"],
    [`0::/machine.slice/libpod-conmon-${ID}.scope`, null, null],
    ["0::/lxc.payload.web/system.slice/nginx.service", "nginx.service", "web"],
    ["4:memory:/lxc/web\n1:name=systemd:/lxc/web/system.slice/cron.service", "cron.service", "web"],
    ["0::/lxc.monitor.web", null, null],
    ["0::/machine.slice/machine-shop\\x2ddb.scope/payload/system.slice/mysql.service", "mysql.service", "shop-db"],
    ["0::/machine.slice/systemd-nspawn@db.service/payload/system.slice/mysql.service", "mysql.service", "db"],
    ["0::/", null, null],
    ["", null, null],
  ])("%s", (text, unit, container) => {
    expect(parseCgroup(text)).toEqual({ unit, container });
  });
});

describe("ProcessTable", () => {
  it("reads the place of a process once, and again after it has become another program", () => {
    const proc = new FakeProc([{ pid: 9, name: "(nginx)", cgroup: "0::/init.scope" }]);
    const table = new ProcessTable(proc);
    table.refresh();
    expect(table.get(9)?.unit).toBeNull();
    proc.processes = [{ pid: 9, name: "nginx", cgroup: "0::/system.slice/nginx.service" }];
    table.refresh();
    expect(table.get(9)).toMatchObject({ name: "nginx", unit: "nginx.service" });
    proc.processes = [];
    table.refresh();
    expect(table.get(9)).toBeUndefined();
  });
});
