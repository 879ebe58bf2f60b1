/** `clear`: deletes one message for good. */
import type { Outcome } from '../tenant/session.ts';
import { findMessage } from './find-message.ts';
import { describeIds, idsIn } from './message-ids.ts';
import type { PoisonQueue } from './poison-queue.ts';

export interface Clearing {
  readonly id: string;
  readonly yes: boolean;
}

/** @throws Failure when it is not there */
export async function clearMessage(queue: PoisonQueue, { id, yes }: Clearing): Promise<Outcome> {
  const message = await findMessage(queue, id);
  const about = `message ${id} of ${queue.name} (${describeIds(idsIn(message.text)).join(', ')})`;
  const answer = { queue: queue.workQueue, id, cleared: yes };
  if (yes) {
    await queue.remove(message);
    return { exitCode: 0, answer, text: `Deleted ${about}.` };
  }
  await queue.giveBack(message);
  const text = `This would delete ${about} for good. Nothing was done: say --yes to do it.`;
  return { exitCode: 2, answer, text };
}
