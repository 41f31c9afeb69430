/* What we give to one person: picture and sound in their seats, and word of which devices are on.
   Nothing of it before somebody has accepted. */
import type { Clock } from "./clock.ts";
import type { DeviceStates } from "./media.ts";
import { fillSeats, type Seat } from "./seats.ts";
import type { Picture } from "./thin.ts";
import { tune } from "./tuning.ts";

/** A path needs some time to show what it can carry. */
const FIRST = 2_000;
/** How long the server may take to confirm what the other page has told us itself. */
const TRUST = 4_000;

export interface GivingOptions {
  clock: Clock;
  connection: () => RTCPeerConnection;
  track: (seat: Seat) => MediaStreamTrack | null;
  states: () => DeviceStates;
  picture: () => Picture;
  tell: (states: DeviceStates) => void;
}

export class Giving {
  readonly #options: GivingOptions;
  #isAgreed = false;
  #isTrusted = false;
  /** The connection that has had its first pictures. */
  #known: RTCPeerConnection | null = null;
  #isFirst = false;

  constructor(options: GivingOptions) {
    this.#options = options;
  }

  get hasBegun(): boolean {
    return this.#isAgreed || this.#isTrusted;
  }

  /** Accepted, as the server says. */
  agree(): void {
    this.#isAgreed = true;
  }

  /** Accepted, as their page says over its own way (decision 29). Without the server's word, which
      takes longer, we soon take back what we gave. */
  async trust(): Promise<void> {
    if (this.hasBegun) return;
    this.#isTrusted = true;
    this.#options.clock.later(TRUST, () => {
      this.#isTrusted = false;
      if (!this.#isAgreed)
        void fillSeats(this.#options.connection(), () => null).catch(() => undefined);
    });
    await this.fill();
  }

  /** While it rings: what the seats will need, so that nothing is left to do at the accept. */
  async prepare(): Promise<void> {
    await tune(this.#options.connection(), this.#options.picture(), true);
  }

  async fill(): Promise<void> {
    if (!this.hasBegun) return;
    const { track, picture } = this.#options;
    const connection = this.#options.connection();
    if (connection !== this.#known) this.#beginSmall(connection);
    // Before the tracks: what comes later makes the browser begin anew.
    await tune(connection, picture(), this.#isFirst);
    await fillSeats(connection, track);
    this.tellDevices();
  }

  tellDevices(): void {
    if (this.hasBegun) this.#options.tell(this.#options.states());
  }

  #beginSmall(connection: RTCPeerConnection): void {
    this.#known = connection;
    this.#isFirst = true;
    this.#options.clock.later(FIRST, () => {
      if (connection !== this.#known) return;
      this.#isFirst = false;
      if (connection.signalingState !== "closed") void tune(connection, this.#options.picture());
    });
  }
}
