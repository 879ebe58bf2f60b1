/** What happens to a batch of events that ingestion does not accept, without the exporter. */
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  type LogRecordExporter,
  type ReadableLogRecord,
} from '@opentelemetry/sdk-logs';
import { describe, expect, it } from 'vitest';
import { IngestionRefusedError } from '../../../shared/adapters/monitor/ingestion-refusals.ts';
import { createRetryingSender } from '../../../shared/adapters/monitor/retrying-sender.ts';

type Outcome = Error | 'taken' | 'silence';

const transient = new IngestionRefusedError('transient');
const forGood = new IngestionRefusedError('final');
const hour = 3_600_000;
const succeeding = new InMemoryLogRecordExporter();
const failing = new InMemoryLogRecordExporter();
await failing.shutdown();

/** Answers attempts with these outcomes; the last one repeats. */
function createSender(
  outcomes: readonly Outcome[],
  waitsMs: readonly number[] = [1, 1, 1],
  attemptMs = hour,
) {
  const attempts: number[] = [];
  const exporter: LogRecordExporter = {
    export: (records, done) => {
      const outcome = outcomes[Math.min(attempts.push(records.length), outcomes.length) - 1];
      if (outcome === 'silence') return;
      if (outcome instanceof Error)
        failing.export([], ({ code }) => {
          done({ code, error: outcome });
        });
      else succeeding.export([], done);
    },
    shutdown: () => Promise.resolve(),
    forceFlush: () => Promise.resolve(),
  };
  return { ...createRetryingSender(exporter, { waitsMs, attemptMs }), attempts };
}

/** As the SDK makes them. */
function recordsOf(count: number): readonly ReadableLogRecord[] {
  const made: ReadableLogRecord[] = [];
  const processor = {
    onEmit: (record: ReadableLogRecord) => void made.push(record),
    shutdown: () => Promise.resolve(),
    forceFlush: () => Promise.resolve(),
  };
  const logger = new LoggerProvider({ processors: [processor] }).getLogger('test');
  for (let at = 0; at < count; at++) logger.emit({ body: String(at) });
  return made;
}

const records = recordsOf(4);

describe('a batch of events', () => {
  it.each<[string, readonly Outcome[], { refused: number; attempts: readonly number[] }]>([
    ['that is accepted is sent once', ['taken'], { refused: 0, attempts: [4] }],
    [
      'refused for a transient reason is sent again until it is accepted',
      [transient, new Error('odd'), 'taken'],
      { refused: 0, attempts: [4, 4, 4] },
    ],
    ['refused for good is not', [forGood], { refused: 4, attempts: [4] }],
    ['that is never accepted is given up', [transient], { refused: 4, attempts: [4, 4, 4, 4] }],
    [
      'that is accepted in part continues with the rest',
      [new IngestionRefusedError({ later: [1, 3], lost: 0 }), 'taken'],
      { refused: 0, attempts: [4, 2] },
    ],
    [
      'that is accepted in part, and whose rest never will be, is not sent again',
      [new IngestionRefusedError({ later: [], lost: 3 })],
      { refused: 3, attempts: [4] },
    ],
    [
      'that is accepted in part, and its rest never, counts what is lost',
      [new IngestionRefusedError({ later: [2], lost: 1 }), forGood],
      { refused: 2, attempts: [4, 1] },
    ],
  ])('%s', async (_what, outcomes, { refused, attempts }) => {
    const sender = createSender(outcomes);
    expect(await sender.send(records)).toBe(refused);
    expect(sender.attempts).toEqual(attempts);
  });

  it('that gets no answer is resent', async () => {
    const sender = createSender(['silence', 'taken'], [1], 1);
    expect(await sender.send(records)).toBe(0);
    expect(sender.attempts).toEqual([4, 4]);
  });

  it('does not wait during shutdown', async () => {
    const sender = createSender([transient, 'taken'], [hour]);
    const sent = sender.send(records);
    // Until the first attempt has failed.
    while (sender.attempts.length === 0) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    sender.hurry();
    expect(await sent).toBe(0);
  });
});
