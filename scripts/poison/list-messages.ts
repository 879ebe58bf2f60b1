/** `list`: what is in the poison queues. */
import { idsOf, messageIn } from '../../shared/poison/message-ids.ts';
import { poisonIdOf, type PoisonMessage } from '../../shared/poison/poison-message.ts';
import type { PoisonQueue } from '../../shared/poison/poison-queue.ts';
import type { Outcome } from '../command-line/context.ts';
import { drawTable } from '../command-line/terminal-text.ts';
import { describeIds } from './describe-ids.ts';

/** Takes nothing away. Exit code 1 when there are messages. */
export async function listMessages(
  queues: readonly PoisonQueue[],
  causes: readonly PoisonMessage[],
  now: Date,
): Promise<Outcome> {
  const codes = new Map(causes.map(({ id, code }) => [id, code]));
  const all = await Promise.all(queues.map((queue) => peek(queue, codes)));
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

async function peek(queue: PoisonQueue, codes: ReadonlyMap<string, string | undefined>) {
  const [messages, total] = await Promise.all([queue.peek(), queue.count()]);
  return {
    queue: queue.workQueue,
    messages: messages.map(({ messageId, insertedOn, dequeueCount, messageText }) => ({
      id: messageId,
      insertedDateTime: insertedOn.toISOString(),
      dequeueCount,
      errorCode: codes.get(poisonIdOf(queue.workQueue, messageIn(messageText))),
      ids: idsOf(messageIn(messageText)),
    })),
    /** How many more the queue has, approximately. */
    more: Math.max(0, total - messages.length),
  };
}

type Found = Awaited<ReturnType<typeof peek>>;

function describe(found: readonly Found[], now: Date): string {
  const rows = found.flatMap(({ queue, messages }) =>
    messages.map(({ id, insertedDateTime, dequeueCount, errorCode, ids }) => [
      queue,
      id,
      `${insertedDateTime.slice(0, 19)}Z`,
      ageOf(insertedDateTime, now),
      String(dequeueCount),
      errorCode ?? 'unknown',
      describeIds(ids),
    ]),
  );
  const table = drawTable(['Queue', 'ID', 'Inserted', 'Age', 'Taken', 'Error', 'About'], rows);
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
