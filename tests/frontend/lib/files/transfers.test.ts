import { beforeEach, expect, test } from "vitest";
import { Order } from "../../../../frontend/lib/chat/environment.ts";
import { pack } from "../../../../frontend/lib/files/frames.ts";
import { IncomingFiles } from "../../../../frontend/lib/files/incoming.ts";
import {
  LARGEST_FILE,
  type LegState,
  OutgoingFiles,
} from "../../../../frontend/lib/files/outgoing.ts";
import type { Source } from "../../../../frontend/lib/files/sending.ts";
import { type FakePage, Party } from "../../fakes/talk.ts";

let party: Party;
let anna: FakePage;
let paul: FakePage;
let out: OutgoingFiles;
let inbox: IncomingFiles;

beforeEach(() => {
  party = new Party();
  anna = party.add("anna");
  paul = party.add("paul");
  out = new OutgoingFiles(anna.environment, new Order(), 7);
  inbox = new IncomingFiles(paul.environment, new Order(), () => undefined);
});

const MARKER = Uint8Array.from({ length: 700_001 }, (_, at) => (at * 31 + (at >> 9)) & 255);

function source(bytes: Uint8Array = MARKER, name = "../Befund\u202e.pdf"): Source {
  return { name, size: bytes.length, read: async (from, to) => bytes.slice(from, to) };
}

async function work(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => setTimeout(done));
}

function stateAt(code = "paul"): LegState | undefined {
  return out.files.at(-1)?.legs.get(code)?.state;
}

async function acceptFirst(files = inbox): Promise<void> {
  files.accept(files.files[0]?.key ?? "");
  await work();
}

test("nothing comes before it is accepted; then the very same bytes do", async () => {
  expect(out.offer(source())).toBe(null);
  await work();
  expect(inbox.files).toMatchObject([{ state: "offered", received: 0, name: "Befund.pdf" }]);

  await acceptFirst();

  const [file] = inbox.files;
  const bytes = new Uint8Array((await file?.blob?.arrayBuffer()) ?? new ArrayBuffer(0));
  expect(stateAt()).toBe("done");
  expect(file?.blob?.type).toBe("application/octet-stream");
  // By their hashes: Vitest takes seconds to compare so many numbers one by one.
  const digest = await sha256(MARKER);
  expect([bytes.length, await sha256(bytes)]).toEqual([MARKER.length, digest]);
  expect(anna.said.at(-1)).toMatchObject({ type: "file.end", sha256: digest });
});

test("a declined file is not sent", async () => {
  out.offer(source());
  inbox.decline(inbox.files[0]?.key ?? "");
  await work();

  expect([stateAt(), inbox.files[0]?.state]).toEqual(["declined", "declined"]);
});

test("too large, empty and too many are refused before anything is said", () => {
  expect(out.offer({ ...source(), size: LARGEST_FILE + 1 })).toBe("large");
  expect(out.offer(source(new Uint8Array()))).toBe("empty");
  expect(anna.said).toEqual([]);

  for (let count = 0; count < 20; count += 1) expect(out.offer(source())).toBe(null);
  expect(out.offer(source())).toBe("many");
});

test("bytes that were changed on the way are thrown away, and both sides are told", async () => {
  party.tamper = (bytes) => {
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    return bytes;
  };
  out.offer(source());

  await acceptFirst();

  expect([stateAt(), inbox.files[0]?.state, inbox.files[0]?.blob]).toEqual(["bad", "bad", null]);
});

test("pieces out of their order end the transfer", async () => {
  party.tamper = (bytes) => pack(8, 3, bytes.subarray(8));
  out.offer(source());

  await acceptFirst();

  expect([stateAt(), inbox.files[0]?.state]).toEqual(["stopped", "bad"]);
});

test("cut in the middle says so on both sides, and can be sent again", async () => {
  party.cutAfter = 4;
  out.offer(source());
  await acceptFirst();
  expect(stateAt()).toBe("broken");
  expect(inbox.files[0]).toMatchObject({ state: "receiving", blob: null });

  party.cutAfter = Number.POSITIVE_INFINITY;
  party.mend("anna", "paul");
  expect(inbox.files[0]?.state).toBe("broken");
  out.again(out.files[0]?.key ?? "");
  inbox.accept(inbox.files[1]?.key ?? "");
  await work();

  expect(out.files).toHaveLength(1);
  expect([stateAt(), inbox.files[1]?.state]).toEqual(["done", "done"]);
});

test("an offer that was made without a way arrives at the next meeting, once", () => {
  party.cut("anna", "paul");
  out.offer(source());
  expect(inbox.files).toEqual([]);

  party.mend("anna", "paul");
  party.mend("anna", "paul");

  expect(inbox.files).toHaveLength(1);
});

test("a refusal that was lost is not asked again", () => {
  out.offer(source());
  party.cut("anna", "paul");
  inbox.decline(inbox.files[0]?.key ?? "");

  party.mend("anna", "paul");

  expect([stateAt(), inbox.files.length]).toEqual(["declined", 1]);
});

test("the offers of a page that was reloaded are withdrawn", () => {
  out.offer(source());
  out.clear();

  party.mend("anna", "paul");

  expect(inbox.files[0]?.state).toBe("withdrawn");
});

test("either side can stop in the middle", async () => {
  for (const who of ["sender", "receiver"]) {
    out.offer(source());
    const key = inbox.files.at(-1)?.key ?? "";
    let pieces = 0;
    party.tamper = (bytes) => {
      pieces += 1;
      if (pieces === 3 && who === "sender") out.withdraw(out.files.at(-1)?.key ?? "");
      if (pieces === 3 && who === "receiver") inbox.stop(key);
      return bytes;
    };
    inbox.accept(key);
    await work();

    expect(stateAt()).toBe("stopped");
    expect(inbox.files.at(-1)?.state).toBe(who === "sender" ? "withdrawn" : "stopped");
    expect(pieces).toBeLessThan(5);
  }
});

test("a file that cannot be read any more says so", async () => {
  out.offer({ ...source(), read: () => Promise.reject(new Error("NotReadableError")) });

  await acceptFirst();

  expect([stateAt(), inbox.files[0]?.state]).toEqual(["unreadable", "withdrawn"]);
});

test("in a group each accepts for itself, and bytes go to those alone", async () => {
  const relative = party.add("relative");
  const relatives = new IncomingFiles(relative.environment, new Order(), () => undefined);
  out.offer(source());

  await acceptFirst(relatives);

  expect([stateAt("paul"), stateAt("relative")]).toEqual(["offered", "done"]);
  expect(inbox.files[0]?.received).toBe(0);
});

test("one of the others cannot answer or send for another", async () => {
  const relative = party.add("relative");
  out.offer(source(), ["paul"]);
  inbox.accept(inbox.files[0]?.key ?? "");
  relative.words.tell({ type: "file.accept", id: 8 }, "anna");
  paul.words.receive(pack(8, 0, new Uint8Array(10)).buffer, "relative");
  relative.words.tell({ type: "file.end", id: 8, sha256: "0".repeat(64) }, "paul");
  await work();

  expect([stateAt(), inbox.files[0]?.state]).toEqual(["done", "done"]);
});

test("offers with nonsense in them, and a flood of them, are not shown", () => {
  for (const fields of [
    { id: 1, name: "a", size: 0 },
    { id: 1, name: "a", size: LARGEST_FILE + 1 },
    { id: 1.5, name: "a", size: 1 },
    { id: 1, name: 5, size: 1 },
  ])
    anna.words.tell({ type: "file.offer", ...fields });
  expect(inbox.files).toEqual([]);

  for (let id = 1; id < 500; id += 1)
    anna.words.tell({ type: "file.offer", id, name: "a", size: 1 });
  expect(inbox.files).toHaveLength(20);
});

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
