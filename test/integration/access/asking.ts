/** Calls a route of the app with any credentials, knowing its path. */
import { expectDescribedResponse } from '../../support/described.ts';
import type { HttpFunction } from '../../local/host/function-app.ts';
import { someId, type Headers } from './credentials.ts';

export interface Answer {
  readonly status: number;
  readonly requestId: string;
  /** Everything by which answers could be distinguished. */
  readonly visible: string;
  readonly body: string;
}

export interface Wanted {
  readonly method: string;
  readonly tenantId: string;
  readonly headers: Headers;
  /** Of a Location. */
  readonly token?: string;
}

/** Parameters that are required, so that the refusal is about the tenant. */
const queries: Readonly<Record<string, (tenantId: string) => string>> = {
  'count-records-of-tenants': (tenantId) => `groupBy=operation&tenants=${tenantId}`,
  'list-postures': (tenantId) => `tenants=${tenantId}`,
  'list-records-of-tenants': (tenantId) => `tenants=${tenantId}`,
  'list-role-holders-of-tenants': (tenantId) => `tenants=${tenantId}`,
  'poll-records-of-tenants': (tenantId) => `tenants=${tenantId}`,
};

/** Bodies that are valid, so that the refusal is about the tenant. */
const bodies: Readonly<Record<string, (tenantId: string) => object>> = {
  'cancel-bundle': () => ({}),
  'cancel-rollout': () => ({}),
  'cancel-report-set': () => ({}),
  'start-report-set': (tenantId) => ({
    tenants: [tenantId],
    kind: 'posture',
    from: '2026-03-01',
    to: '2026-03-08',
  }),
  'start-report': () => ({ kind: 'posture', from: '2026-03-01', to: '2026-03-08' }),
  'start-bundle': (tenantId) => ({ tenants: [tenantId], format: 'csv', layout: 'oneFile' }),
  'start-rollout': (tenantId) => ({ tenants: [tenantId], dryRun: true }),
  'create-subscription-of-tenants': (tenants) => ({ tenants, targetUrl: 'https://flows.example/hook' }),
  'save-search-of-tenants': (tenants) => ({ tenants, filters: {} }),
};

export function bodyFor(tenantId: string, name = ''): string {
  return JSON.stringify(bodies[name]?.(tenantId) ?? { tenantId, dryRun: true });
}

/** A feed is followed from a place on, and nothing else is. */
function queryOf({ name }: HttpFunction, { tenantId, token }: Wanted): string {
  const own = queries[name]?.(tenantId) ?? [];
  const link = token === undefined ? [] : `t=${token}`;
  const position = token !== undefined && name.startsWith('poll-') ? 'triggerState=somewhere' : [];
  const all = [own, link, position].flat();
  return all.length === 0 ? '' : `?${all.join('&')}`;
}

function pathOf({ name, trigger }: HttpFunction, values: Readonly<Record<string, string>>): string {
  return (trigger.route ?? name).replace(
    /\{\*?(\w+)[^}]*\}/g,
    (_, parameter: string) => values[parameter] ?? someId,
  );
}

/** @param wanted and the id of a key that is there */
export async function askRoute(
  baseUrl: string,
  target: HttpFunction,
  wanted: Wanted & { readonly keyId: string },
): Promise<Answer> {
  const { method, tenantId, headers, keyId } = wanted;
  const path = pathOf(target, { tenantId, keyId });
  const response = await fetch(`${baseUrl}/${path}${queryOf(target, wanted)}`, {
    method,
    redirect: 'manual',
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body: bodyFor(tenantId, target.name) }),
  });
  await expectDescribedResponse(method, response);
  const body = await response.text();
  const plain = Object.fromEntries(response.headers);
  for (const own of ['x-ms-request-id', 'date', 'connection', 'keep-alive', 'transfer-encoding'])
    Reflect.deleteProperty(plain, own);
  const { status } = response;
  const requestId = response.headers.get('x-ms-request-id') ?? '';
  return { status, requestId, body, visible: JSON.stringify([status, plain, body]) };
}
