/** Runs commands for operators against the storage emulator, and looks into its queues. */
import { QueueServiceClient, type QueueClient } from '@azure/storage-queue';
import { randomUUID } from 'node:crypto';
import {
  runOperatorCommand,
  type OperatorCommand,
  type World,
} from '../../../scripts/poison/operator-command.ts';
import { landingStamp, type IndexRequest } from '../../../shared/landing/landing.ts';

export interface Ran {
  readonly exitCode: number;
  readonly output: string;
  readonly errors: string;
}

/** No local settings but those that are given; `env` tells where storage is. */
export async function run(
  command: OperatorCommand,
  args: readonly string[],
  { env = {}, settingsFile = 'no.such.file' }: Partial<World>,
): Promise<Ran> {
  let [output, errors] = ['', ''];
  const exitCode = await runOperatorCommand(command, args, {
    ...{ env, settingsFile, now: () => new Date() },
    write: (text) => (output += text),
    writeError: (text) => (errors += text),
  });
  return { exitCode, output, errors };
}

export function createQueues(connectionString: string) {
  const service = QueueServiceClient.fromConnectionString(connectionString);
  const open = async (name: string): Promise<QueueClient> => {
    const queue = service.getQueueClient(name);
    await queue.createIfNotExists();
    return queue;
  };
  return {
    service,
    /** Puts a text as it is. Resolves with the message's id. */
    put: async (name: string, text: string): Promise<string> =>
      (await (await open(name)).sendMessage(text, { messageTimeToLive: -1 })).messageId,
    /** Takes all that can be seen. */
    drain: async (name: string): Promise<readonly string[]> => {
      const queue = await open(name);
      const texts: string[] = [];
      for (;;) {
        const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32 });
        if (receivedMessageItems.length === 0) return texts;
        texts.push(...receivedMessageItems.map(({ messageText }) => messageText));
        await Promise.all(
          receivedMessageItems.map(({ messageId, popReceipt }) => queue.deleteMessage(messageId, popReceipt)),
        );
      }
    },
    /** With those that somebody has taken. */
    count: async (name: string): Promise<number> =>
      (await (await open(name)).getProperties()).approximateMessagesCount ?? 0,
    clear: async (name: string): Promise<void> => {
      await (await open(name)).clearMessages();
    },
  };
}

export type Queues = ReturnType<typeof createQueues>;

/** As the queues hold it. */
export function encoded(message: unknown): string {
  return Buffer.from(JSON.stringify(message)).toString('base64');
}

export function decoded(text: string): unknown {
  return JSON.parse(Buffer.from(text, 'base64').toString('utf8'));
}

export function indexRequest(): IndexRequest {
  const tenantId = randomUUID();
  const landingId = `${landingStamp(new Date('2026-03-02T09:14:07.123Z'))}-${tenantId.replaceAll('-', '').slice(0, 16)}`;
  const blobName = `tenant=${tenantId}/date=2026-03-02/${landingId}.ndjson.gz`;
  return { version: 1, tenantId, landingId, blobName };
}
