/* A session on fakes, with everything that it says kept for the test. */
import { LocalMedia } from "../../../frontend/lib/media.ts";
import type { Ownership } from "../../../frontend/lib/ownership.ts";
import type { ClientFrame } from "../../../frontend/lib/protocol.ts";
import { Room } from "../../../frontend/lib/room.ts";
import { CallSession } from "../../../frontend/lib/session.ts";
import { CallVerbs } from "../../../frontend/lib/verbs.ts";
import { FakeServer } from "./calls.ts";
import { FakeClock } from "./clock.ts";
import { FakeConnection } from "./connection.ts";
import { createStream, environment } from "./media.ts";

export class FakeOwnership implements Ownership {
  owned: string[] = [];
  elsewhere = false;
  taken: (code: string) => void = () => undefined;

  take(code: string): void {
    this.owned.push(code);
  }

  drop(code: string): void {
    this.owned = this.owned.filter((one) => one !== code);
  }

  isElsewhere(): Promise<boolean> {
    return Promise.resolve(this.elsewhere);
  }

  onTaken(listener: (code: string) => void): void {
    this.taken = listener;
  }
}

export class Stage {
  readonly clock = new FakeClock();
  readonly server = new FakeServer();
  readonly ownership = new FakeOwnership();
  readonly media = new LocalMedia(environment({}));
  readonly connections: FakeConnection[] = [];
  sent: ClientFrame[] = [];
  isOnline = true;
  readonly session: CallSession;

  constructor(keepsMedia = false) {
    const { clock, media, ownership } = this;
    const send = (frame: ClientFrame): boolean => {
      if (this.isOnline) this.sent.push(frame);
      return this.isOnline;
    };
    this.session = new CallSession({
      verbs: new CallVerbs(this.server, clock, "/calls/"),
      clock,
      media,
      ownership,
      keepsMedia,
      send,
      createRoom: (call, told) =>
        new Room(
          {
            connect: (configuration) => this.#connect(configuration),
            own: {},
            createStream,
            clock,
            track: (device) => media.track(device),
            states: () => media.states,
            tellMode: () => undefined,
            silenced: () => undefined,
            relay: (code, to, signal) => send({ type: "signal.relay", call: code, to, ...signal }),
            ...told,
          },
          call,
        ),
    });
  }

  get phase(): string {
    return this.session.machine.phase;
  }

  /** What went over the socket, in words. */
  get words(): string[] {
    return this.sent.map((frame) => {
      if (frame.type !== "signal.relay") return frame.type;
      if ("description" in frame) return frame.description.type;
      return frame.candidate?.candidate ?? "end";
    });
  }

  get connection(): FakeConnection {
    const connection = this.connections.at(-1);
    if (connection === undefined) throw new Error("no connection was made");
    return connection;
  }

  #connect(configuration: RTCConfiguration): RTCPeerConnection {
    const connection = new FakeConnection();
    connection.configuration = configuration;
    this.connections.push(connection);
    return connection as unknown as RTCPeerConnection;
  }
}
