/** GUIDs that contain when they were made: their order is that of time, and a key can be made of one alone. */
import { randomUUID } from 'node:crypto';

/** Version 7 of RFC 9562. */
export function newTimedId(now: Date): string {
  const time = now.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}

/** When an ID of {@link newTimedId} was made; meaningless for any other GUID. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}
