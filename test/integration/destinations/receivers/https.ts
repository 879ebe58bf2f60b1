/** Receivers that take HTTPS requests, and fail in the middle of them. */
import type { ServerResponse } from 'node:http';
import { vi } from 'vitest';
import * as z from 'zod';
import { httpsNdjson } from '../../../../shared/destinations/kinds/https-ndjson.ts';
import { elasticsearch } from '../../../../shared/destinations/kinds/elasticsearch.ts';
import { logAnalytics } from '../../../../shared/destinations/kinds/log-analytics.ts';
import { splunk } from '../../../../shared/destinations/kinds/splunk.ts';
import { ingestionHost, isTokenFor, type Route } from './azure-around.ts';
import { patience, type Arrival, type Place, type Receiver, type ReceiverOfKind } from './receiver.ts';

/** What becomes of one request. `cut`: it is taken, and the connection breaks. `held`: it is taken, without an answer. */
type Fault = 'unavailable' | 'busy' | 'cut' | 'held' | 'none';

/** Twice in a row as well: waits are then longer. */
const inTurn: readonly Fault[] = ['unavailable', 'none', 'busy', 'cut'];

interface Service {
  readonly path: string;
  readonly isAllowed: Route['isAllowed'];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly parse: (content: Buffer) => readonly Arrival[];
  /** What it takes of a request, and what it says; by default all and 204, or nothing and 400. */
  readonly take?: ((came: readonly Arrival[], isRefused: IsRefused) => Taken) | undefined;
}

type IsRefused = (arrival: Arrival) => boolean;

interface Taken {
  readonly taken: readonly Arrival[];
  readonly status: number;
  readonly body?: object;
}

function takeWhole(came: readonly Arrival[], isRefused: IsRefused): Taken {
  return came.some(isRefused) ? { taken: [], status: 400 } : { taken: came, status: 204 };
}

function startService(
  { route }: Place,
  { path, isAllowed, settings, parse, take = takeWhole }: Service,
): Receiver {
  const arrivals: Arrival[] = [];
  const different = new Set<string>();
  const faults: Fault[] = [];
  const held: ServerResponse[] = [];
  const refused = new Set<string>();
  const isRefused = ({ id }: Arrival) => refused.has(id);
  const takeFrom = (came: readonly Arrival[], response: ServerResponse, fault: Fault | undefined) => {
    const { taken, status, body } = take(came, isRefused);
    arrivals.push(...taken);
    for (const { tenantId, id } of taken) different.add(`${tenantId} ${id}`);
    if (fault === 'held') held.push(response);
    else if (fault === 'cut') response.destroy();
    else response.writeHead(status).end(body && JSON.stringify(body));
  };
  const serve = (content: Buffer, response: ServerResponse) => {
    const came = parse(content);
    const fault = faults.shift();
    if (fault === 'unavailable') response.writeHead(503).end();
    else if (fault === 'busy') response.writeHead(429, { 'retry-after': '6' }).end();
    else takeFrom(came, response, fault);
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
      parse: (content) => linesOf(content).map(parseLine),
    });
    return Promise.resolve(service);
  },
};

function linesOf(content: Buffer): readonly string[] {
  return content.toString('utf8').trimEnd().split('\n');
}

function parseLine(text: string): Arrival {
  const { sequence, ...named } = lineSchema.parse(JSON.parse(text));
  return { ...named, ...placeOf(sequence) };
}

function placeOf(text: string): Pick<Arrival, 'sequence' | 'line'> {
  const [sequence = NaN, line = NaN] = text.split('.').map(Number);
  return { sequence, line };
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

const eventSchema = z
  .object({
    fields: z.object({ tenant_id: z.string(), auditkeep_id: z.string(), auditkeep_sequence: z.string() }),
  })
  .transform(({ fields: { tenant_id: tenantId, auditkeep_id: id, auditkeep_sequence: place } }) => {
    return { tenantId, id, ...placeOf(place) };
  });

export const splunkReceiver: ReceiverOfKind = {
  kind: splunk.name,
  title: 'a stand-in for Splunk',
  isThere: true,
  keepsDuplicates: splunk.keepsDuplicates,
  start: (around) => {
    around.keepSecret('destination-splunk', 'secret of splunk');
    const service = startService(around, {
      path: '/services/collector/event',
      isAllowed: (authorization) => authorization === 'Splunk secret of splunk',
      settings: {
        url: around.origin,
        token: 'destination-splunk',
        certificateAuthority: around.server.ca,
      },
      parse: (content) => linesOf(content).map((text) => eventSchema.parse(JSON.parse(text))),
      take: takeUntilRefused,
    });
    return Promise.resolve(service);
  },
};

/** Splunk takes the events before the one that it refuses, and none after it. */
function takeUntilRefused(came: readonly Arrival[], isRefused: IsRefused): Taken {
  const at = came.findIndex(isRefused);
  if (at < 0) return { taken: came, status: 200, body: { text: 'Success', code: 0 } };
  const body = { text: 'Invalid data format', code: 6, 'invalid-event-number': at };
  return { taken: came.slice(0, at), status: 400, body };
}

const documentSchema = z
  .object({ TenantId: z.string(), RecordId: z.string(), Sequence: z.number(), Line: z.number() })
  .transform(({ TenantId: tenantId, RecordId: id, Sequence: sequence, Line: line }) => {
    return { tenantId, id, sequence, line };
  });

export const elasticsearchReceiver: ReceiverOfKind = {
  kind: elasticsearch.name,
  title: 'a stand-in for Elasticsearch',
  isThere: true,
  keepsDuplicates: elasticsearch.keepsDuplicates,
  start: (around) => {
    around.keepSecret('destination-elasticsearch', 'secret of elasticsearch');
    const service = startService(around, {
      path: '/auditkeep-records/_bulk',
      isAllowed: (authorization) => authorization === 'ApiKey secret of elasticsearch',
      settings: {
        url: around.origin,
        secret: 'destination-elasticsearch',
        certificateAuthority: around.server.ca,
      },
      // Each document follows a line that says what to do with it.
      parse: (content) =>
        linesOf(content).flatMap((text, at) =>
          at % 2 === 1 ? [documentSchema.parse(JSON.parse(text))] : [],
        ),
      take: takeOnce(),
    });
    return Promise.resolve(service);
  },
};

/** Elasticsearch has a status for each document: created, there already, or refused. */
function takeOnce(): Service['take'] {
  const known = new Set<string>();
  return (came, isRefused) => {
    const statuses = came.map((arrival) => {
      if (isRefused(arrival)) return 400;
      const key = `${arrival.tenantId}:${arrival.id}`;
      if (known.has(key)) return 409;
      known.add(key);
      return 201;
    });
    const items = statuses.map((status) => ({
      create: { status, ...(status === 400 ? { error: { type: 'document_parsing_exception' } } : {}) },
    }));
    const errors = statuses.some((status) => status !== 201);
    return { taken: came.filter((_, at) => statuses[at] === 201), status: 200, body: { errors, items } };
  };
}
