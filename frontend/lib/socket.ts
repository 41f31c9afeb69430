/* The one websocket of a page: comes back by itself, notices silence, and notices missed events.
   No DOM: whoever owns it passes in the browser's WebSocket, a clock, and listeners. */
import type { Clock } from "./clock.ts";
import { FLOODING, isFinal } from "./close-codes.ts";
import { type ClientFrame, parseServerFrame, type ServerFrame } from "./protocol.ts";

export interface WebSocketLike {
  readyState: number;
  send(data: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface SocketOptions {
  open: () => WebSocketLike;
  clock: Clock;
  random?: () => number;
  /** Every frame but hello, pong: the news. */
  onFrame: (frame: ServerFrame) => void;
  /** Something may have been missed: ask the server for the present state. */
  onCatchUp: (frame: ServerFrame) => void;
  /** The socket stands (after hello) or has been away for longer than a moment. */
  onOnline: (online: boolean) => void;
  /** Whether somebody talks here: then no pause is longer than URGENT. Few pages are in a call. */
  isUrgent?: () => boolean;
  /** The server closed for good with one of FINAL: no return by itself. */
  onFinal: (code: number) => void;
}

const OPEN = 1;
const BACK_OFF = [500, 1000, 1500, 2000, 2500, 3000, 5000, 8000, 15_000];
const URGENT = 1_500;
const JITTER = 0.3;
const PING_EVERY = 25_000;
const SILENCE = 60_000;
const PATIENCE = 2_000;
const DOUBT = 1_000;
const GREETING = 8_000;

export class Socket {
  readonly #options: SocketOptions;
  #socket: WebSocketLike | null = null;
  #attempts = 0;
  #epoch: string | null = null;
  #seq = 0;
  #heard = 0;
  #greeted = false;
  #stopped = true;
  #cancelRetry: (() => void) | null = null;
  #cancelPing: (() => void) | null = null;
  #cancelNotice: (() => void) | null = null;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  /** True between the server's hello and the end of the connection. */
  get isOpen(): boolean {
    return this.#greeted && this.#socket?.readyState === OPEN;
  }

  start(): void {
    this.#stopped = false;
    this.#attempts = 0;
    this.#noticeLater();
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry?.();
    this.#cancelNotice?.();
    this.#drop();
  }

  /** The network or the page came back: no reason to wait any longer. */
  wake(): void {
    if (this.#stopped) return;
    if (this.#socket === null) {
      this.#attempts = 0;
      this.#connect();
    } else if (this.isOpen) {
      this.#ping();
    }
  }

  /** Another network: what this socket ran through may be gone without a word. */
  doubt(): void {
    const asked = this.#options.clock.now();
    const socket = this.#socket;
    this.wake();
    if (socket === null) return;
    this.#options.clock.later(DOUBT, () => {
      if (socket !== this.#socket || this.#heard > asked || this.#stopped) return;
      this.#attempts = 0;
      this.#connect();
    });
  }

  /** False when the frame could not be sent: nobody was listening. */
  send(frame: ClientFrame): boolean {
    if (!this.isOpen || this.#socket === null) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  #connect(): void {
    this.#cancelRetry?.();
    this.#drop();
    const socket = this.#options.open();
    this.#socket = socket;
    this.#heard = this.#options.clock.now();
    // A network that swallows packets says nothing for minutes; a server that is there says hello.
    this.#options.clock.later(GREETING, () => {
      if (socket === this.#socket && !this.#greeted) this.#closed(1006);
    });
    socket.onmessage = ({ data }) => this.#hear(data);
    socket.onclose = ({ code }) => this.#closed(code);
    this.#pingLater();
  }

  #hear(data: unknown): void {
    this.#heard = this.#options.clock.now();
    const frame = typeof data === "string" ? parseServerFrame(data) : null;
    if (frame === null) return;
    if (frame.type === "hello") this.#hello(frame);
    else if (frame.type === "pong") this.#compare(frame.seq, frame);
    else this.#news(frame);
  }

  #hello(frame: ServerFrame & { type: "hello" }): void {
    this.#greeted = true;
    this.#attempts = 0;
    this.#cancelNotice?.();
    this.#cancelNotice = null;
    // The first hello too: something may have happened between the page's making and now.
    const missed = frame.epoch !== this.#epoch || frame.seq !== this.#seq;
    this.#epoch = frame.epoch;
    this.#seq = frame.seq;
    this.#options.onOnline(true);
    if (missed) this.#options.onCatchUp(frame);
  }

  #news(frame: ServerFrame): void {
    const before = this.#seq;
    if ("seq" in frame) {
      if (frame.seq <= before) return;
      this.#seq = frame.seq;
    }
    this.#options.onFrame(frame);
    if (this.#seq > before + 1) this.#options.onCatchUp(frame);
  }

  #compare(seq: number, frame: ServerFrame): void {
    if (seq === this.#seq) return;
    this.#seq = seq;
    this.#options.onCatchUp(frame);
  }

  #closed(code: number): void {
    this.#drop();
    if (this.#stopped) return;
    if (isFinal(code)) {
      this.#stopped = true;
      this.#cancelNotice?.();
      this.#options.onFinal(code);
      return;
    }
    this.#noticeLater();
    if (code === FLOODING) this.#attempts = BACK_OFF.length;
    const usual = BACK_OFF[Math.min(this.#attempts, BACK_OFF.length - 1)] ?? PING_EVERY;
    const isUrgent = code !== FLOODING && this.#options.isUrgent?.() === true;
    const pause = isUrgent ? Math.min(usual, URGENT) : usual;
    const spread = 1 + JITTER * (2 * (this.#options.random ?? Math.random)() - 1);
    this.#attempts += 1;
    this.#cancelRetry = this.#options.clock.later(pause * spread, () => this.#connect());
  }

  #pingLater(): void {
    this.#cancelPing?.();
    this.#cancelPing = this.#options.clock.later(PING_EVERY, () => {
      this.#ping();
    });
  }

  #ping(): void {
    // Also true after a laptop's sleep: the timer fires late, and the connection is long gone.
    if (this.#options.clock.now() - this.#heard >= SILENCE) {
      this.#closed(1006);
      return;
    }
    this.send({ type: "ping", seq: this.#seq });
    this.#pingLater();
  }

  #noticeLater(): void {
    if (this.#cancelNotice !== null) return;
    this.#cancelNotice = this.#options.clock.later(PATIENCE, () => this.#options.onOnline(false));
  }

  /** Let go of the present connection without listening to its last words. */
  #drop(): void {
    this.#cancelPing?.();
    this.#greeted = false;
    const socket = this.#socket;
    if (socket === null) return;
    this.#socket = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }
}
