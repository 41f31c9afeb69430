/* One page's part in calls: what the server says, what the person wishes, and the connections
   that follow from both. No DOM; <call-stage> shows it. */
import type { SessionEnvironment } from "./environment.ts";
import { Lookout } from "./lookout.ts";
import { CallMachine, type Outcome } from "./machine.ts";
import type { LocalMedia } from "./media.ts";
import type { CallState, Description, ServerFrame } from "./protocol.ts";
import { Ring } from "./ring.ts";
import type { Room } from "./room.ts";
import { Words } from "./words.ts";

export class CallSession {
  readonly machine = new CallMachine();
  readonly media: LocalMedia;
  room: Room | null = null;
  /** What the features of a call say to each other, from page to page. */
  readonly words = new Words(() => this.room);
  readonly #environment: SessionEnvironment;
  #changed: () => void = () => undefined;
  readonly #ring = new Ring();
  #answering = false;
  #resuming = false;
  readonly #lookout: Lookout;

  constructor(environment: SessionEnvironment) {
    this.#environment = environment;
    this.media = environment.media;
    this.#lookout = new Lookout(environment.clock, () => void this.catchUp());
    environment.media.onChange(() => {
      this.room?.attach();
      this.#changed();
    });
    environment.ownership.onTaken((code) => this.#leaveToOther(code));
  }

  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  /** The server's time, for durations. */
  now(): string {
    return this.#lookout.now();
  }

  /** "Anruf starten". */
  async call(url: string, name: string): Promise<void> {
    if (this.machine.isBusy || this.#resuming || this.machine.phase === "elsewhere") return;
    this.machine.close();
    this.machine.begin(name);
    this.#ring.heard = null;
    this.#changed();
    void this.media.open();
    const room = this.#newRoom(null);
    const offer = await room.draftOffer().catch(() => null);
    if (this.room !== room) return;
    const { call: told, data, wasLost } = await this.#environment.verbs.start(url, offer);
    // The reply may be lost on its way where the news of the ring was not.
    const call = told ?? (wasLost ? this.#ring.heard : null);
    if (this.room !== room) {
      // Cancelled while the request was on its way: the call must not go on ringing.
      if (call) await this.#environment.verbs.end(call.code);
    } else if (call) {
      this.#environment.ownership.take(call.code);
      this.#follow(call);
      await room.ring(call).catch((error) => console.warn("the offer was not usable", error));
    } else {
      this.#refused(data);
    }
  }

  async accept(): Promise<void> {
    const { call, phase } = this.machine;
    if (call === null || phase !== "incoming" || this.#answering) return;
    this.#answering = true;
    void this.media.open();
    const room = this.room ?? this.#newRoom(call);
    const answer = await room.draftAnswer(call, this.#ring.offer);
    room.accept();
    const reply = await this.#environment.verbs.accept(call.code, answer);
    this.#answering = false;
    if (this.room !== room) return;
    if (reply.call === null || reply.call.me !== call.me) {
      this.#closeRoom();
      await this.catchUp();
      return;
    }
    this.#environment.ownership.take(call.code);
    this.#follow(reply.call);
    this.#join();
    await room.start(reply.call).catch(() => undefined);
  }

  async decline(): Promise<void> {
    if (this.machine.call) await this.#quit("declined");
  }

  /** Hang up; while it rings: cancel. */
  async hangUp(): Promise<void> {
    await this.#quit(this.machine.call?.state === "active" ? "completed" : "cancelled");
  }

  /** The person has read how it ended. */
  dismiss(): void {
    this.#closeRoom();
    this.machine.close();
    this.#changed();
  }

  receive(frame: ServerFrame): void {
    switch (frame.type) {
      case "call.ringing":
        this.#hearRing(frame.call, frame.offer ?? null);
        break;
      case "call.accepted":
        this.#hearAccept(frame.call, frame.answer ?? null);
        break;
      case "call.changed":
      case "call.ended":
        this.#follow(frame.call);
        break;
      case "signal.relayed":
        this.#hearSignal(frame);
        break;
      case "participant.joined":
        if (frame.call === this.machine.call?.code) void this.room?.rejoined(frame.from);
        break;
    }
  }

  /** The page was loaded, or caught up, while `call` is under way. */
  async resume(call: CallState, offer: Description | null = null): Promise<void> {
    if (this.machine.call?.code === call.code) return this.#catchUpWith(call);
    if (this.machine.isBusy || call.state === "ended") return;
    if (call.state === "ringing" && !call.initiated_by_me) return this.#hearRing(call, offer);
    this.#resuming = true;
    const isElsewhere = await this.#environment.ownership.isElsewhere(call.code);
    this.#resuming = false;
    if (isElsewhere) this.#showElsewhere(call);
    else if (!this.machine.isBusy) await this.#rejoin(call);
  }

  /** "Hier weitermachen". */
  async takeOver(): Promise<void> {
    const { call, phase } = this.machine;
    if (call === null || phase !== "elsewhere") return;
    const fresh = (await this.#environment.verbs.look(call.code)) ?? call;
    if (fresh.state === "ended") this.dismiss();
    else await this.#rejoin(fresh);
  }

  /** The socket stands again: say that we are here, then everything that waited. */
  online(): void {
    if (this.machine.phase === "active") this.#join();
    this.room?.flush();
  }

  /** News may have been missed. */
  async catchUp(): Promise<void> {
    const { call, phase } = this.machine;
    if (call === null || phase === "ended") return;
    const fresh = await this.#environment.verbs.look(call.code);
    if (fresh) await this.#catchUpWith(fresh);
    else if (call.state === "active") this.#lookout.again(call);
  }

  /** This window is no longer the one (a newer one of the same guest). */
  stepAside(): void {
    this.dismiss();
    this.media.release();
  }

  #refused(data: unknown): void {
    this.#closeRoom();
    this.#release();
    this.machine.refuse(data);
    this.#changed();
  }

  #hearRing(call: CallState, offer: Description | null): void {
    if (call.initiated_by_me && this.machine.call === null) this.#ring.heard = call;
    // Our own call in another window of ours is that window's business.
    if (call.initiated_by_me && this.machine.call?.code !== call.code) return;
    if (!this.machine.apply(call)) return;
    this.#ring.offer = offer ?? this.#ring.offer;
    this.#settle(call);
    if (this.machine.phase === "incoming" && this.room === null)
      this.#ring.warm(this.#newRoom(call), call);
  }

  #hearAccept(call: CallState, answer: Description | null): void {
    const { phase } = this.machine;
    if (phase === "ended" && this.machine.call?.code === call.code) return; // cancelled just now
    if (call.initiated_by_me && (phase === "idle" || phase === "ended")) this.#showElsewhere(call);
    if (this.machine.call?.code !== call.code || phase === "elsewhere") return;
    // Taken in another window, unless our own accept is just on its way.
    if (phase === "incoming" && !this.#answering) this.dismiss();
    if (phase !== "outgoing" || call.me !== this.machine.call.me) return;
    this.#follow(call);
    this.#join();
    const room = this.room ?? this.#newRoom(call);
    room.takeAnswer(call, answer).catch(() => undefined);
  }

  #hearSignal(frame: ServerFrame & { type: "signal.relayed" }): void {
    if (frame.call !== this.machine.call?.code) return;
    if (this.room) void this.room.receive(frame.from, frame);
    else if (this.machine.phase === "incoming") this.#ring.keep(frame.from, frame);
  }

  #follow(call: CallState): void {
    if (this.machine.phase !== "idle" && this.machine.apply(call)) this.#settle(call);
  }

  /** What follows from a step of the call, whoever took it. */
  #settle(call: CallState): void {
    this.#lookout.saw(call);
    this.room?.renew(call);
    if (call.state === "ended") {
      this.#closeRoom();
      this.#environment.ownership.drop(call.code);
      this.#release();
    }
    this.#changed();
  }

  async #catchUpWith(call: CallState): Promise<void> {
    const missedAccept = this.machine.phase === "outgoing" && call.state === "active";
    // The answer was missed with it: begin over the socket.
    if (missedAccept) await this.#rejoin(call);
    else this.#follow(call);
  }

  async #rejoin(call: CallState): Promise<void> {
    this.#environment.ownership.take(call.code);
    if (!this.machine.apply(call, true)) return;
    void this.media.open();
    this.#settle(call);
    if (call.state !== "active") return;
    const room = this.#newRoom(call);
    this.#join();
    await room.rejoin(call).catch((error) => console.warn("no way back into the call", error));
  }

  #leaveToOther(code: string): void {
    const { call, phase } = this.machine;
    if (call?.code !== code || phase === "ended") return;
    this.#closeRoom();
    this.media.release();
    this.#showElsewhere(call);
  }

  #showElsewhere(call: CallState): void {
    this.machine.leaveToOther(call);
    this.#changed();
  }

  /** They hung up, and may be unable to tell the server: a login that has ended, no network. */
  async #otherLeft(): Promise<void> {
    if (this.machine.phase === "active") await this.#quit("completed");
  }

  #join(): void {
    const { call } = this.machine;
    if (call) this.#environment.send({ type: "call.join", call: call.code });
  }

  async #quit(outcome: Outcome): Promise<void> {
    const { call } = this.machine;
    this.room?.leave();
    this.#finish(outcome);
    if (call) await this.#environment.verbs[outcome === "declined" ? "decline" : "end"](call.code);
  }

  #finish(outcome: Outcome): void {
    this.machine.endNow(outcome, this.now());
    if (this.machine.call) this.#settle({ ...this.machine.call, now: this.now() });
    else {
      this.#closeRoom();
      this.#release();
      this.#changed();
    }
  }

  #newRoom(call: CallState | null): Room {
    this.#closeRoom();
    const told = { changed: () => this.#changed(), left: () => void this.#otherLeft() };
    this.room = this.#environment.createRoom(call, { ...told, words: this.words });
    return this.room;
  }

  #closeRoom(): void {
    this.room?.close();
    this.room = null;
  }

  #release(): void {
    this.#ring.clear();
    if (!this.#environment.keepsMedia) this.media.release();
  }
}
