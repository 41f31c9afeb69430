import { expect, test } from "vitest";
import { LocalMedia } from "../../../frontend/lib/media.ts";
import type { Participant, Signal } from "../../../frontend/lib/protocol.ts";
import { Room } from "../../../frontend/lib/room.ts";
import { active, callState, DOCTOR, PATIENT } from "../fakes/calls.ts";
import { FakeClock, settle } from "../fakes/clock.ts";
import { FakeConnection } from "../fakes/connection.ts";
import { createStream, environment } from "../fakes/media.ts";

/** Sound, picture, and a shared screen; more would be spare ones of a crossed offer. */
const SEATS = 3;
const RELATIVE = "beisitz23456";
const NAMES: Record<string, Participant["role"]> = {
  [DOCTOR]: "professional",
  [PATIENT]: "patient",
  [RELATIVE]: "relative",
};

function people(codes: string[]): Participant[] {
  return codes.map((code) => ({
    code,
    name: code,
    other_name: "",
    mode: "",
    role: NAMES[code] ?? "relative",
    joined: true,
  }));
}

/** Rooms that reach each other, as the server would pass their signals on. */
class Net {
  readonly rooms = new Map<string, Seat>();
  members: string[];

  constructor(members: string[]) {
    this.members = members;
    for (const code of members) this.rooms.set(code, new Seat(this, code));
  }

  seat(code: string): Seat {
    const seat = this.rooms.get(code);
    if (seat === undefined) throw new Error(`nobody sits at ${code}`);
    return seat;
  }

  /** The server's news that the people of the call are others now. */
  change(members: string[]): void {
    this.members = members;
    for (const code of members) this.seat(code).room.renew(this.call(code));
  }

  call(me: string): ReturnType<typeof callState> {
    return callState({ ...active, me, participants: people(this.members) });
  }

  pass(from: string, to: string, signal: Signal): void {
    if (!this.members.includes(from) || !this.members.includes(to)) return;
    void this.seat(to).room.receive(from, signal);
  }

  /** Everybody sees everybody. */
  isWhole(): boolean {
    return this.members.every((one) =>
      this.members.every((other) => one === other || this.seat(one).sees(this.seat(other))),
    );
  }
}

class Seat {
  readonly room: Room;
  readonly code: string;
  readonly connections: FakeConnection[] = [];
  left = 0;

  constructor(net: Net, code: string) {
    this.code = code;
    const media = new LocalMedia(environment({}));
    this.room = new Room(
      {
        connect: () => {
          const connection = new FakeConnection();
          this.connections.push(connection);
          return connection as unknown as RTCPeerConnection;
        },
        own: {},
        createStream,
        clock: new FakeClock(),
        track: (device) => media.track(device),
        states: () => media.states,
        silenced: () => undefined,
        tellMode: () => undefined,
        relay: (_call, to, signal) => {
          net.pass(code, to, signal);
          return true;
        },
        changed: () => undefined,
        left: () => {
          this.left += 1;
        },
        words: { meet: () => undefined, hear: () => undefined, receive: () => undefined },
      },
      net.call(code),
    );
  }

  connectionTo(other: string): FakeConnection | undefined {
    const peer = this.room.members.find(([code]) => code === other)?.[1];
    return peer?.connection as unknown as FakeConnection | undefined;
  }

  sees(other: Seat): boolean {
    const mine = this.connectionTo(other.code);
    const theirs = other.connectionTo(this.code);
    return (
      mine !== undefined &&
      theirs !== undefined &&
      mine.signalingState === "stable" &&
      mine.remoteDescription?.sdp?.includes(` ${theirs.session} `) === true &&
      mine.getTransceivers().every(({ direction }) => direction === "sendrecv") &&
      mine.getTransceivers().length === SEATS
    );
  }

  /** They hang up: their page says so to each of the others. */
  hears(from: string): void {
    this.connectionTo(from)?.channel.onmessage?.({ data: JSON.stringify({ type: "bye" }) });
  }
}

/** Doctor and patient are talking. */
async function two(net: Net): Promise<void> {
  net.members = [DOCTOR, PATIENT];
  await net.seat(PATIENT).room.start(net.call(PATIENT));
  await net.seat(DOCTOR).room.rejoin(net.call(DOCTOR));
  await settle();
}

async function three(): Promise<Net> {
  const net = new Net([DOCTOR, PATIENT, RELATIVE]);
  await two(net);
  net.change([DOCTOR, PATIENT, RELATIVE]);
  await net.seat(RELATIVE).room.rejoin(net.call(RELATIVE));
  for (let round = 0; round < 3; round += 1) await settle();
  return net;
}

test("whoever is let in offers to all, and everybody sees everybody", async () => {
  const net = await three();

  expect(net.isWhole()).toBe(true);
  expect(net.seat(DOCTOR).connections.length).toBeGreaterThanOrEqual(2);
  expect(net.seat(DOCTOR).room.members.map(([code]) => code)).toEqual([PATIENT, RELATIVE]);
});

test("the pair that was there before keeps its connection", async () => {
  const net = new Net([DOCTOR, PATIENT, RELATIVE]);
  await two(net);
  const before = net.seat(DOCTOR).connectionTo(PATIENT);

  net.change([DOCTOR, PATIENT, RELATIVE]);
  await net.seat(RELATIVE).room.rejoin(net.call(RELATIVE));
  await settle();

  expect(net.seat(DOCTOR).connectionTo(PATIENT)).toBe(before);
  expect(before?.closed).toBe(false);
});

test("two guests who offer to each other at once agree who gives way", async () => {
  const net = await three();

  // Both reload in the same moment: two offers cross, and none of the two is the professional.
  void net.seat(PATIENT).room.rejoin(net.call(PATIENT));
  void net.seat(RELATIVE).room.rejoin(net.call(RELATIVE));
  for (let round = 0; round < 5; round += 1) await settle();

  expect(net.isWhole()).toBe(true);
});

test("who was removed is cut off, and the others go on", async () => {
  const net = await three();
  const toRelative = net.seat(PATIENT).connectionTo(RELATIVE);
  const toDoctor = net.seat(PATIENT).connectionTo(DOCTOR);

  net.change([DOCTOR, PATIENT]);
  await net.seat(PATIENT).room.receive(RELATIVE, { description: { type: "offer", sdp: "x" } });

  expect(toRelative?.closed).toBe(true);
  expect(toDoctor?.closed).toBe(false);
  expect(net.seat(PATIENT).room.members.map(([code]) => code)).toEqual([DOCTOR]);
});

test("a guest who hangs up leaves a call of three; the host takes all along", async () => {
  const net = await three();

  net.seat(PATIENT).hears(RELATIVE);
  expect(net.seat(PATIENT).left).toBe(0);
  expect(net.seat(PATIENT).connectionTo(RELATIVE)).toBeUndefined();

  net.seat(PATIENT).hears(DOCTOR);
  expect(net.seat(PATIENT).left).toBe(1);
});

test("of two the one who hangs up ends the call", async () => {
  const net = new Net([DOCTOR, PATIENT]);
  await two(net);

  net.seat(DOCTOR).hears(PATIENT);

  expect(net.seat(DOCTOR).left).toBe(1);
});
