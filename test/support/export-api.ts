/** Exports over HTTP and fakes, for a key whose rights a test changes, and for a caller of Entra ID. */
import { callerWith } from '../../shared/access/caller.ts';
import {
  cancelExportHandler,
  getExportHandler,
  getExportManifestHandler,
  getExportResultHandler,
  startExportHandler,
} from '../../functions/exports/exports.ts';
import { plainAccess } from './access-defaults.ts';
import { served } from './served.ts';
import { HttpRequest, HttpResponse, InvocationContext } from '@azure/functions';
import { randomBytes } from 'node:crypto';
import { createAccess, type Access, type Caller } from '../../shared/access/access.ts';
import { newApiKey, type ApiKey, type StoredApiKey } from '../../shared/access/api-keys.ts';
import { createCapabilities } from '../../shared/access/capability-token.ts';
import { exportKind } from '../../shared/exports/export.ts';
import { takeOver } from '../../shared/operations/operation-run.ts';
import { createClock, minuteMs } from './clock.ts';
import { expectDescribedInit } from './described-handler.ts';
import { createFakeApiKeyStore } from './fakes/api-key-store.ts';
import { createFakeExportFiles } from './fakes/export-files.ts';
import { createFakeOperationStore } from './fakes/operation-store.ts';
import { createRecordingTelemetry } from './fakes/telemetry.ts';
import { createFakeTenantStore } from './fakes/tenant-store.ts';
import { createFakeHttpDeps } from './http-deps.ts';
import { paramsOf } from './route-params.ts';
import { adatumId, fabrikamId, tenantNamed } from './tenants.ts';
import { createFakeNameDirectory } from './fakes/name-directory.ts';

const root = 'https://auditkeep.example/api/';
const fromEntra = callerWith(`entra:${fabrikamId}/0a1b`, { tenants: fabrikamId, scopes: ['records.read'] });
/** What the caller of Entra ID sends. */
export const entraHeaders = { authorization: 'Bearer sound' } as const;

export interface ExportRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ExportAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Believes one token. */
function trustingOne(access: Access): Access {
  const authenticate = async (credentials: Parameters<Access['authenticate']>[0]): Promise<Caller> =>
    credentials.apiKey === null && credentials.authorization === entraHeaders.authorization
      ? { ...fromEntra }
      : await access.authenticate(credentials);
  return { ...access, authenticate };
}

export async function createExportApi() {
  const [clock, { telemetry }, exports] = [
    createClock(),
    createRecordingTelemetry(),
    createFakeOperationStore(exportKind),
  ];
  const { now } = clock;
  const { key, text } = newApiKey({ name: 'Flow', tenants: '*', scopes: ['records.read'] }, now());
  const store = createFakeApiKeyStore();
  await store.create(key);
  let changed: Partial<ApiKey> = {};
  const changedKey = (stored: StoredApiKey | undefined) => stored && { ...stored, ...changed };
  const keys = { ...store, get: async (id: string) => changedKey(await store.get(id)) };
  const tenants = createFakeTenantStore([
    tenantNamed('Fabrikam', { tenantId: fabrikamId }),
    tenantNamed('Adatum', { tenantId: adatumId }),
  ]);
  const deps = {
    ...createFakeHttpDeps(now),
    exportFiles: createFakeExportFiles(),
    ...{ exports, tenants, telemetry, now },
    access: trustingOne(createAccess({ ...plainAccess, keys, tenants, telemetry, now })),
    capabilities: createCapabilities({ signingKeys: [randomBytes(32)], keys, tenants, now }),
    queues: { requestOperationRun: () => Promise.resolve() },
    names: createFakeNameDirectory(),
    completeness: () =>
      Promise.resolve({ contentTypes: [], open: [], gaps: [], unindexedLandings: 0, recordsIndexing: 0 }),
  };
  const functions = [
    ...[
      served(deps, startExportHandler),
      served(deps, getExportResultHandler),
      served(deps, getExportHandler),
    ],
    ...[served(deps, getExportManifestHandler), served(deps, cancelExportHandler)],
  ];
  const call = async (url: string, { method = 'GET', headers = {} }: ExportRequest = {}) => {
    const { pathname } = new URL(url);
    for (const { route = '', methods = [], handler } of functions) {
      const params = paramsOf(route, pathname.slice('/api/'.length));
      if (params === undefined || !methods.includes(method)) continue;
      const request = new HttpRequest({
        ...{ method, url, params, headers: { 'content-type': 'application/json', ...headers } },
        ...(pathname.endsWith('/exports') ? { body: { string: JSON.stringify({ format: 'ndjson' }) } } : {}),
      });
      const given = await handler(request, new InvocationContext({ logHandler: () => undefined }));
      await expectDescribedInit({ method, url }, given);
      if (given instanceof HttpResponse) throw new Error('Handlers give plain answers.');
      const response = new HttpResponse(given);
      return { status: response.status, headers: response.headers, text: await response.text() };
    }
    throw new Error(`No function answers ${method} ${pathname}.`);
  };
  const credentials = { 'x-api-key': text };
  return {
    ...{ clock, call, credentials, entries: deps.accessLog.entries },
    start: (headers: ExportRequest['headers'] & {} = credentials, tenantId = fabrikamId) =>
      call(`${root}tenants/${tenantId}/exports`, { method: 'POST', headers }),
    /** Ends an export as if it had been written. */
    finish: async (id: string) => {
      const found = await exports.get({ tenantId: fabrikamId, id });
      const run = found === undefined ? undefined : await takeOver(exports, found, now);
      if (run === undefined) throw new Error('There is nothing to finish.');
      await run.save({ status: 'Succeeded', state: { ...run.operation().state, sha256: 'ab' } });
    },
    /** Changes the key, and waits until that is noticed. */
    changeKey: (changes: Partial<ApiKey>) => {
      changed = changes;
      clock.advance(2 * minuteMs);
    },
  };
}

export type ExportApi = Awaited<ReturnType<typeof createExportApi>>;
