/** When a message is due at a channel. */
import type { Channel } from './channel.ts';
import { localMinutes, minutesOf, nextAt } from './local-time.ts';
import { isAtLeast, type Message } from './message.ts';

const hourMs = 60 * 60_000;

type Timing = Pick<Channel, 'quietHours' | 'digest' | 'urgentFrom'>;

/** The earliest moment, at or after `now`, at which the channel may send a message of this severity. */
export function dueAt(channel: Timing, { severity }: Pick<Message, 'severity'>, now: Date): Date {
  const { urgentFrom } = channel;
  if (urgentFrom !== undefined && isAtLeast(severity, urgentFrom)) return now;
  return afterQuietHours(channel, digestTime(channel, now));
}

function digestTime({ digest }: Timing, now: Date): Date {
  if (digest === undefined) return now;
  const { timeZone, at } = digest;
  if (timeZone !== undefined && at !== undefined) return nextAt(timeZone, at, now);
  return new Date((Math.floor(now.getTime() / hourMs) + 1) * hourMs);
}

function afterQuietHours({ quietHours }: Timing, at: Date): Date {
  if (quietHours === undefined) return at;
  const { timeZone, from, to } = quietHours;
  return isWithin(localMinutes(timeZone, at), minutesOf(from), minutesOf(to)) ? nextAt(timeZone, to, at) : at;
}

/** Half-open; over midnight if it ends before it begins. */
function isWithin(minutes: number, from: number, to: number): boolean {
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}
