/* What can be wrong with a camera or a microphone, as a page can explain it. */
export type Problem =
  | "denied"
  | "blocked"
  | "missing"
  | "busy"
  | "unsuitable"
  | "insecure"
  | "interrupted"
  | "unknown";

/** Which plain explanation fits an error of getUserMedia. */
export function classify(error: unknown): Problem {
  const name = error instanceof Error || hasName(error) ? error.name : "";
  // Chrome and Edge tell by words alone that not the page but the whole browser is kept out.
  if (name === "NotAllowedError" && / by (the )?system/i.test(String(error))) return "blocked";
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
    case "PermissionDeniedError":
      return "denied";
    case "NotFoundError":
    case "DevicesNotFoundError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
    case "TrackStartError":
      return "busy";
    case "OverconstrainedError":
      return "unsuitable";
    default:
      return "unknown";
  }
}

function hasName(error: unknown): error is { name: string } {
  return typeof error === "object" && error !== null && "name" in error;
}
