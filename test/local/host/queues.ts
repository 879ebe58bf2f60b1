/** Polls a storage queue and runs its function for each message, with the concurrency that host.json allows. */
import { setTimeout as delay } from 'node:timers/promises';
import { type DequeuedMessageItem, QueueServiceClient, RestError } from '@azure/storage-queue';
import type { QueueFunction } from './function-app.ts';
import type { Invocations } from './invocations.ts';
import type { Log } from './log.ts';
import { handleMessage, type MessageContext, showAgain } from './queue-message.ts';
import { type QueueSettings, resolveSettings } from './settings.ts';

const MIN_POLLING_INTERVAL_MS = 100;
/** As the Functions host does on a developer's machine, where polls are free. */
const MAX_POLLING_INTERVAL_MS = 2000;

export interface QueueListener {
  readonly name: string;
  /** Starts receiving messages; creates the queue if it is missing. */
  readonly start: () => void;
  /** Runs the function with this text, bypassing the queue. */
  readonly runNow: (text: string) => void;
  /** Receives no more messages; resolves once those received are settled. */
  readonly stop: () => Promise<void>;
}

export interface QueueListenerOptions {
  readonly target: QueueFunction;
  readonly settings: QueueSettings;
  readonly invocations: Invocations;
  readonly log: Log;
}

/** @throws {Error} when the connection's setting is missing. */
export function createQueueListener(options: QueueListenerOptions): QueueListener {
  const { target, settings, invocations, log } = options;
  const context = { target, settings, invocations, ...openQueues(target) };
  const stopping = new AbortController();
  let finished: Promise<void> = Promise.resolve();
  return {
    name: target.name,
    start: () => {
      finished = pollUntil(stopping.signal, context, log);
    },
    runNow: (text) => {
      invocations.run(target, { input: { string: text } }).catch(() => undefined);
    },
    stop: () => {
      stopping.abort();
      return finished;
    },
  };
}

function openQueues({ trigger }: QueueFunction): Pick<MessageContext, 'queue' | 'poisonQueue'> {
  const connection = trigger.connection === '' ? 'AzureWebJobsStorage' : trigger.connection;
  const connectionString = process.env[connection] ?? process.env[`AzureWebJobs${connection}`];
  if (connectionString === undefined) throw new Error(`The setting ${connection} is missing`);
  const service = QueueServiceClient.fromConnectionString(connectionString);
  const name = resolveSettings(trigger.queueName, process.env);
  return { queue: service.getQueueClient(name), poisonQueue: service.getQueueClient(`${name}-poison`) };
}

async function pollUntil(stop: AbortSignal, context: MessageContext, log: Log): Promise<void> {
  const { settings } = context;
  const inHand = new Set<Promise<void>>();
  const take = (message: DequeuedMessageItem): void => {
    const work = handleMessage(context, message)
      .catch((error: unknown) => {
        log('error', `${context.target.name} could not settle a message: ${String(error)}`);
      })
      .finally(() => inHand.delete(work));
    inHand.add(work);
  };
  const maxPauseMs = Math.min(settings.maxPollingInterval, MAX_POLLING_INTERVAL_MS);
  let pauseMs = MIN_POLLING_INTERVAL_MS;
  while (!stop.aborted) {
    const messages = await receive(context, log);
    await takeOrGiveBack(messages, { stop, take, giveBack: (each) => giveBack(context, each) });
    while (inHand.size > settings.newBatchThreshold) await Promise.race(inHand);
    pauseMs = messages.length > 0 ? MIN_POLLING_INTERVAL_MS : Math.min(pauseMs * 2, maxPauseMs);
    if (messages.length === 0) await delay(pauseMs, undefined, { signal: stop }).catch(() => undefined);
  }
  await Promise.all(inHand);
}

interface Choice {
  readonly stop: AbortSignal;
  readonly take: (message: DequeuedMessageItem) => void;
  readonly giveBack: (message: DequeuedMessageItem) => Promise<void>;
}

/** A receive that was running when the host was stopped has hidden messages that would otherwise not be processed. */
async function takeOrGiveBack(messages: readonly DequeuedMessageItem[], choice: Choice): Promise<void> {
  if (choice.stop.aborted) await Promise.all(messages.map((message) => choice.giveBack(message)));
  else for (const message of messages) choice.take(message);
}

/** A storage failure is logged and treated as an empty queue; the next poll retries. */
async function receive(
  { queue, settings, target }: MessageContext,
  log: Log,
): Promise<readonly DequeuedMessageItem[]> {
  try {
    const { receivedMessageItems } = await queue.receiveMessages({
      numberOfMessages: settings.batchSize,
      visibilityTimeout: settings.leaseSeconds,
    });
    return receivedMessageItems;
  } catch (error) {
    if (error instanceof RestError && error.code === 'QueueNotFound') await queue.createIfNotExists();
    else log('warning', `${target.name} cannot read its queue: ${String(error)}`);
    return [];
  }
}

function giveBack({ queue }: MessageContext, message: DequeuedMessageItem): Promise<void> {
  return showAgain(queue, message, message.popReceipt, 0);
}
