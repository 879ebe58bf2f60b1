/** The subset of Microsoft Graph that manages app registrations. */

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { microsoftApis } from './applications-data.ts';
import {
  readApplication,
  readCredentialChange,
  readNewCredential,
  refusalOfServicePrincipal,
} from './applications-rules.ts';
import type { Collection, DirectoryObject, Registrations } from './applications-state.ts';
import type { Cell } from './cell.ts';
import type { GraphObject } from './graph-directory.ts';
import { readGraphFilter } from './graph-filter.ts';
import { graphError, graphForbidden, graphUnauthorized } from './graph-replies.ts';
import { jsonReply, queryOf, type HttpRequest, type Reply, type Router } from './http.ts';
import { graphAudience } from './resources.ts';
import type { Settings } from './settings.ts';
import { bearerOf, type Tokens } from './tokens.ts';

export interface ApplicationsOptions {
  /** Address of the simulator; known once it listens. */
  readonly baseUrl: () => string;
  readonly registrations: (tenantId: string) => Registrations;
  readonly tokens: Tokens;
  readonly settings: Cell<Settings>;
}

interface Asked {
  readonly request: HttpRequest;
  readonly registrations: Registrations;
  /** Capture groups of the path. */
  readonly path: Readonly<Record<string, string | undefined>>;
  readonly settings: Settings;
  readonly baseUrl: string;
}

interface Operation {
  /** Method and path. */
  readonly pattern: RegExp;
  answer(asked: Asked): Reply;
}

const one = String.raw`(?:\(appId='(?<appId>[^']+)'\)|/(?<id>[^/()]+))`;
const operation = (pattern: string, answer: Operation['answer']): Operation => ({
  ...{ pattern: new RegExp(`^${pattern}$`, 'i'), answer },
});

const operations: readonly Operation[] = [
  operation('GET /applications', (asked) => answerList(asked)),
  operation('POST /applications', (asked) => createApplication(asked)),
  operation(`GET /applications${one}`, (asked) => answerOne(asked, asked.registrations.applications)),
  operation(`PATCH /applications${one}`, (asked) => changeApplication(asked)),
  operation(`GET /applications${one}/federatedIdentityCredentials`, (asked) => answerCredentials(asked)),
  operation(`POST /applications${one}/federatedIdentityCredentials`, (asked) => addCredential(asked)),
  operation(`PATCH /applications${one}/federatedIdentityCredentials/(?<credentialId>[^/]+)`, (asked) =>
    changeCredential(asked),
  ),
  operation('POST /servicePrincipals', (asked) => createServicePrincipal(asked)),
  operation(`GET /servicePrincipals${one}`, (asked) =>
    answerOne(asked, asked.registrations.servicePrincipals),
  ),
];

const writers = ['Application.ReadWrite.All'];
const readers = [...writers, 'Application.Read.All', 'Directory.Read.All'];

export const createApplicationsRouter =
  (options: ApplicationsOptions): Router =>
  (request) => {
    const [, path] = /^\/v1\.0(\/.*)$/i.exec(decodeURI(request.url.pathname)) ?? [];
    const target = `${request.method} ${path ?? ''}`;
    const known = operations.find(({ pattern }) => pattern.test(target));
    if (known === undefined) return undefined;
    const token = options.tokens.read(bearerOf(request.headers.authorization) ?? '');
    return {
      call: { operation: 'graph', tenantId: token?.tenantId },
      answer: () => {
        if (token?.audience !== graphAudience) return graphUnauthorized();
        const roles = request.method === 'GET' ? readers : writers;
        if (!roles.some((role) => token.roles.includes(role))) return graphForbidden();
        const { registrations, settings, baseUrl } = options;
        return known.answer({
          ...{ request, registrations: registrations(token.tenantId), settings: settings.get() },
          ...{ path: { ...known.pattern.exec(target)?.groups }, baseUrl: baseUrl() },
        });
      },
    };
  };

const notFound = (id: string): Reply =>
  graphError(404, 'Request_ResourceNotFound', `Resource '${id}' does not exist or is not visible yet.`);

const objectSchema = z.record(z.string(), z.unknown());

const bodyOf = ({ body }: HttpRequest): GraphObject => objectSchema.parse(JSON.parse(body.toString()));

const find = ({ path }: Asked, collection: Collection): DirectoryObject | undefined =>
  collection.find((object) =>
    path['appId'] === undefined ? object.id === path['id'] : object['appId'] === path['appId'],
  );

const idOf = ({ path }: Asked): string => path['appId'] ?? path['id'] ?? '';

const answerOne = (asked: Asked, collection: Collection): Reply => {
  const found = find(asked, collection);
  return found === undefined ? notFound(idOf(asked)) : jsonReply(200, found);
};

const pageOf = ({ request, settings, baseUrl }: Asked, items: readonly GraphObject[]): Reply => {
  const from = Number(queryOf(request.url).get('$skiptoken') ?? '0');
  const to = from + settings.graphPageSize;
  const next = new URL(request.url.pathname + request.url.search, baseUrl);
  next.searchParams.set('$skiptoken', String(to));
  return jsonReply(200, {
    ...(to < items.length ? { '@odata.nextLink': next.href } : {}),
    value: items.slice(from, to),
  });
};

const answerList = (asked: Asked): Reply => {
  const matches = readGraphFilter(queryOf(asked.request.url).get('$filter'));
  return matches === undefined
    ? graphError(400, 'Request_UnsupportedQuery', 'The simulator does not support this filter.')
    : pageOf(asked, asked.registrations.applications.visible().filter(matches));
};

/** What Graph returns for members that have not been set. */
const freshApplication = {
  ...{ identifierUris: [], appRoles: [], requiredResourceAccess: [], signInAudience: 'AzureADMyOrg' },
  ...{ passwordCredentials: [], keyCredentials: [], web: { redirectUris: [] } },
  spa: { redirectUris: [] },
  api: { requestedAccessTokenVersion: null, oauth2PermissionScopes: [] },
};

const createApplication = (asked: Asked): Reply => {
  const { registrations, settings } = asked;
  const read = readApplication(bodyOf(asked.request), registrations.applications, undefined);
  if ('refusal' in read) return read.refusal;
  registrations.countWrite();
  const { api, ...value } = read.value;
  const made = {
    ...freshApplication,
    ...value,
    api: { ...freshApplication.api, ...api },
    appId: randomUUID(),
  };
  return jsonReply(201, registrations.applications.add(made, settings.newObjectMisses));
};

const changeApplication = (asked: Asked): Reply => {
  const { registrations } = asked;
  const found = find(asked, registrations.applications);
  if (found === undefined) return notFound(idOf(asked));
  const read = readApplication(bodyOf(asked.request), registrations.applications, found);
  if ('refusal' in read) return read.refusal;
  registrations.countWrite();
  const { api, web, ...value } = read.value;
  // Members of these two that are not sent stay unchanged.
  const merged = (name: 'api' | 'web', change: object | undefined): GraphObject =>
    change === undefined ? {} : { [name]: { ...objectSchema.parse(found[name]), ...change } };
  registrations.applications.change(found.id, { ...value, ...merged('api', api), ...merged('web', web) });
  return noContent();
};

const noContent = (): Reply => ({ status: 204, headers: {}, body: Buffer.alloc(0) });

const withCredentials = (asked: Asked, answer: (credentials: Collection) => Reply): Reply => {
  const application = find(asked, asked.registrations.applications);
  return application === undefined
    ? notFound(idOf(asked))
    : answer(asked.registrations.credentialsOf(application.id));
};

const answerCredentials = (asked: Asked): Reply =>
  withCredentials(asked, (credentials) => pageOf(asked, credentials.all()));

const addCredential = (asked: Asked): Reply =>
  withCredentials(asked, (credentials) => {
    const read = readNewCredential(bodyOf(asked.request), credentials);
    if ('refusal' in read) return read.refusal;
    asked.registrations.countWrite();
    return jsonReply(201, credentials.add(read.value));
  });

const changeCredential = (asked: Asked): Reply =>
  withCredentials(asked, (credentials) => {
    const id = asked.path['credentialId'] ?? '';
    const read = readCredentialChange(bodyOf(asked.request));
    if ('refusal' in read) return read.refusal;
    if (credentials.find((credential) => credential.id === id) === undefined) return notFound(id);
    asked.registrations.countWrite();
    credentials.change(id, read.value);
    return noContent();
  });

const createServicePrincipal = (asked: Asked): Reply => {
  const { registrations, settings } = asked;
  const { appId } = bodyOf(asked.request);
  const microsofts = microsoftApis.find((api) => api.appId === appId);
  const refusal = refusalOfServicePrincipal(appId, {
    ...{ ...registrations, isMicrosofts: microsofts !== undefined },
  });
  if (refusal !== undefined) return refusal;
  registrations.countWrite();
  const made = { appRoles: [], ...microsofts, appId, servicePrincipalType: 'Application' };
  return jsonReply(201, registrations.servicePrincipals.add(made, settings.newObjectMisses));
};
