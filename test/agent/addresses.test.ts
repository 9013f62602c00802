import type { NetworkInterfaceInfo } from "node:os";
import { describe, expect, it } from "vitest";
import { ownAddresses } from "../../agent/addresses.ts";

function at(address: string, internal = false): NetworkInterfaceInfo {
  const mac = "00:00:00:00:00:00";
  return address.includes(":")
    ? { address, internal, mac, netmask: "", cidr: null, family: "IPv6", scopeid: 0 }
    : { address, internal, mac, netmask: "", cidr: null, family: "IPv4" };
}

describe("ownAddresses", () => {
  it("names what others can reach, each address once", () => {
    const interfaces = {
      lo: [at("127.0.0.1", true), at("::1", true)],
      eth0: [at("10.0.0.11"), at("2001:db8::11"), at("fe80::1")],
      "eth0:1": [at("10.0.0.99"), at("10.0.0.11")],
      bond0: [at("169.254.3.4"), at("192.0.2.5")],
    };
    expect(ownAddresses(interfaces)).toEqual(["10.0.0.11", "2001:db8::11", "10.0.0.99", "192.0.2.5"]);
  });

  it("leaves bridges of containers and virtual machines out, and keeps bridges of the network", () => {
    const inner = [
      "docker0",
      "br-0123456789ab",
      "veth12ab",
      "cni0",
      "virbr0",
      "flannel.1",
      "cali0123",
      "lxdbr0",
      "podman1",
    ];
    expect(ownAddresses(Object.fromEntries(inner.map((name) => [name, [at("172.17.0.1")]])))).toEqual([]);
    expect(ownAddresses({ br0: [at("10.0.0.1")], "br-lan": [at("10.0.0.2")], vmbr0: [at("10.0.0.3")] })).toHaveLength(
      3,
    );
  });
});
