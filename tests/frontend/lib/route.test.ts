/* Direct or relayed, as the browser's figures tell. */
import { expect, test } from "vitest";
import { routeOf } from "../../../frontend/lib/route.ts";

type Figure = { id: string; type: string } & Record<string, unknown>;

function connection(...figures: Figure[]): RTCPeerConnection {
  const stats = new Map(figures.map((figure) => [figure.id, figure]));
  return { getStats: () => Promise.resolve(stats) } as unknown as RTCPeerConnection;
}

const candidate = (id: string, candidateType: string, more = {}): Figure => ({
  id,
  type: id.startsWith("l") ? "local-candidate" : "remote-candidate",
  candidateType,
  protocol: "udp",
  ...more,
});
const pair = (more = {}): Figure => ({
  id: "p1",
  type: "candidate-pair",
  localCandidateId: "l1",
  remoteCandidateId: "r1",
  ...more,
});
const transport = { id: "t", type: "transport", selectedCandidatePairId: "p1", tlsVersion: "FEFD" };

test.each([
  ["host", "host", "direct"],
  ["srflx", "prflx", "direct"],
  ["relay", "host", "relayed"],
  ["host", "relay", "relayed"],
])("%s to %s is %s", async (own, theirs, mode) => {
  const route = await routeOf(
    connection(transport, pair(), candidate("l1", own), candidate("r1", theirs)),
  );

  expect(route).toMatchObject({ mode, own, theirs, protocol: "udp", tls: "FEFD" });
});

test("a relay's own protocol counts: that is what the network sees", async () => {
  const own = candidate("l1", "relay", { relayProtocol: "tcp" });
  const route = await routeOf(connection(transport, pair(), own, candidate("r1", "host")));

  expect(route?.protocol).toBe("tcp");
});

test("where the transport names no pair, the nominated one counts", async () => {
  const others = [candidate("l1", "host"), candidate("r1", "host")];
  const chosen = pair({ state: "succeeded", nominated: true });

  expect((await routeOf(connection(chosen, ...others)))?.mode).toBe("direct");
  expect(await routeOf(connection(pair({ state: "waiting" }), ...others))).toBeNull();
  expect(await routeOf(connection())).toBeNull();
});
