/** The password rule of DEC-2, as healthcompanion/accounts/validators.py has it. No DOM. */

export const RULES = ["length", "upper", "lower", "digit", "special", "long"] as const;
export type Rule = (typeof RULES)[number];

const LONG_LENGTH = 20;
const SHORT_LENGTH = 8;

/** Which of the rules `password` meets. */
export function metRules(password: string): Set<Rule> {
  const classes: [Rule, boolean][] = [
    ["upper", /\p{Lu}/u.test(password)],
    ["lower", /\p{Ll}/u.test(password)],
    ["digit", /\p{Nd}/u.test(password)],
    ["special", /[^\p{L}\p{N}]/u.test(password)],
  ];
  const met = new Set(classes.filter(([, present]) => present).map(([rule]) => rule));
  const length = [...password].length;
  if (length >= LONG_LENGTH && met.size >= 2) met.add("long");
  if (length >= SHORT_LENGTH) met.add("length");
  return met;
}
