/** A site for exports: a chain over something nobody checks, a group, a cycle, and names that are meant ill. */
import type { HostGraph } from "../../src/model/host-graph.ts";
import { siteGraphs } from "./picture.ts";

/** Names that mean something to one language or another. */
export const ODD = 'Füll/Disk C:\\ + 50 #1 "x" & | %';
export const WORSE = "a;b,c\nobject Host d {}\\";

/** Graphs whose checks stand at their services. */
export function needsSite(): Map<string, HostGraph> {
  const member = { group: "3306 mysqld" };
  const quorum = { group: "6379 redis", quorum: 2 };
  return siteGraphs({
    hosts: {
      lb01: { services: ["443 haproxy"] },
      web01: { services: ["80 nginx"], processes: ["php-fpm"] },
      // Nobody checks it.
      app01: { services: ["8080 java"] },
      db01: { services: ["3306 mysqld"] },
      db02: { services: ["3306 mysqld"] },
      red01: { services: ["6379 redis"] },
      red02: { services: ["6379 redis"] },
      red03: { services: ["6379 redis"] },
      "odd host": { services: ["1 odd", "2 worse"] },
      ring01: { services: ["7 ring"] },
      ring02: { services: ["7 ring"] },
    },
    needs: [
      ["lb01/haproxy", "web01:80"],
      ["web01/nginx", "web01/php-fpm", "both", { over: "/run/php.sock" }],
      ["web01/php-fpm", "app01:8080"],
      ["app01/java", "db01:3306", "both", member],
      ["app01/java", "db02:3306", "both", member],
      ["app01/java", "odd host:1"],
      ["web01/nginx", "red01:6379", "both", quorum],
      ["web01/nginx", "red02:6379", "both", quorum],
      ["web01/nginx", "red03:6379", "both", quorum],
      ["odd host/worse", "db01:3306"],
      ["ring01/ring", "ring02:7", "both"],
      ["ring02/ring", "ring01:7", "one"],
      // Long gone.
      ["lb01/haproxy", "db01:3306", "remembered"],
    ],
    states: {
      "lb01:443": { state: "OK", checks: ["HTTPS"] },
      "web01:80": { state: "OK", checks: ["HTTP", "Certificate"] },
      "db01:3306": { state: "OK", checks: ["MySQL"] },
      "db02:3306": { state: "OK", checks: ["MySQL"] },
      "red01:6379": { state: "OK", checks: ["Redis"] },
      "red02:6379": { state: "OK", checks: ["Redis"] },
      "red03:6379": { state: "OK", checks: ["Redis"] },
      "odd host:1": { state: "OK", checks: [ODD] },
      "odd host:2": { state: "OK", checks: [WORSE] },
      "ring01:7": { state: "OK", checks: ["Ring"] },
      "ring02:7": { state: "OK", checks: ["Ring"] },
    },
  });
}
