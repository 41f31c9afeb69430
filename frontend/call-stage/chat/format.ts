/* Numbers and times in the page's language. */

const language = (): string => document.documentElement.lang || "de";

export function timeOf(at: number): string {
  return new Intl.DateTimeFormat(language(), { hour: "2-digit", minute: "2-digit" }).format(at);
}

export function percentOf(share: number): string {
  return new Intl.NumberFormat(language(), { style: "percent" }).format(share);
}

const UNITS = ["byte", "kilobyte", "megabyte"] as const;

export function sizeOf(bytes: number): string {
  const power = bytes >= 1024 * 1024 ? 2 : bytes >= 1024 ? 1 : 0;
  const value = bytes / 1024 ** power;
  return new Intl.NumberFormat(language(), {
    style: "unit",
    unit: UNITS[power] ?? "byte",
    unitDisplay: "short",
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value);
}
