/** `list`: what lies in all poison queues. */
import type { Outcome } from '../tenant/session.ts';
import { drawTable } from '../tenant/terminal-text.ts';
import { describeIds, idsIn } from './message-ids.ts';
import type { PoisonMessage, PoisonQueue } from './poison-queue.ts';

interface Found {
  readonly queue: PoisonQueue;
  readonly messages: readonly PoisonMessage[];
  /** There, and not among the messages. */
  readonly more: number;
}

/** Takes nothing away. Exit code 1 when something is there. */
export async function listMessages(queues: readonly PoisonQueue[], now: Date): Promise<Outcome> {
  const looked = await Promise.all(queues.map(look));
  const found = looked.filter(({ messages, more }) => messages.length + more > 0);
  return {
    exitCode: found.length === 0 ? 0 : 1,
    answer: {
      value: found.flatMap(({ queue, messages }) => messages.map((message) => toAnswer(queue, message))),
      more: Object.fromEntries(found.map(({ queue, more }) => [queue.workQueue, more])),
    },
    text: found.length === 0 ? 'Nothing is in any poison queue.' : describe(found, now),
  };
}

async function look(queue: PoisonQueue): Promise<Found> {
  const { messages, total } = await queue.peek();
  return { queue, messages, more: total - messages.length };
}

function toAnswer({ workQueue }: PoisonQueue, { id, insertedAt, dequeueCount, text }: PoisonMessage) {
  const shared = { queue: workQueue, id, insertedDateTime: insertedAt.toISOString(), dequeueCount };
  return { ...shared, ids: idsIn(text) ?? null };
}

function describe(found: readonly Found[], now: Date): string {
  const rows = found.flatMap(({ queue, messages }) =>
    messages.map(({ id, insertedAt, dequeueCount, text }) => [
      ...[queue.workQueue, id, insertedAt.toISOString().slice(0, 19) + 'Z', ageOf(insertedAt, now)],
      ...[String(dequeueCount), describeIds(idsIn(text))],
    ]),
  );
  const more = found.flatMap((each) => (each.more > 0 ? [describeMore(each)] : []));
  const table = drawTable(['queue', 'id', 'inserted', 'age', 'taken', 'about'], rows);
  return [...(rows.length === 0 ? [] : [table]), ...more].join('\n');
}

function describeMore({ queue, more }: Found): string {
  return `${queue.workQueue}: about ${more} more, not shown because they come later or somebody has just taken them`;
}

const minuteMs = 60_000;

function ageOf(insertedAt: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - insertedAt.getTime()) / minuteMs));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
