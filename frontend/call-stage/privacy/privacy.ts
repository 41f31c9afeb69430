/* What people can know about their connection: direct or relayed, the code that they compare
   aloud, and an alarm where something does not fit (DEC-20). */
import { systemClock } from "../../lib/clock.ts";
import type { Phase } from "../../lib/machine.ts";
import { type Route, routeOf } from "../../lib/route.ts";
import { Agreement, type Member } from "../../lib/security/agreement.ts";
import { fingerprintOf } from "../../lib/security/fingerprints.ts";
import { Patience } from "../../lib/security/patience.ts";
import type { CallSession } from "../../lib/session.ts";
import type { StageFeature } from "../features.ts";
import { PrivacyView } from "./privacy-view.ts";

const EVERY = 1_000;
/** Seconds that a way must last before it is called the way: at the start they still change. */
const SETTLED = 3;

export class Privacy implements StageFeature {
  readonly actions = {
    "code-same": () => this.#view.compared(true),
    "code-differs": () => this.#view.compared(false),
    "close-strip": () => this.#view.closeStrip(),
  };
  readonly #session: CallSession;
  readonly #view: PrivacyView;
  readonly #agreement: Agreement;
  readonly #patience = new Patience(systemClock);
  #timer: ReturnType<typeof setInterval> | null = null;
  #seen = "";
  #seconds = 0;
  #told = "";

  constructor(stage: HTMLElement, session: CallSession) {
    this.#session = session;
    this.#view = new PrivacyView(stage);
    this.#agreement = new Agreement({
      roster: () => this.#roster(),
      tell: (word) => session.words.tell(word),
      changed: () => this.#show(),
    });
    for (const type of ["code.commitment", "code.nonce"])
      session.words.on(type, (word, from) => void this.#agreement.hear(word, from));
    session.words.onMeeting(() => {
      void this.#agreement.look();
      void this.#agreement.repeat();
    });
  }

  render(): void {
    if (this.#session.machine.phase !== "active") return;
    void this.#agreement.look();
    this.#show();
  }

  turned(phase: Phase): void {
    if (phase === "active" && this.#timer === null) {
      this.#timer = setInterval(() => void this.#measure(), EVERY);
      void this.#measure();
      this.#view.openStrip();
    } else if (phase !== "active" && this.#timer !== null) {
      clearInterval(this.#timer);
      this.#timer = null;
      this.#seen = "";
      this.#told = "";
      this.#agreement.reset();
      this.#patience.isOver(false);
      this.#view.reset();
    }
  }

  /** Everybody whose connection stands; null where one of them has no certificate that we know. */
  #roster(): { me: Member; others: Member[] } | null {
    const code = this.#session.machine.call?.me ?? "";
    const members = this.#session.room?.members ?? [];
    const own = new Set(
      members.map(([, { connection }]) => fingerprintOf(connection.localDescription)),
    );
    const [fingerprint] = own;
    const others: Member[] = [];
    for (const [other, { connection }] of members) {
      const theirs = fingerprintOf(connection.remoteDescription);
      if (theirs === null) return null;
      others.push({ code: other, fingerprint: theirs });
    }
    if (!code || !fingerprint || own.size !== 1) return null;
    return { me: { code, fingerprint }, others };
  }

  get #isWithOthers(): boolean {
    const { call, phase } = this.#session.machine;
    const others = call?.participants.filter(({ code, joined }) => joined && code !== call.me);
    return phase === "active" && others !== undefined && others.length > 0;
  }

  async #measure(): Promise<void> {
    const connections = this.#session.room?.members.map(([, { connection }]) => connection) ?? [];
    const routes = await Promise.all(connections.map((one) => routeOf(one).catch(() => null)));
    if (this.#timer === null) return;
    this.#show();
    const route = worst(routes);
    this.#view.showRoute(route, connections.length);
    if (route) this.#settle(route.mode);
  }

  /** A relay of the first moment is not the way of the call. */
  #settle(mode: Route["mode"]): void {
    this.#seconds = mode === this.#seen ? this.#seconds + 1 : 0;
    this.#seen = mode;
    if (this.#seconds < SETTLED || mode === this.#told) return;
    this.#told = mode;
    this.#session.room?.tellMode(mode);
  }

  #show(): void {
    const peers = this.#session.room?.peers ?? [];
    const isAlarming = this.#agreement.isBroken || peers.some((peer) => peer.hasWrongCertificate);
    const { code } = this.#agreement;
    const isWaiting = code === null && !isAlarming && this.#isWithOthers;
    this.#view.showCode(code, isAlarming);
    this.#view.showDelay(this.#patience.isOver(isWaiting));
    this.#view.showPresent(this.#session.machine.call);
  }
}

/** One relayed connection makes the call a relayed one; null until each has a way. */
function worst(routes: (Route | null)[]): Route | null {
  const known = routes.filter((route) => route !== null);
  if (known.length === 0 || known.length < routes.length) return null;
  return known.find(({ mode }) => mode === "relayed") ?? known[0] ?? null;
}
