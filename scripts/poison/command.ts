/** `auditkeep poison`: shows, resends and deletes messages that failed too often. */
import { workQueues, type WorkQueue } from '../../shared/poison/queue-names.ts';
import { openPoisonQueue } from '../../shared/adapters/queues/poison-queue.ts';
import { createPoisonMessageStore } from '../../shared/adapters/tables/poison-message-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type { StorageSettings } from '../../shared/config.ts';
import { forgettingCauses } from '../../shared/poison/forgetting-causes.ts';
import type { PoisonMessages } from '../../shared/poison/poison-message.ts';
import type { PoisonQueue } from '../../shared/poison/poison-queue.ts';
import type { Define, Outcome } from '../command-line/context.ts';
import { oneOf, text } from '../command-line/values.ts';
import { openStorage, reportOnStorage, storageHelp } from '../storage/storage.ts';
import { findMessage } from './find-message.ts';
import { listMessages } from './list-messages.ts';
import { describeMessage } from './describe-ids.ts';
import { resendMessages } from './resend-messages.ts';

const help = `
Only the IDs in a message are shown, never its other content. A message is put into its queue
before it is deleted: after an interruption it may be resent twice, which changes nothing. While
messages are searched they are hidden from other readers, for two minutes at most.
${storageHelp}`;

export const define: Define = (poison, context) => {
  const onQueue = (name: WorkQueue, command: (queue: PoisonQueue) => Promise<Outcome>) =>
    reportOnStorage(context, (settings) =>
      command(forgettingCauses(openPoisonQueue(openStorage(settings).queues, name), causesIn(settings))),
    );
  poison
    .description('Shows the messages in the poison queues, resends or deletes them. Fix the cause first.')
    .addHelpText('afterAll', help);
  poison
    .command('list')
    .description('Lists up to 32 messages of each queue. Exit code 1 if there are any.')
    .action(() =>
      reportOnStorage(context, async (settings) => {
        const { queues } = openStorage(settings);
        return await listMessages(
          workQueues.map((queue) => openPoisonQueue(queues, queue)),
          await causesIn(settings).list(),
          context.now(),
        );
      }),
    );
  poison
    .command('resend')
    .description('Resends the messages that are in the poison queue now to their work queue, oldest first.')
    .argument('<queue>', queueHelp, workQueue)
    .option('--id <id>', 'only this message', text)
    .action((name, { id }) =>
      onQueue(name, (queue) => resendMessages(queue, { id, notify: context.notify })),
    );
  poison
    .command('clear')
    .description('Deletes one message permanently. Without --yes only shows what it would do.')
    .argument('<queue>', queueHelp, workQueue)
    .requiredOption('--id <id>', 'the message, as list shows it (not the ID of the API)', text)
    .option('--yes', 'do it')
    .action((name, { id, yes = false }) => onQueue(name, (queue) => clearMessage(queue, id, yes)));
};

const queueHelp = `the work queue: ${workQueues.join(', ')}`;

function causesIn(settings: StorageSettings): PoisonMessages {
  return createPoisonMessageStore(createTables(settings));
}

/** The poison queue's own name means the same. */
function workQueue(name: string): WorkQueue {
  return oneOf(workQueues)(name.replace(/-poison$/, ''));
}

/** @throws Failure when the message does not exist */
async function clearMessage(queue: PoisonQueue, id: string, yes: boolean): Promise<Outcome> {
  const message = await findMessage(queue, id);
  await (yes ? queue.remove(message) : queue.giveBack(message));
  const about = `message ${id} of ${queue.name} (${describeMessage(message)})`;
  const intent = `This would permanently delete ${about}. Nothing was done: add --yes to do it.`;
  return {
    exitCode: yes ? 0 : 2,
    answer: { queue: queue.workQueue, id, cleared: yes },
    text: yes ? `Deleted ${about}.` : intent,
  };
}
