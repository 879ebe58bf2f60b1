/** The functions of exports in this process, over real adapters and the storage emulator. */
import {
  cancelExportHandler,
  getExportHandler,
  getExportManifestHandler,
  getExportResultHandler,
  startExportHandler,
} from '../../../functions/exports/exports.ts';
import * as bundleHandlers from '../../../functions/exports/bundles.ts';
import { getExportContentHandler } from '../../../functions/exports/get-export-content.ts';
import { served } from '../../support/served.ts';
import { HttpRequest, HttpResponse, InvocationContext, type HttpFunctionOptions } from '@azure/functions';
import { randomBytes } from 'node:crypto';
import { listRecordsHandler } from '../../../functions/records/list-records.ts';
import { streamRecordsHandler } from '../../../functions/records/stream-records.ts';
import { createCapabilities } from '../../../shared/access/capability-token.ts';
import { createExportFiles } from '../../../shared/adapters/blobs/export-files.ts';
import { createOperationStore } from '../../../shared/adapters/tables/operation-store.ts';
import { startBudget } from '../../../shared/budget.ts';
import { bundleKind } from '../../../shared/exports/bundles/bundle.ts';
import { bundleWork } from '../../../shared/exports/bundles/bundle-work.ts';
import { exportKind } from '../../../shared/exports/export.ts';
import { exportWork } from '../../../shared/exports/export-work.ts';
import { createPacedBody } from '../../../shared/adapters/http/paced-body.ts';
import { createRecordPages } from '../../../shared/exports/record-pages.ts';
import type { OperationMessage } from '../../../shared/operations/operation.ts';
import { runOperation } from '../../../shared/operations/run-operation.ts';
import { hourMs } from '../../support/clock.ts';
import { expectDescribed, type SeenAnswer } from '../../support/described.ts';
import { startPipeline, type Pipeline } from '../pipeline/pipeline.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';

const baseUrl = 'https://auditkeep.example/api/';

export interface Asked {
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly body?: object;
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface ExportingApp {
  readonly pipeline: Pipeline;
  ask(path: string, asked?: Asked): Promise<Answered>;
  /** Handles messages until none is left. */
  runAll(): Promise<void>;
}

export async function startExportingApp(): Promise<ExportingApp> {
  const pipeline = await startPipeline();
  const storage = { kind: 'connectionString', connectionString: pipeline.connectionString } as const;
  const messages: OperationMessage[] = [];
  const deps = {
    ...pipeline,
    ...{
      exports: createOperationStore(pipeline.tables, exportKind),
      bundles: createOperationStore(pipeline.tables, bundleKind),
      purgeDelayMs: 72 * hourMs,
      exportFiles: createExportFiles(storage),
    },
    capabilities: createCapabilities({ ...pipeline, signingKeys: [randomBytes(32)] }),
    streamBudgetMs: 60_000,
    names: createFakeNameDirectory(),
    ...{ pacedBody: createPacedBody(), pages: createRecordPages(pipeline) },
    queues: {
      requestOperationRun: async (message: OperationMessage) => {
        messages.push(message);
        await Promise.resolve();
      },
    },
  };
  const routes = [
    served(deps, startExportHandler),
    served(deps, getExportHandler),
    served(deps, getExportResultHandler),
    served(deps, getExportContentHandler),
    served(deps, getExportManifestHandler),
    served(deps, cancelExportHandler),
    served(deps, streamRecordsHandler),
    served(deps, listRecordsHandler),
    served(deps, bundleHandlers.startBundleHandler),
    served(deps, bundleHandlers.listBundlesHandler),
    served(deps, bundleHandlers.getBundleHandler),
    served(deps, bundleHandlers.getBundleResultHandler),
    served(deps, bundleHandlers.listBundleTenantsHandler),
    served(deps, bundleHandlers.getBundleContentHandler),
    served(deps, bundleHandlers.getBundleManifestHandler),
    served(deps, bundleHandlers.cancelBundleHandler),
  ];
  const apiKey = await pipeline.createKey('*');
  return {
    pipeline,
    ask: (path, asked = {}) => answer(routes, path, { key: apiKey, ...asked }),
    async runAll() {
      for (let next = messages.shift(); next !== undefined; next = messages.shift()) {
        const delivery = { message: next, budget: startBudget(60_000) };
        if (next.kind === 'bundles') await runOperation(deps, bundleWork(deps), delivery);
        else await runOperation(deps, exportWork(deps), delivery);
      }
    },
  };
}

async function answer(
  routes: readonly HttpFunctionOptions[],
  path: string,
  { method = 'GET', body, key = '', headers = {} }: Asked,
): Promise<Answered> {
  const url = new URL(path, baseUrl);
  for (const { route = '', methods = ['GET'], handler } of routes) {
    const pattern = `/api/${route.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}`;
    const match = new RegExp(`^${pattern}$`).exec(url.pathname);
    if (match === null || !methods.includes(method)) continue;
    const request = new HttpRequest({
      ...{ method, url: url.href, params: { ...match.groups } },
      headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: { string: JSON.stringify(body) } }),
    });
    const context = new InvocationContext({ functionName: route, logHandler: () => undefined });
    const given = await handler(request, context);
    const response = given instanceof HttpResponse ? given : new HttpResponse(given);
    const answered = { status: response.status, headers: response.headers, text: await response.text() };
    // A HEAD is described by its GET.
    if (method !== 'HEAD') expectDescribed(seen(method, url, answered));
    return answered;
  }
  throw new Error(`No function answers ${method} ${path}.`);
}

function seen(method: string, url: URL, { status, headers, text }: Answered): SeenAnswer {
  return { method, url, status, headers: Object.fromEntries(headers), body: text };
}
