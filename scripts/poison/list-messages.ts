/** `list`: what is in the poison queues. */
import type { Outcome } from '../command-line/context.ts';
import { drawTable } from '../command-line/terminal-text.ts';
import { describeIds, idsIn } from './message-ids.ts';
import type { PoisonQueue } from './poison-queue.ts';

/** Takes nothing away. Exit code 1 when there are messages. */
export async function listMessages(queues: readonly PoisonQueue[], now: Date): Promise<Outcome> {
  const all = await Promise.all(queues.map(peek));
  const found = all.filter(({ messages, more }) => messages.length + more > 0);
  return {
    exitCode: found.length === 0 ? 0 : 1,
    answer: {
      value: found.flatMap(({ queue, messages }) => messages.map((message) => ({ queue, ...message }))),
      more: Object.fromEntries(found.map(({ queue, more }) => [queue, more])),
    },
    text: found.length === 0 ? 'The poison queues are empty.' : describe(found, now),
  };
}

async function peek(queue: PoisonQueue) {
  const { messages, total } = await queue.peek();
  return {
    queue: queue.workQueue,
    messages: messages.map(({ messageId, insertedOn, dequeueCount, messageText }) => ({
      id: messageId,
      insertedDateTime: insertedOn.toISOString(),
      dequeueCount,
      ids: idsIn(messageText),
    })),
    /** How many more the queue has, approximately. */
    more: total - messages.length,
  };
}

type Found = Awaited<ReturnType<typeof peek>>;

function describe(found: readonly Found[], now: Date): string {
  const rows = found.flatMap(({ queue, messages }) =>
    messages.map(({ id, insertedDateTime, dequeueCount, ids }) => [
      queue,
      id,
      `${insertedDateTime.slice(0, 19)}Z`,
      ageOf(insertedDateTime, now),
      String(dequeueCount),
      describeIds(ids),
    ]),
  );
  const table = drawTable(['Queue', 'ID', 'Inserted', 'Age', 'Taken', 'About'], rows);
  const more = found.filter((each) => each.more > 0).map(describeMore);
  return [...(rows.length === 0 ? [] : [table]), ...more].join('\n');
}

function describeMore({ queue, more }: Found): string {
  return `${queue}: about ${more} more, not shown because they come later or another reader has taken them`;
}

const minuteMs = 60_000;

function ageOf(moment: string, now: Date): string {
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(moment)) / minuteMs));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
