/** `list`: what is in the poison queues. */
import type { Outcome } from '../command-line/context.ts';
import { drawTable } from '../command-line/terminal-text.ts';
import { describeIds, idsIn } from './message-ids.ts';
import type { PoisonMessage, PoisonQueue } from './poison-queue.ts';

interface Found {
  readonly queue: PoisonQueue;
  readonly messages: readonly PoisonMessage[];
  /** How many more the queue has, approximately. */
  readonly more: number;
}

/** Takes nothing away. Exit code 1 when there are messages. */
export async function listMessages(queues: readonly PoisonQueue[], now: Date): Promise<Outcome> {
  const found = (await Promise.all(queues.map(peek))).filter(
    ({ messages, more }) => messages.length + more > 0,
  );
  return {
    exitCode: found.length === 0 ? 0 : 1,
    answer: {
      value: found.flatMap(({ queue, messages }) => messages.map((message) => toAnswer(queue, message))),
      more: Object.fromEntries(found.map(({ queue, more }) => [queue.workQueue, more])),
    },
    text: found.length === 0 ? 'The poison queues are empty.' : describe(found, now),
  };
}

async function peek(queue: PoisonQueue): Promise<Found> {
  const { messages, total } = await queue.peek();
  return { queue, messages, more: total - messages.length };
}

function toAnswer({ workQueue: queue }: PoisonQueue, { id, insertedAt, dequeueCount, text }: PoisonMessage) {
  return { queue, id, insertedDateTime: insertedAt.toISOString(), dequeueCount, ids: idsIn(text) ?? null };
}

function describe(found: readonly Found[], now: Date): string {
  const rows = found.flatMap(({ queue, messages }) =>
    messages.map(({ id, insertedAt, dequeueCount, text }) => [
      queue.workQueue,
      id,
      `${insertedAt.toISOString().slice(0, 19)}Z`,
      ageOf(insertedAt, now),
      String(dequeueCount),
      describeIds(idsIn(text)),
    ]),
  );
  const table = drawTable(['Queue', 'ID', 'Inserted', 'Age', 'Taken', 'About'], rows);
  const more = found.filter((each) => each.more > 0).map(describeMore);
  return [...(rows.length === 0 ? [] : [table]), ...more].join('\n');
}

function describeMore({ queue, more }: Found): string {
  return `${queue.workQueue}: about ${more} more, not shown because they come later or another reader has taken them`;
}

const minuteMs = 60_000;

function ageOf(insertedAt: Date, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - insertedAt.getTime()) / minuteMs));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
