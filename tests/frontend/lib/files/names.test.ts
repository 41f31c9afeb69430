import { expect, test } from "vitest";
import { endingOf, kindOf, safeName } from "../../../../frontend/lib/files/names.ts";

test.each([
  ["Befund.pdf", "Befund.pdf"],
  ["../../etc/passwd", "passwd"],
  ["C:\\Users\\anna\\Röntgen.png", "Röntgen.png"],
  ["a\u0000b\u001b[31m\n.txt", "ab[31m.txt"],
  ["bild\u202egnp.exe", "bildgnp.exe"],
  ["\u2066x\u2069\u200b.pdf", "x.pdf"],
  [".bashrc", "bashrc"],
  ["con.txt", "_con.txt"],
  ['a<b>"c"|d?.pdf', "a_b__c__d_.pdf"],
  ["   ", "file"],
  ["..", "file"],
  ["/", "file"],
  ["Bericht.pdf   .exe. ", "Bericht.pdf .exe"],
])("the name %j is shown and saved as %j", (raw, safe) => {
  expect(safeName(raw)).toBe(safe);
});

test("a long name keeps its ending", () => {
  const name = safeName(`${"ä".repeat(400)}.pdf`);

  expect([...name]).toHaveLength(120);
  expect(name.endsWith("….pdf")).toBe(true);
  expect([...safeName("b".repeat(5_000))]).toHaveLength(120);
});

test("the kind follows the last ending alone", () => {
  expect(endingOf("Röntgen.png.EXE")).toBe("exe");
  expect(kindOf("Röntgen.png.EXE")).toBe("other");
  expect(kindOf("Röntgen.PNG")).toBe("image");
  expect(kindOf("ohne")).toBe("other");
});
