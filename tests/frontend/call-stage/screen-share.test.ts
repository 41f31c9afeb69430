// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { Notices } from "../../../frontend/call-stage/notices.ts";
import { ScreenShare } from "../../../frontend/call-stage/screen-share.ts";
import type { Word } from "../../../frontend/lib/control.ts";
import { LocalMedia } from "../../../frontend/lib/media.ts";
import type { CallSession } from "../../../frontend/lib/session.ts";
import { Words } from "../../../frontend/lib/words.ts";
import { active, callState, DOCTOR, PATIENT } from "../fakes/calls.ts";
import { settle } from "../fakes/clock.ts";
import { environment, FakeStream, FakeTrack } from "../fakes/media.ts";

const PAGE = `<video data-part="screen"></video>
  <p data-part="shown" hidden><b data-part="shown-name"></b></p>
  <p data-part="sharing" hidden></p>
  <button data-action="share-screen" hidden></button>
  <div data-part="notices" data-text-screen-taken="{name} is sharing. Ask {name}."
    data-text-screen-unable="no seat" data-text-screen-unchosen="not chosen"></div>`;

beforeEach(() => {
  vi.spyOn(HTMLMediaElement.prototype, "play").mockResolvedValue();
  Object.defineProperty(HTMLMediaElement.prototype, "srcObject", { writable: true, value: null });
});

/** The doctor's page (or the patient's) in a running call, the other side as words only. */
class Page {
  readonly stage = document.createElement("div");
  readonly said: Word[] = [];
  readonly words = new Words(() => ({
    tell: (word) => [String(this.said.push(word))],
    pipe: () => null,
  }));
  readonly screen = new FakeTrack("video");
  readonly media: LocalMedia;
  readonly theirs = {
    screen: {},
    care: { health: "connected" },
    connection: { getTransceivers: () => [1, 2, 3] },
  };
  readonly feature: ScreenShare;
  readonly #other: string;

  constructor(me: string, seats = 3) {
    this.#other = me === DOCTOR ? PATIENT : DOCTOR;
    this.stage.innerHTML = PAGE;
    this.theirs.connection.getTransceivers = () => [1, 2, 3].slice(0, seats);
    const stream = new FakeStream();
    stream.addTrack(this.screen);
    const { devices, ...rest } = environment({});
    this.media = new LocalMedia({
      ...rest,
      devices: { ...devices, getDisplayMedia: () => Promise.resolve(stream) } as never,
    });
    const call = callState({ ...active, me });
    const session = {
      words: this.words,
      media: this.media,
      machine: { phase: "active", call, otherName: "somebody" },
      room: { peers: [this.theirs], members: [[this.#other, this.theirs]] },
    };
    this.feature = new ScreenShare(
      this.stage,
      session as unknown as CallSession,
      new Notices(this.stage),
    );
    this.media.onChange(() => this.feature.render());
  }

  async press(): Promise<void> {
    this.feature.actions["share-screen"]();
    await settle();
  }

  hear(on: unknown): void {
    this.words.hear({ type: "screen", on }, this.#other);
  }

  get isSharing(): boolean {
    return this.media.track("screen") !== null;
  }

  get notice(): string {
    return this.stage.querySelector('[data-part="notices"]')?.textContent ?? "";
  }
}

test("starting and stopping are told, and said again to whoever is met", async () => {
  const page = new Page(DOCTOR);
  await page.press();
  page.words.meet(PATIENT);
  await page.press();

  expect(page.said.map(({ on }) => on)).toEqual([true, true, false]);
  expect(page.screen.readyState).toBe("ended");
});

test("while they share ours is refused by name, until they stop", async () => {
  const page = new Page(DOCTOR);
  page.hear(true);
  await page.press();
  expect(page.isSharing).toBe(false);
  expect(page.notice).toBe("Erika Mustermann is sharing. Ask Erika Mustermann.");
  expect(page.stage.hasAttribute("data-screen")).toBe(true);

  page.hear(false);
  await page.press();
  expect(page.isSharing).toBe(true);
  expect(page.stage.hasAttribute("data-screen")).toBe(false);
});

test("of two that begin at the same moment exactly one goes on", async () => {
  const pages = [new Page(DOCTOR), new Page(PATIENT)];
  for (const page of pages) await page.press();
  for (const page of pages) page.hear(true);

  const [doctor, patient] = pages;
  expect(pages.filter(({ isSharing }) => isSharing)).toHaveLength(1);
  const [winner, loser] = DOCTOR < PATIENT ? [doctor, patient] : [patient, doctor];
  expect(winner?.isSharing).toBe(true);
  expect(loser?.notice).toContain("is sharing");
  expect(loser?.stage.hasAttribute("data-screen")).toBe(true);
});

test("a page without the third seat cannot be shown anything, and is not asked to", async () => {
  const page = new Page(DOCTOR, 2);
  await page.press();

  expect(page.isSharing).toBe(false);
  expect(page.notice).toBe("no seat");
});

test("the end of the call ends both directions", async () => {
  const page = new Page(PATIENT);
  await page.press();
  page.hear("yes");
  expect(page.stage.hasAttribute("data-screen")).toBe(false);
  page.feature.turned("ended");

  expect(page.isSharing).toBe(false);
  expect(page.screen.readyState).toBe("ended");
});
