/** Stands in for the ingestion endpoint of Application Insights: accepts batches and keeps their content. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import { createServerCertificate } from '../simulator/ca.ts';
import { closeServer, listenLocally } from './local-server.ts';

const envelopeSchema = z.object({
  name: z.string(),
  time: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
  data: z.object({
    baseType: z.string(),
    baseData: z.object({
      name: z.string().optional(),
      metrics: z.array(z.object({ name: z.string(), value: z.number() })).default([]),
      properties: z.record(z.string(), z.string()).default({}),
    }),
  }),
});

/** A row of AppEvents. */
export interface IngestedEvent {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  /** OperationId. */
  readonly operationId: string | undefined;
  readonly time: Date;
}

/** A row of AppMetrics. */
export interface IngestedMetric {
  readonly name: string;
  readonly value: number;
  readonly properties: Readonly<Record<string, string>>;
}

export interface Ingestion {
  /** For `APPLICATIONINSIGHTS_CONNECTION_STRING`. */
  readonly connectionString: string;
  /** The certificate to trust, for NODE_EXTRA_CA_CERTS. */
  readonly caFile: string;
  readonly events: readonly IngestedEvent[];
  readonly metrics: readonly IngestedMetric[];
  /** Answers all further batches with this status, or so many; 200 takes them. */
  readonly answerWith: (status: number, times?: number) => void;
  /** Accepts the first half of the next batch; the rest may be resent. */
  readonly takeHalf: () => void;
  /** Headers `authorization` of the batches so far, taken or not. */
  readonly authorizations: readonly (string | undefined)[];
  readonly stop: () => Promise<void>;
}

export async function startIngestion(): Promise<Ingestion> {
  const events: IngestedEvent[] = [];
  const metrics: IngestedMetric[] = [];
  const authorizations: (string | undefined)[] = [];
  let status = 200;
  let left = Infinity;
  let halves = false;
  const folder = await mkdtemp(join(tmpdir(), 'ingestion-'));
  const caFile = join(folder, 'ca.pem');
  const { caPem, certificatePem, privateKeyPem } = await createServerCertificate('ingestion.example');
  await writeFile(caFile, caPem);
  const server = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
    authorizations.push(request.headers.authorization);
    void readEnvelopes(request).then((envelopes) => {
      const given = left-- > 0 ? status : 200;
      const taken = given !== 200 ? 0 : halves ? Math.floor(envelopes.length / 2) : envelopes.length;
      const code = taken === envelopes.length || given !== 200 ? given : 206;
      halves = false;
      for (const envelope of envelopes.slice(0, taken)) sort(envelope, { events, metrics });
      const errors = envelopes.map((_, index) => ({ index, statusCode: 503, message: 'Busy.' })).slice(taken);
      const answer = { itemsReceived: envelopes.length, itemsAccepted: taken, errors };
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  const port = await listenLocally(server);
  const key = '00000000-0000-4000-8000-000000000001';
  return {
    connectionString: `InstrumentationKey=${key};IngestionEndpoint=https://127.0.0.1:${port}/`,
    ...{ events, metrics, authorizations, caFile },
    answerWith: (given, times = Infinity) => {
      status = given;
      left = times;
    },
    takeHalf: () => {
      halves = true;
    },
    stop: async () => {
      await closeServer(server);
      await rm(folder, { recursive: true });
    },
  };
}

async function readEnvelopes(request: IncomingMessage): Promise<readonly z.infer<typeof envelopeSchema>[]> {
  const body = await buffer(request);
  const isPacked = request.headers['content-encoding'] === 'gzip';
  return z.array(envelopeSchema).parse(JSON.parse((isPacked ? gunzipSync(body) : body).toString()));
}

function sort(
  { time, tags, data }: z.infer<typeof envelopeSchema>,
  { events, metrics }: { readonly events: IngestedEvent[]; readonly metrics: IngestedMetric[] },
): void {
  const { baseType, baseData } = data;
  const { name = '', properties } = baseData;
  if (baseType === 'EventData')
    events.push({ name, properties, operationId: tags['ai.operation.id'], time: new Date(time) });
  for (const metric of baseData.metrics) metrics.push({ ...metric, properties });
}
