/** Addresses that name a tenant by its domain become those with its ID before anything reads them. */
import type { Access, Caller } from '../access/access.ts';
import type { Operation } from '../api/operation.ts';
import type { ApiRequest } from './request.ts';

const placeholder = '{tenantId}';

/**
 * The request with the tenant's ID in its path, so that links in the answer work for others as well. As it is where the
 * path names no tenant, or none that the caller may see: it is then refused like an unknown ID.
 */
export async function withTenantId(
  access: Pick<Access, 'tenantIdOf'>,
  { route }: Pick<Operation, 'route'>,
  { request, caller }: { readonly request: ApiRequest; readonly caller: Caller },
): Promise<ApiRequest> {
  const { tenantId: name } = request.params;
  if (name === undefined || !route.includes(placeholder)) return request;
  const id = await access.tenantIdOf(caller, name);
  if (id === undefined || id === name.toLowerCase()) return request;
  const { method, headers, query, body } = request;
  const params = { ...request.params, tenantId: id };
  return { method, headers, query, body, params, url: replaceIn(request.url, route, id) };
}

/** Replaces the segment of the placeholder, counted from the end: in front of the route there is a prefix. */
function replaceIn(url: string, route: string, id: string): string {
  const [, address = '', path = '', rest = ''] = /^(\w+:\/\/[^/]+)([^?]*)(.*)$/s.exec(url) ?? [];
  const segments = path.replace(/\/+$/, '').split('/');
  const wanted = route.split('/');
  segments[segments.length - wanted.length + wanted.indexOf(placeholder)] = id;
  return `${address}${segments.join('/')}${rest}`;
}
