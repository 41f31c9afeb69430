/* Two people with a wire between them: what one sends waits until the test delivers it. */
import { Peer } from "../../../frontend/lib/peer.ts";
import type { Signal } from "../../../frontend/lib/protocol.ts";
import { FakeClock, settle } from "./clock.ts";
import { FakeConnection } from "./connection.ts";
import { createStream, FakeTrack } from "./media.ts";

export class Side {
  readonly clock = new FakeClock();
  readonly connections: FakeConnection[] = [];
  readonly tracks = { camera: new FakeTrack("video"), microphone: new FakeTrack("audio") };
  screen: FakeTrack | null = null;
  outgoing: Signal[] = [];
  silences = 0;
  peer: Peer;
  readonly #polite: boolean;

  constructor(polite: boolean) {
    this.#polite = polite;
    this.peer = this.#create();
  }

  get connection(): FakeConnection {
    return this.peer.connection as unknown as FakeConnection;
  }

  /** What is on the wire, as "offer", "answer" or the candidate's name. */
  get words(): string[] {
    return this.outgoing.map((signal) =>
      "description" in signal ? signal.description.type : (signal.candidate?.candidate ?? "end"),
    );
  }

  reload(): void {
    this.outgoing = [];
    this.peer = this.#create();
  }

  #create(): Peer {
    return new Peer({
      connect: () => {
        const connection = new FakeConnection();
        this.connections.push(connection);
        return connection as unknown as RTCPeerConnection;
      },
      createStream,
      clock: this.clock,
      polite: this.#polite,
      track: (seat) =>
        (seat === "screen" ? this.screen : this.tracks[seat]) as unknown as MediaStreamTrack,
      states: () => ({ camera: true, microphone: false }),
      send: (signal) => this.outgoing.push(signal),
      changed: () => undefined,
      left: () => undefined,
      met: () => undefined,
      silenced: () => {
        this.silences += 1;
      },
      heard: () => undefined,
      received: () => undefined,
    });
  }
}

/** Everything that `from` has said so far arrives at `to`. */
export async function deliver(from: Side, to: Side): Promise<void> {
  await settle();
  const signals = from.outgoing;
  from.outgoing = [];
  for (const signal of signals) void to.peer.receive(signal);
  await settle();
}

/** Deliver until nobody has anything to say. */
export async function talk(one: Side, other: Side): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    await deliver(one, other);
    await deliver(other, one);
  }
}

/** Both ends are stable, and each holds what the other's present connection wrote. */
export function haveMet(one: Side, other: Side): boolean {
  const heard = (side: Side, from: Side): boolean =>
    side.connection.signalingState === "stable" &&
    side.connection.remoteDescription?.sdp?.includes(` ${from.connection.session} `) === true;
  return heard(one, other) && heard(other, one);
}

/** An accepted call, as it is after ring, accept and answer. */
export async function connected(): Promise<{ doctor: Side; patient: Side }> {
  const doctor = new Side(false);
  const patient = new Side(true);
  const offer = await doctor.peer.draftOffer();
  await doctor.peer.ring({});
  const answer = await patient.peer.draftAnswer(offer);
  await Promise.all([doctor.peer.takeAnswer(answer), patient.peer.start({})]);
  await settle();
  doctor.connection.become("connected");
  patient.connection.become("connected");
  doctor.outgoing = [];
  patient.outgoing = [];
  return { doctor, patient };
}
