/** The command line of `npm run poison`, read into what is wanted. */
import { workQueues, type WorkQueue } from '../../shared/adapters/queues/queue-names.ts';
import { flag, readArguments, text } from '../tenant/argument-values.ts';
import { UsageError } from '../tenant/usage.ts';
import { clearMessage } from './clear-message.ts';
import { listMessages } from './list-messages.ts';
import type { OperatorCommand, OperatorSession, Wish } from './operator-command.ts';
import { openPoisonQueue } from './poison-queue.ts';
import { resendMessages } from './resend-messages.ts';
import { usage } from './usage.ts';

export const poisonCommand: OperatorCommand = { name: 'poison', usage, parse };

function parse([name = '', ...args]: readonly string[]): Wish {
  switch (name) {
    case 'list':
      return parseList(args);
    case 'resend':
      return parseResend(args);
    case 'clear':
      return parseClear(args);
    case '':
      throw new UsageError('The command is missing: list, resend or clear');
    default:
      throw new UsageError(`Unknown command '${name}': list, resend or clear`);
  }
}

function parseList(args: readonly string[]): Wish {
  const { values, positionals } = readArguments(args, {});
  if (positionals[0] !== undefined) throw new UsageError(`Unexpected argument '${positionals[0]}'`);
  const fulfil = async ({ storage, now }: OperatorSession) =>
    await listMessages(
      workQueues.map((queue) => openPoisonQueue(storage.queues, queue)),
      now(),
    );
  return { json: values.json ?? false, fulfil };
}

function parseResend(args: readonly string[]): Wish {
  const { values, positionals } = readArguments(args, { id: text });
  const [queue, id] = [queueIn(positionals), idIn(values.id)];
  return {
    json: values.json ?? false,
    fulfil: ({ storage, say }) => resendMessages(openPoisonQueue(storage.queues, queue), { id, say }),
  };
}

function parseClear(args: readonly string[]): Wish {
  const { values, positionals } = readArguments(args, { id: text, yes: flag });
  const [queue, id] = [queueIn(positionals), idIn(values.id)];
  if (id === undefined)
    throw new UsageError('--id is missing: messages are deleted one by one, as list names them');
  const { yes = false } = values;
  return {
    json: values.json ?? false,
    fulfil: ({ storage }) => clearMessage(openPoisonQueue(storage.queues, queue), { id, yes }),
  };
}

/** The poison queue's own name means the same. */
function queueIn([name, more]: readonly string[]): WorkQueue {
  const queues = workQueues.join(', ');
  if (name === undefined) throw new UsageError(`The queue is missing: one of ${queues}`);
  if (more !== undefined) throw new UsageError(`Unexpected argument '${more}'`);
  const queue = workQueues.find((each) => each === name.replace(/-poison$/, ''));
  if (queue === undefined) throw new UsageError(`Unknown queue '${name}': one of ${queues}`);
  return queue;
}

function idIn(value: string | undefined): string | undefined {
  const id = value?.trim();
  if (id === '') throw new UsageError('--id is empty: give the id that list shows');
  return id;
}
