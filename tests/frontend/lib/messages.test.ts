/* The examples that both ends of the wire read: tests/realtime/messages/. */
/// <reference types="vite/client" />
import { expect, test } from "vitest";
import { plainCandidate } from "../../../frontend/lib/descriptions.ts";
import type { ClientFrame } from "../../../frontend/lib/protocol.ts";
import { parseServerFrame } from "../../../frontend/lib/protocol.ts";

interface Example {
  direction: "client" | "server";
  frame: { type: string } & Record<string, unknown>;
}

const files = import.meta.glob<Example>("../../realtime/messages/*.json", {
  eager: true,
  import: "default",
});
const examples = Object.entries(files).map(([path, example]) => ({
  name: path.split("/").at(-1),
  ...example,
}));
const fromServer = examples.filter(({ direction }) => direction === "server");
const fromClient = examples.filter(({ direction }) => direction === "client");

test.each(fromServer)("$name is understood", ({ frame }) => {
  expect(parseServerFrame(JSON.stringify(frame))).toEqual(frame);
});

test("there is an example of every type in both directions", () => {
  expect([...new Set(fromServer.map(({ frame }) => frame.type))].sort()).toEqual([
    "call.accepted",
    "call.changed",
    "call.ended",
    "call.ringing",
    "check.changed",
    "delivery.changed",
    "error",
    "guest.arrived",
    "guest.cancelled",
    "hello",
    "participant.joined",
    "pong",
    "presence.changed",
    "signal.relayed",
    "visit.changed",
    "visit.relayed",
  ]);
  expect([...new Set(fromClient.map(({ frame }) => frame.type))].sort()).toEqual([
    "call.join",
    "ping",
    "signal.relay",
    "visit.relay",
  ]);
});

test.each([
  ["no JSON", "{"],
  ["an unknown type", '{"type":"chat.said","seq":1}'],
  ["a type from the prototype", '{"type":"constructor"}'],
  ["a missing number", '{"type":"hello","epoch":"a"}'],
  [
    "a call without people",
    '{"type":"call.ended","seq":1,"call":{"code":"a","me":"b","state":"ended"}}',
  ],
  ["a list", "[]"],
])("%s is not understood", (_what, text) => {
  expect(parseServerFrame(text)).toBeNull();
});

test("what the page sends looks like the examples", () => {
  const call = "callcall2345";
  const to = "gastgast2345";
  const ice = plainCandidate({
    candidate: "candidate:1",
    sdpMid: "0",
    sdpMLineIndex: 0,
    usernameFragment: "Xy1z",
    foundation: "not for the wire",
  } as unknown as RTCIceCandidate);
  const sent: ClientFrame[] = [
    { type: "ping", seq: 7 },
    { type: "call.join", call },
    { type: "signal.relay", call, to, description: { type: "offer", sdp: "v=0" } },
    { type: "signal.relay", call, to, candidate: ice },
    { type: "signal.relay", call, to, candidate: null },
    {
      type: "visit.relay",
      guest: to,
      envelope: { kind: "greeting", page: to, to: null, key: "B" },
    },
    {
      type: "visit.relay",
      guest: to,
      envelope: { kind: "sealed", page: to, to: call, number: 1, body: "q83v" },
    },
  ];

  expect(sent.map(shape).sort()).toEqual(fromClient.map(({ frame }) => shape(frame)).sort());
});

/** The names of all fields, nested ones too. */
function shape(value: unknown): string {
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return JSON.stringify(
    Object.entries(value)
      .map(([name, inner]) => [name, shape(inner)])
      .sort(),
  );
}
