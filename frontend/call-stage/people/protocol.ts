/* Who may come into the call, as the server tells its host: `CallPeople` of docs/protocol.md. */
import type { PersonRole } from "../../lib/protocol.ts";

export interface Outsider {
  guest: string;
  name: string;
  role: PersonRole;
  /** At the door: the name they gave, where it is not the invited one. */
  other_name?: string;
  /** Invited, and not here: the link to pass on. */
  link?: string;
}

export interface CallPeople {
  most: number;
  free: number;
  door: Outsider[];
  invited: Outsider[];
  sms: boolean;
}

export function isCallPeople(value: unknown): value is CallPeople {
  if (typeof value !== "object" || value === null) return false;
  const { door, invited, free } = value as Partial<CallPeople>;
  return Array.isArray(door) && Array.isArray(invited) && typeof free === "number";
}
