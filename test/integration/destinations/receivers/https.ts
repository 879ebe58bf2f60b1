/** Receivers that take HTTPS requests, and fail in the middle of them. */
import type { ServerResponse } from 'node:http';
import { vi } from 'vitest';
import * as z from 'zod';
import { httpsNdjson } from '../../../../shared/destinations/kinds/https-ndjson.ts';
import { logAnalytics } from '../../../../shared/destinations/kinds/log-analytics.ts';
import { ingestionHost, isTokenFor, type Route } from './azure-around.ts';
import type { Arrival, Place, Receiver, ReceiverOfKind } from './receiver.ts';

/** What becomes of one request. `cut`: it is taken, and the connection breaks. `held`: it is taken, without an answer. */
type Fault = 'unavailable' | 'busy' | 'cut' | 'held' | 'none';

/** Twice in a row as well: waits are then longer. */
const inTurn: readonly Fault[] = ['unavailable', 'none', 'busy', 'cut'];
const patience = { timeout: 120_000, interval: 20 };

interface Service {
  readonly path: string;
  readonly isAllowed: Route['isAllowed'];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly parse: (content: Buffer) => readonly Arrival[];
}

function startService({ route }: Place, { path, isAllowed, settings, parse }: Service): Receiver {
  const arrivals: Arrival[] = [];
  const different = new Set<string>();
  const faults: Fault[] = [];
  const held: ServerResponse[] = [];
  const refused = new Set<string>();
  const take = (came: readonly Arrival[], response: ServerResponse, fault: Fault | undefined) => {
    arrivals.push(...came);
    for (const { tenantId, id } of came) different.add(`${tenantId} ${id}`);
    if (fault === 'held') held.push(response);
    else if (fault === 'cut') response.destroy();
    else response.writeHead(204).end();
  };
  const serve = (content: Buffer, response: ServerResponse) => {
    const came = parse(content);
    const fault = faults.shift();
    if (fault === 'unavailable') response.writeHead(503).end();
    else if (fault === 'busy') response.writeHead(429, { 'retry-after': '6' }).end();
    else if (came.some(({ id }) => refused.has(id))) response.writeHead(400).end();
    else take(came, response, fault);
  };
  route(path, { isAllowed, serve });
  const reached = () =>
    vi.waitFor(() => {
      if (faults.length > 0) throw new Error(`${path} was not called: ${faults.join()}`);
    }, patience);
  const expecting = (...next: readonly Fault[]) => {
    faults.push(...next);
    return Promise.resolve(reached);
  };
  return {
    ...{ settings, arrivals: () => arrivals, count: () => different.size },
    fail: () => expecting(...inTurn),
    hold: async () => ({
      reached: await expecting('held'),
      end: () => {
        for (const response of held.splice(0)) response.destroy();
        return Promise.resolve();
      },
    }),
    refuse: (recordId) => refused.add(recordId),
    stop: () => Promise.resolve(),
  };
}

const lineSchema = z.object({ tenantId: z.string(), id: z.string(), sequence: z.string() });

export const httpsNdjsonReceiver: ReceiverOfKind = {
  kind: httpsNdjson.name,
  title: 'a stand-in for HTTPS',
  isThere: true,
  keepsDuplicates: httpsNdjson.keepsDuplicates,
  start: (around) => {
    around.keepSecret('destination-lines', 'secret of lines');
    const service = startService(around, {
      path: '/lines',
      isAllowed: (bearer) => bearer === 'secret of lines',
      settings: {
        ...{ url: `${around.origin}/lines`, certificateAuthority: around.server.ca },
        ...{ credential: { secret: 'destination-lines' }, content: 'envelope', maxRecords: 100 },
      },
      parse: (content) => content.toString('utf8').trimEnd().split('\n').map(parseLine),
    });
    return Promise.resolve(service);
  },
};

function parseLine(text: string): Arrival {
  const { tenantId, id, sequence: place } = lineSchema.parse(JSON.parse(text));
  const [sequence, line] = place.split('.').map(Number);
  return { tenantId, id, sequence: sequence ?? NaN, line: line ?? NaN };
}

const rowSchema = z
  .object({ OrganizationId: z.string(), RecordId: z.string(), Sequence: z.number(), Line: z.number() })
  .transform(({ OrganizationId: tenantId, RecordId: id, Sequence: sequence, Line: line }) => {
    return { tenantId, id, sequence, line };
  });
const immutableId = `dcr-${'0123456789abcdef'.repeat(2)}`;

export const logAnalyticsReceiver: ReceiverOfKind = {
  kind: logAnalytics.name,
  title: 'a stand-in for Log Analytics',
  isThere: true,
  keepsDuplicates: logAnalytics.keepsDuplicates,
  start: (around) => {
    const service = startService(around, {
      path: `/dataCollectionRules/${immutableId}/streams/Custom-AuditkeepRecords`,
      isAllowed: isTokenFor('https://monitor.azure.com'),
      settings: { endpoint: `https://${ingestionHost}`, immutableId },
      parse: (content) => z.array(rowSchema).parse(JSON.parse(content.toString('utf8'))),
    });
    return Promise.resolve(service);
  },
};
