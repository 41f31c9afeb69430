/* Everybody else in a call, each behind a connection of their own: for two people a map of one. */
import type { Clock } from "./clock.ts";
import type { Word } from "./control.ts";
import type { DeviceStates } from "./media.ts";
import { Outbox } from "./outbox.ts";
import { Peer } from "./peer.ts";
import type { Pipe } from "./pipe.ts";
import type { CallState, Description, Signal } from "./protocol.ts";
import type { Seat } from "./seats.ts";
import type { Words } from "./words.ts";

export interface RoomListeners {
  changed: () => void;
  /** Somebody hung up and told us without the server. */
  left: () => void;
  words: Pick<Words, "meet" | "hear" | "receive">;
}

export interface RoomEnvironment extends RoomListeners {
  connect: (configuration: RTCConfiguration) => RTCPeerConnection;
  /** The certificate of this person in this call, for all their connections. */
  own: Pick<RTCConfiguration, "certificates">;
  createStream: () => MediaStream;
  clock: Clock;
  track: (seat: Seat) => MediaStreamTrack | null;
  states: () => DeviceStates;
  /** How our picture and sound travel, for the call's log. */
  tellMode: (call: string, mode: "direct" | "relayed") => void;
  /** Nothing comes in from somebody: is the socket still there? */
  silenced: () => void;
  /** False while the socket is away. */
  relay: (call: string, to: string, signal: Signal) => boolean;
}

export class Room {
  readonly #environment: RoomEnvironment;
  readonly #peers = new Map<string, Peer>();
  readonly #outbox: Outbox;
  #call: CallState | null = null;
  /** It rings here, and nobody has accepted. */
  #isRinging = false;
  #drafted: { peer: Peer; code: string } | null = null;

  constructor(environment: RoomEnvironment, call: CallState | null = null) {
    this.#environment = environment;
    this.#call = call;
    this.#outbox = new Outbox((to, signal) =>
      this.#call
        ? environment.relay(this.#call.code, to, signal) || this.#tellDirectly(to, signal)
        : false,
    );
  }

  get peers(): Peer[] {
    return [...this.#peers.values(), ...(this.#drafted ? [this.#drafted.peer] : [])];
  }

  /** Everybody else by their code, as far as their connections have begun. */
  get members(): [string, Peer][] {
    return [...this.#peers];
  }

  /** The caller's side, before the call exists: whom we ring has no code yet. */
  draftOffer(): Promise<Description> {
    const drafted: { peer: Peer; code: string } = {
      peer: this.#create(false, () => drafted.code),
      code: "",
    };
    this.#drafted = drafted;
    return drafted.peer.draftOffer();
  }

  /** The call exists and rings: give the draft its address. */
  async ring(call: CallState): Promise<void> {
    this.#call = call;
    const [other] = this.#others();
    if (this.#drafted === null || other === undefined) return;
    this.#drafted.code = other;
    this.#peers.set(other, this.#drafted.peer);
    const { peer } = this.#drafted;
    this.#drafted = null;
    this.#outbox.open();
    await peer.ring(this.#configuration(call));
  }

  /** The callee's side, while it rings. One offer can warm one callee: a guest has one page. */
  async prepare(call: CallState, offer: Description): Promise<void> {
    this.#call = call;
    const [other] = this.#others();
    const me = call.participants.find(({ code }) => code === call.me);
    if (other === undefined || me === undefined || me.role === "professional") return;
    this.#isRinging = true;
    const relay = hasRelay(call) ? this.#configuration(call) : null;
    const peer = this.#peer(other);
    const description = await peer.prepare(offer, relay).catch(() => this.#forget(other));
    if (description && this.#isRinging && this.#call?.code === call.code)
      this.#environment.relay(call.code, other, { description });
  }

  /** The callee's side, at the accept; null where the ring's offer is missing or of no use. */
  async draftAnswer(call: CallState, offer: Description | null): Promise<Description | null> {
    this.#call = call;
    this.#isRinging = false;
    const [other] = this.#others();
    if (offer === null || other === undefined) return null;
    try {
      const answer = await this.#peer(other).draftAnswer(offer);
      // From here on they may learn where we are; what comes before the answer waits there for it.
      this.#outbox.open();
      return answer;
    } catch (error) {
      console.warn("the ring's offer is not usable", error);
      this.#forget(other);
      return null;
    }
  }

  /** The person has pressed the button: what they give need not wait for the server's reply. */
  accept(): void {
    for (const peer of this.#peers.values()) peer.accept().catch(() => undefined);
  }

  /** Accepted, seen from the caller. */
  async takeAnswer(call: CallState, answer: Description | null): Promise<void> {
    this.#call = call;
    this.#outbox.open();
    for (const other of this.#others()) await this.#peer(other).takeAnswer(answer);
  }

  /** Accepted, seen from the callee: what was gathered meanwhile may leave. */
  async start(call: CallState): Promise<void> {
    this.#call = call;
    this.#outbox.open();
    for (const other of this.#others()) await this.#peer(other).start(this.#configuration(call));
  }

  /** This page comes (back) into a running call: it offers, the others follow. */
  async rejoin(call: CallState): Promise<void> {
    this.#call = call;
    this.#outbox.open();
    for (const other of this.#others()) await this.#peer(other).offerAfresh();
  }

  receive(from: string, signal: Signal): Promise<void> {
    // Before the accept nobody gets an answer out of this page, whatever they offer to it.
    const isTooEarly = this.#isRinging && "description" in signal;
    if (isTooEarly || !this.#knows(from)) return Promise.resolve();
    return this.#present(from).receive(signal);
  }

  rejoined(from: string): Promise<void> {
    return this.#knows(from) ? this.#present(from).rejoined() : Promise.resolve();
  }

  attach(): void {
    for (const peer of this.peers) peer.attach().catch(() => undefined);
  }

  /** The call as it is now: its people, and fresh credentials. What is gathered from now on, in a restart, uses them. */
  renew(call: CallState): void {
    if (call.state !== "active" || call.code !== this.#call?.code) return;
    this.#call = call;
    // Whoever left or was removed; who comes in makes the offers (see rejoin).
    for (const code of [...this.#peers.keys()]) if (!this.#knows(code)) this.#forget(code);
    if (call.ice_servers.length === 0) return;
    for (const { connection } of this.peers)
      if (connection.signalingState !== "closed")
        connection.setConfiguration(this.#configuration(call));
  }

  /** Say `word` to `to`, or to everybody; the codes of those who were reached. */
  tell(word: Word, to?: string): string[] {
    const told = [...this.#peers].filter(([code]) => to === undefined || code === to);
    return told.filter(([, peer]) => peer.tell(word)).map(([code]) => code);
  }

  tellMode(mode: "direct" | "relayed"): void {
    if (this.#call) this.#environment.tellMode(this.#call.code, mode);
  }

  /** The way for files to `code`. */
  pipe(code: string): Pipe | null {
    return this.#peers.get(code)?.pipe ?? null;
  }

  /** The socket stands again. What was said into a dead one is said again where it matters. */
  flush(): void {
    this.#outbox.flush();
    if (this.#call?.state !== "active") return;
    for (const peer of this.#peers.values()) void peer.rejoined().catch(() => undefined);
  }

  /** This computer may stand in another network now. */
  checkPaths(): void {
    for (const peer of this.#peers.values()) peer.care.suspect();
  }

  /** Hang up: the others hear of it over their own connections too. */
  leave(): void {
    for (const peer of this.peers) peer.leave();
    this.#peers.clear();
    this.#drafted = null;
  }

  close(): void {
    for (const peer of this.peers) peer.close();
    this.#peers.clear();
    this.#drafted = null;
  }

  #configuration(call: CallState | null): RTCConfiguration {
    // One path for everything: without the policy each place for media gathers its own addresses.
    const one: RTCConfiguration = { ...this.#environment.own, bundlePolicy: "max-bundle" };
    return call ? { ...one, iceServers: call.ice_servers } : one;
  }

  #others(): string[] {
    const call = this.#call;
    return call ? call.participants.map(({ code }) => code).filter((code) => code !== call.me) : [];
  }

  #knows(code: string): boolean {
    return this.#others().includes(code);
  }

  /** Who speaks to us; somebody who has just come into the running call sees us from now on. */
  #present(code: string): Peer {
    const isNew = this.#call?.state === "active" && !this.#peers.has(code);
    const peer = this.#peer(code);
    if (isNew) peer.start(this.#configuration(this.#call)).catch(() => undefined);
    return peer;
  }

  #peer(code: string): Peer {
    let peer = this.#peers.get(code);
    if (peer === undefined) {
      peer = this.#create(this.#isPoliteTo(code), () => code);
      this.#peers.set(code, peer);
    }
    return peer;
  }

  /** Both ends of a pair know who came into the call later: they give way (decision 26). */
  #isPoliteTo(code: string): boolean {
    const order = this.#call?.participants.map((one) => one.code) ?? [];
    return order.indexOf(this.#call?.me ?? "") > order.indexOf(code);
  }

  /** Somebody hung up: with the professional, or the only other one, the call is over. */
  #leftBy(code: string): void {
    const them = this.#call?.participants.find((one) => one.code === code);
    if (this.#others().length < 2 || them?.role === "professional") {
      this.#environment.left();
      return;
    }
    this.#forget(code);
    this.#environment.changed();
  }

  /** The server cannot be reached, they can: renegotiation needs no server then. */
  #tellDirectly(to: string, signal: Signal): boolean {
    const peer = this.#peers.get(to);
    return peer?.care.isFresh === true && peer.tell({ type: "signal", ...signal });
  }

  #forget(code: string): void {
    this.#peers.get(code)?.close();
    this.#peers.delete(code);
  }

  #create(polite: boolean, code: () => string): Peer {
    const { createStream, clock, track, states, changed, words } = this.#environment;
    return new Peer({
      connect: () => this.#environment.connect(this.#configuration(this.#call)),
      createStream,
      clock,
      polite,
      track,
      states,
      changed,
      left: () => this.#leftBy(code()),
      silenced: this.#environment.silenced,
      met: () => words.meet(code()),
      heard: (word) => words.hear(word, code()),
      received: (bytes) => words.receive(bytes, code()),
      send: (signal) => this.#outbox.put(code(), signal),
    });
  }
}

function hasRelay(call: CallState): boolean {
  return call.ice_servers.flatMap(({ urls }) => urls).some((url) => /^turns?:/.test(url));
}
