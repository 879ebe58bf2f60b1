/** Part f: a tenant of thousands of mailboxes enabled and verified, at the distance of Microsoft. */
import type { Bench } from '../bench.ts';
import type { OperationCounts } from '../counting-proxy.ts';
import type { ExchangeCounts } from '../feed.ts';
import type { Figure } from '../figures.ts';
import type { PartResult } from '../report.ts';
import { enable, register } from '../tasks.ts';

const mailboxes = 5000;
const latencyMs = 50;

export async function measureMailboxes(bench: Bench): Promise<PartResult> {
  await bench.emulator.clear();
  const tenantId = await bench.feed.addMailboxes(mailboxes);
  await bench.withWorker('direct', (worker) => worker.run(register, { tenantId }));
  const before = await bench.feed.exchangeCounts();
  await bench.feed.setLatency(latencyMs);
  const { storage, ...spent } = await bench.withWorker('counted', async (worker) => {
    bench.wire.reset();
    return { ...(await worker.run(enable, { tenantId })), storage: bench.wire.counts() };
  });
  await bench.feed.setLatency(0);
  const exchange = since(before, await bench.feed.exchangeCounts());
  const { seconds, messages } = spent;
  bench.say(
    `(f) ${seconds.toFixed(1)} s, ${messages} messages, ${JSON.stringify({ ...exchange, ...storage })}`,
  );
  return { part: 'f', figures: toFigures({ ...spent, ...exchange, storage }), notes };
}

const notes = [
  `${mailboxes.toLocaleString('en-US')} mailboxes, none as wanted: 60 % not audited, 10 % that only say so and take two changes; ${latencyMs} ms a request.`,
  'From the start to the end of verification. Commands are cmdlets, ten of them in a batch are one request.',
];

interface Asked {
  readonly requests: number;
  readonly commands: number;
}

function since(before: ExchangeCounts, after: ExchangeCounts): Asked {
  const commandsIn = ({ commands }: ExchangeCounts) =>
    Object.values(commands).reduce((sum, count) => sum + count, 0);
  return {
    requests: after.requests - before.requests,
    commands: commandsIn(after) - commandsIn(before),
  };
}

interface Measured extends Asked {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly storage: OperationCounts;
}

function toFigures({ requests, commands, seconds, cpuSeconds, storage }: Measured): readonly Figure[] {
  const thousands = mailboxes / 1000;
  const operations = storage.tableReads + storage.tableWrites + storage.queueOperations;
  return [
    {
      key: 'requestsPerMailbox',
      label: 'requests to Exchange a mailbox',
      value: requests / mailboxes,
      unit: '',
    },
    { key: 'commandsPerMailbox', label: 'commands a mailbox', value: commands / mailboxes, unit: '' },
    {
      key: 'secondsPer1000Mailboxes',
      label: `1,000 mailboxes at ${latencyMs} ms a request`,
      value: seconds / thousands,
      unit: 's',
    },
    { key: 'cpuSecondsPer1000Mailboxes', label: '  of processor', value: cpuSeconds / thousands, unit: 's' },
    {
      key: 'storageOperationsPer1000Mailboxes',
      label: 'storage operations for 1,000 mailboxes',
      value: operations / thousands,
      unit: '',
    },
  ];
}
