/* Two pages and whoever sits between them: reads nothing, changes nothing, repeats nothing. */
import { expect, test } from "vitest";
import { fromBase64Url, toBase64Url } from "../../../../frontend/lib/secrecy/bytes.ts";
import {
  PageKeys,
  type SealedBody,
  type SecretChannel,
  type Side,
  Unreadable,
} from "../../../../frontend/lib/secrecy/channel.ts";

const GUEST = "gastgast2345";

interface Pair {
  guest: PageKeys;
  host: PageKeys;
  fromGuest: SecretChannel;
  fromHost: SecretChannel;
}

function peer({ page, publicKey }: PageKeys): { page: string; key: string } {
  return { page, key: publicKey };
}

async function pair(): Promise<Pair> {
  const [guest, host] = await Promise.all([PageKeys.make(), PageKeys.make()]);
  return {
    guest,
    host,
    fromGuest: await guest.channelTo(peer(host), GUEST, "guest"),
    fromHost: await host.channelTo(peer(guest), GUEST, "host"),
  };
}

function changed({ number, body }: SealedBody, at: number): SealedBody {
  const bytes = fromBase64Url(body);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return { number, body: toBase64Url(bytes) };
}

test("what one page seals, the other opens, both ways", async () => {
  const { fromGuest, fromHost } = await pair();

  expect(await fromHost.open(await fromGuest.seal("Grüß Gott 🙂\nIch warte."))).toBe(
    "Grüß Gott 🙂\nIch warte.",
  );
  expect(await fromGuest.open(await fromHost.seal("Noch 5 Minuten"))).toBe("Noch 5 Minuten");
});

test("the sealed text tells neither words nor their exact length", async () => {
  const { fromGuest } = await pair();

  const [short, long] = [await fromGuest.seal("ja"), await fromGuest.seal("nein, lieber später")];

  expect(short.body).toHaveLength(long.body.length);
  expect(new TextDecoder().decode(fromBase64Url(long.body))).not.toContain("später");
});

test.each([0, 40, 130])("a byte changed at %i makes it unreadable", async (at) => {
  const { fromGuest, fromHost } = await pair();
  const sealed = await fromGuest.seal("Bitte rufen Sie an");

  await expect(fromHost.open(changed(sealed, at))).rejects.toBeInstanceOf(Unreadable);
  expect(await fromHost.open(sealed)).toBe("Bitte rufen Sie an");
});

test("another number on the same body makes it unreadable", async () => {
  const { fromGuest, fromHost } = await pair();
  const sealed = await fromGuest.seal("eins");

  await expect(fromHost.open({ ...sealed, number: 2 })).rejects.toBeInstanceOf(Unreadable);
});

test("nothing is taken twice, nor out of its order", async () => {
  const { fromGuest, fromHost } = await pair();
  const [first, second] = [await fromGuest.seal("eins"), await fromGuest.seal("zwei")];

  expect(await fromHost.open(second)).toBe("zwei");
  await expect(fromHost.open(second)).rejects.toBeInstanceOf(Unreadable);
  await expect(fromHost.open(first)).rejects.toBeInstanceOf(Unreadable);
});

test("of two copies at the same time one is taken", async () => {
  const { fromGuest, fromHost } = await pair();
  const sealed = await fromGuest.seal("eins");

  const results = await Promise.allSettled([fromHost.open(sealed), fromHost.open(sealed)]);

  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
});

test("one's own words do not come back as the other's", async () => {
  const { fromGuest } = await pair();

  await expect(fromGuest.open(await fromGuest.seal("eins"))).rejects.toBeInstanceOf(Unreadable);
});

test.each<[string, string, Side]>([
  ["another guest", "andererer234", "host"],
  ["the other side", GUEST, "guest"],
])("a page that takes it for %s's cannot open it", async (_what, about, side) => {
  const { guest, host, fromGuest } = await pair();
  const wrong = await host.channelTo(peer(guest), about, side);

  await expect(wrong.open(await fromGuest.seal("eins"))).rejects.toBeInstanceOf(Unreadable);
});

test("a third page, and one with the same name and another key, cannot open it", async () => {
  const { guest, host, fromGuest } = await pair();
  const third = await PageKeys.make();
  const sealed = await fromGuest.seal("eins");

  for (const [keys, known] of [
    [third, peer(guest)],
    [host, { page: guest.page, key: third.publicKey }],
  ] as const) {
    const wrong = await keys.channelTo(known, GUEST, "host");
    await expect(wrong.open(sealed)).rejects.toBeInstanceOf(Unreadable);
  }
});

test("a key that is no point on the curve is refused", async () => {
  const { host } = await pair();
  const key = toBase64Url(new Uint8Array(65).fill(4));

  await expect(host.channelTo({ page: "seiteseite23", key }, GUEST, "host")).rejects.toThrow();
});

test("keys and names are new for every page and fit the wire", async () => {
  const [one, two] = [await PageKeys.make(), await PageKeys.make()];

  expect(one.publicKey).not.toBe(two.publicKey);
  expect(one.publicKey).toMatch(/^[A-Za-z0-9_-]{87}$/);
  expect(one.page).toMatch(/^[a-z2-7]{12}$/);
  expect(one.page).not.toBe(two.page);
});

test("the longest message in the widest script fits into 8 KiB of ciphertext", async () => {
  const { fromGuest } = await pair();

  const { body } = await fromGuest.seal(
    JSON.stringify({ id: "abcdefghijkl", text: "語".repeat(2000) }),
  );

  expect(body.length).toBeLessThanOrEqual(10_923);
});
