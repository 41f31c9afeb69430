/* One other person: their connection, perfect negotiation, their picture and sound, recovery.
   "Rebuilt" means a new RTCPeerConnection in place of the old; the Peer outlives it. */
import { Candidates } from "./candidates.ts";
import { Care } from "./care.ts";
import { Control, mayComeEarly, type Word } from "./control.ts";
import { isOfAnotherPage, plainDescription, signalIn } from "./descriptions.ts";
import { discard, discardSoon } from "./discard.ts";
import { Draft } from "./draft.ts";
import { Giving } from "./giving.ts";
import type { DeviceStates } from "./media.ts";
import type { PeerEnvironment } from "./peer-environment.ts";
import { Pipe } from "./pipe.ts";
import type { Description, Signal } from "./protocol.ts";
import { Queue } from "./queue.ts";
import { makeSeats, seatOf, takeSeats } from "./seats.ts";
import { isOtherCertificate } from "./security/fingerprints.ts";
import { exchangeTrack } from "./streams.ts";
import { takesAnswer, Warmth } from "./warmth.ts";

export class Peer {
  readonly stream: MediaStream;
  /** Their screen; nothing comes in it before they say that they share it. */
  readonly screen: MediaStream;
  /** What they told of theirs; no picture is shown before they said that there is one. */
  devices: DeviceStates = { camera: false, microphone: true };
  /** Somebody offered another certificate for a connection that stands: it was refused. */
  hasWrongCertificate = false;
  /** Their picture pauses because the path is too thin. */
  isPaused = false;
  connection: RTCPeerConnection;
  readonly #environment: PeerEnvironment;
  readonly care: Care;
  #control: Control | null = null;
  /** The way for files on the present connection. */
  pipe: Pipe | null = null;
  readonly #queue = new Queue();
  readonly #draft = new Draft();
  #ignoring = false;
  #negotiating = false;
  readonly #giving: Giving;
  readonly warmth: Warmth;
  readonly #candidates: Candidates;

  constructor(environment: PeerEnvironment) {
    this.#environment = environment;
    this.stream = environment.createStream();
    this.screen = environment.createStream();
    this.warmth = new Warmth(environment.clock);
    this.#candidates = new Candidates((candidate) => environment.send({ candidate }));
    this.connection = this.#connect();
    this.#giving = new Giving({
      ...environment,
      connection: () => this.connection,
      picture: () => this.care.picture,
      tell: (states) => this.tell({ type: "devices", ...states, paused: this.care.isPaused }),
    });
    this.care = new Care({
      ...environment,
      connection: () => this.connection,
      begin: () => this.offerAfresh(),
      theirs: () => this.devices,
      retune: () => void this.attach().catch(() => undefined),
    });
  }

  draftOffer(): Promise<Description> {
    const stream = this.#environment.createStream();
    return this.#queue.run(() => this.#draft.write(this.connection, stream));
  }

  ring(configuration: RTCConfiguration): Promise<void> {
    return this.#queue.run(() => this.#draft.use(this.connection, configuration));
  }

  /** It rings here: as much of the answer as shows nothing of this computer, for the caller. */
  async prepare(offer: Description, relay: RTCConfiguration | null): Promise<Description | null> {
    await this.#queue.run(async () => {
      await this.#takeOffer(offer);
      await this.warmth.warm(this.connection, relay);
      await this.#candidates.useEarly(this.connection);
      await this.#giving.prepare();
    });
    return this.warmth.answerOf(this.connection);
  }

  /** Accepting: the answer to the ring's offer. Rejects where the offer is of no use. */
  draftAnswer(offer: Description): Promise<Description> {
    return this.#queue.run(async () => {
      if (this.connection.remoteDescription === null) await this.#takeOffer(offer);
      await this.#candidates.useEarly(this.connection);
      return this.warmth.answer(this.connection);
    });
  }

  /** The person has just accepted: they may see and hear us at once, and are told so ahead of the
      server's word, which goes round by it. */
  accept(): Promise<void> {
    this.#giving.agree();
    this.tell({ type: "accepted" });
    return this.attach();
  }

  /** Accepted: the answer to our ring's offer; without one that fits we begin over the socket. */
  async takeAnswer(answer: Description | null): Promise<void> {
    this.#begin();
    const fits = await this.#queue
      .run(async () => {
        const does = await takesAnswer(this.connection, answer, this.#candidates);
        if (does) await this.#giving.fill();
        return does;
      })
      .catch(() => false);
    if (!fits) await this.offerAfresh();
  }

  /** From now on we may negotiate, and they may see and hear us. */
  start(configuration: RTCConfiguration): Promise<void> {
    this.#begin();
    this.warmth.widen(this.connection, configuration);
    return this.#queue.run(() => this.#giving.fill());
  }

  /** A new connection in place of the old, offered over the socket. */
  offerAfresh(): Promise<void> {
    return this.#queue.run(async () => {
      this.#rebuild();
      this.#begin();
      makeSeats(this.connection, this.#environment.createStream());
      await this.#giving.fill();
      await this.#sendDescription();
    });
  }

  /** Their page (re)joined. One that was reloaded makes an offer by itself. */
  rejoined(): Promise<void> {
    return this.#queue.run(async () => {
      const { signalingState, localDescription } = this.connection;
      if (signalingState !== "have-local-offer" || localDescription === null) return;
      this.#environment.send({ description: plainDescription(localDescription) });
      this.#candidates.sendAgain();
    });
  }

  receive(signal: Signal): Promise<void> {
    return this.#queue
      .run(() =>
        "description" in signal
          ? this.#describe(signal.description)
          : this.#candidates.add(this.connection, signal.candidate),
      )
      .catch((error) => {
        if (!this.#ignoring && !this.#queue.isClosed) console.warn("signal not usable", error);
      });
  }

  /** Our tracks changed: replace what they get, without negotiation. */
  attach(): Promise<void> {
    return this.#queue.run(() => this.#giving.fill());
  }

  tellDevices(): void {
    this.#giving.tellDevices();
  }

  /** False where they cannot be reached at the moment. */
  tell(word: Word): boolean {
    return this.#control?.tell(word) ?? false;
  }

  close(): void {
    this.#stop();
    discard(this.connection);
  }

  /** Close, after having said so: a closing connection takes what is still to be sent with it. */
  leave(): void {
    this.tell({ type: "bye" });
    this.#stop();
    discardSoon(this.connection, this.#environment.clock);
  }

  #stop(): void {
    this.#queue.close();
    this.care.stop();
    this.pipe?.end();
  }

  async #takeOffer(offer: Description): Promise<void> {
    await this.connection.setRemoteDescription(offer);
    takeSeats(this.connection, this.#environment.createStream());
  }

  #begin(): void {
    this.#negotiating = true;
    this.#giving.agree();
    this.care.begin();
    this.#met();
  }

  /** The way is open and somebody has accepted: the features may speak. */
  #met(): void {
    if (!this.#negotiating || !this.#control?.isOpen) return;
    this.tellDevices();
    this.#environment.met();
  }

  async #describe(description: Description): Promise<void> {
    const isOffer = description.type === "offer";
    if (isOfAnotherPage(this.connection, description)) {
      if (!isOffer) {
        // They answered somebody whom we are no longer; only one side starts over.
        if (this.#negotiating && !this.#environment.polite)
          this.offerAfresh().catch(() => undefined);
        return;
      }
      this.#rebuild();
    }
    if (!isOffer && !this.#negotiating) {
      await takesAnswer(this.connection, description, this.#candidates);
      return this.#giving.prepare();
    }
    // Our own offers are made in the same queue, so this alone says whether one is under way.
    const busy = this.connection.signalingState !== "stable";
    this.#ignoring = !this.#environment.polite && isOffer && busy;
    if (this.#ignoring || (!isOffer && this.connection.signalingState === "stable")) return;
    // Nothing agreed yet: a fresh start instead of a rollback, which would leave spare seats.
    if (isOffer && busy && this.connection.remoteDescription === null) this.#rebuild();
    if (isOtherCertificate(this.connection.remoteDescription, description)) {
      this.hasWrongCertificate = true;
      return this.#environment.changed();
    }
    await this.connection.setRemoteDescription(description);
    await this.#candidates.useEarly(this.connection);
    if (!isOffer) return;
    this.care.defer();
    takeSeats(this.connection, this.#environment.createStream());
    await this.#giving.fill();
    await this.#sendDescription();
  }

  async #sendDescription(): Promise<void> {
    await this.connection.setLocalDescription();
    const description = this.connection.localDescription;
    if (description) this.#environment.send({ description: plainDescription(description) });
  }

  #rebuild(): void {
    discard(this.connection);
    this.#draft.clear();
    this.#candidates.clear();
    this.connection = this.#connect();
    this.care.expect();
  }

  #connect(): RTCPeerConnection {
    const connection = this.#environment.connect();
    connection.onnegotiationneeded = () => {
      // The first offer is made by hand; later ones (an ICE restart) arrive here.
      if (this.#negotiating && connection.remoteDescription !== null)
        void this.#queue
          .run(() => this.#sendDescription())
          .catch((error) => console.warn("no offer", error));
    };
    connection.onicecandidate = ({ candidate }) => this.#candidates.gathered(candidate);
    connection.oniceconnectionstatechange = () => this.care.look();
    connection.onconnectionstatechange = () => {
      this.care.look();
      this.#environment.changed();
    };
    connection.ontrack = ({ track, transceiver }) => {
      const seat = seatOf(connection, transceiver);
      exchangeTrack(seat === "screen" ? this.screen : this.stream, track);
      this.#environment.changed();
    };
    this.#control = new Control(
      connection,
      () => this.#met(),
      (word) => this.#hear(word),
    );
    this.pipe?.end();
    this.pipe = new Pipe(connection, this.#environment.received);
    return connection;
  }

  #hear(word: Word): void {
    if (!this.#negotiating && !mayComeEarly(word)) return;
    // Only who has rung may be told so: from anybody else it would be an accept in our name.
    if (word.type === "accepted") {
      if (this.#draft.isOurs) void this.#giving.trust().catch(() => undefined);
    } else if (word.type === "bye") this.#environment.left();
    else if (word.type === "devices") {
      this.devices = { camera: word.camera === true, microphone: word.microphone === true };
      this.isPaused = word.paused === true;
      this.#environment.changed();
    } else if (word.type === "signal") {
      const signal = signalIn(word);
      if (signal !== null) void this.receive(signal);
    } else this.#environment.heard(word);
  }
}
