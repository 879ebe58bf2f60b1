/** GUIDs that contain when they were made: their order is that of time, and a key can be made of one alone. */
import { randomUUID } from 'node:crypto';
import { sha256Of } from './sha256.ts';

/** Version 7 of RFC 9562. */
export function newTimedId(now: Date): string {
  return `${timePart(now)}-7${randomUUID().slice(15)}`;
}

/** The same for the same moment and the same text, in the form of {@link newTimedId}. */
export function timedIdOf(at: Date, text: string): string {
  const hash = sha256Of(text);
  return `${timePart(at)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`;
}

function timePart(at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}`;
}

/** When an ID of {@link newTimedId} was made; meaningless for any other GUID. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
