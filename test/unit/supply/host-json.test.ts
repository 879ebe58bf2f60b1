/** host.json matches its page and the app's own times, and the local host uses it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { inFlightMs } from '../../../shared/budget.ts';
import { parseConfig } from '../../../shared/config.ts';
import { maxDeliveries } from '../../../shared/poison/queue-names.ts';
import { readProject } from '../../local/host/settings.ts';

const project = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, project), 'utf8');
const host: unknown = JSON.parse(read('host.json'));

/** Every value with the path of its keys. */
function flatten(value: unknown, path: readonly string[] = []): readonly (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null)
    return [[path.join('.'), value === '' ? '""' : String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(inner, [...path, key]));
}

const hostSchema = z.object({
  functionTimeout: z.string(),
  extensions: z.object({
    http: z.object({ routePrefix: z.string() }),
    queues: z.object({
      batchSize: z.number(),
      newBatchThreshold: z.number(),
      maxDequeueCount: z.number(),
      messageEncoding: z.string(),
    }),
  }),
});

const { functionTimeout, extensions } = hostSchema.parse(host);

function minutes(span: string): number {
  const [hours = 0, rest = 0] = span.split(':').map(Number);
  return hours * 60 + rest;
}

/** A time that main.ts sets in addition to the timeout, in minutes. */
function minutesOf(name: string): number {
  const [, count] =
    new RegExp(`const ${name} = (\\d+) \\* 60_000;`).exec(read('functions/dependencies.ts')) ?? [];
  return Number(count);
}

describe('docs/host-json.md', () => {
  it('has a row for every value of host.json, in its order, with a reason, and no other', () => {
    const rows = [...read('docs/host-json.md').matchAll(/^\| `(.+?)` \| `(.+?)` \| (.{10,}) \|$/gm)];
    expect(rows.map(([, key, value]) => [key, value])).toEqual(flatten(host));
  });
});

describe('host.json', () => {
  it('gives every function more time than it takes for itself, and a removal waits for longer than that', () => {
    expect(minutesOf('streamBudgetMs')).toBeLessThan(minutes(functionTimeout));
    expect(minutesOf('removalSettleMs')).toBeGreaterThan(minutes(functionTimeout));
  });

  it('lets no budget, and what is in flight at its end, run into the timeout', () => {
    const seconds = String(minutes(functionTimeout) * 60 - inFlightMs / 1000);
    expect(() => parseConfig({ AUDITKEEP_INVOCATION_BUDGET_SECONDS: seconds })).toThrow(
      'AUDITKEEP_INVOCATION_BUDGET_SECONDS',
    );
  });

  it('lets no more messages be handled at once than fit into the memory of an instance', () => {
    const worst = /(\d+) MiB for a backlog/.exec(read('docs/host-json.md').replaceAll(/\s+/g, ' '))?.[1];
    const { batchSize, newBatchThreshold } = extensions.queues;
    expect((batchSize + newBatchThreshold) * Number(worst)).toBeLessThan(512);
  });

  it('delivers a message as often as its cause is recorded for', () => {
    expect(extensions.queues.maxDequeueCount).toBe(maxDeliveries);
  });

  it('is what the local host goes by', () => {
    const settings = readProject(fileURLToPath(project));
    expect(settings.routePrefix).toBe(extensions.http.routePrefix);
    expect(settings.queues).toMatchObject({
      ...extensions.queues,
      visibilityTimeout: 30_000,
      maxPollingInterval: 10_000,
    });
  });
});
