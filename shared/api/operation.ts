/**
 * One operation of the HTTP interface. Everything else is derived from it: the registration, who is let in, how the
 * request is parsed, the type that the handler must return, OpenAPI, the docs page and the connector.
 */
import type * as z from 'zod';
import type { Scope } from '../access/api-keys.ts';
import type { Capability } from '../access/capability-token.ts';
import type { Area } from './areas.ts';
import type { HeaderName } from './headers.ts';
import type { PathParameter } from './path-parameters.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The part of a request that a signed link covers. */
export interface LinkRequest {
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** Callers need this scope. Where the route names a tenant, it is opened for them. */
export interface ScopedAudience {
  readonly scope: Scope;
  /** The caller must see all tenants; the tenant in the route is not opened, and need not exist. */
  readonly allTenants?: true;
  /** The operation starts work, so the tenant must be managed: 409 while it is being offboarded. */
  readonly managed?: true;
  /** What a signed link must allow in place of credentials; undefined where no link suffices. */
  readonly byLink?: (request: LinkRequest) => Capability | undefined;
}

/** Who may call: anyone, senders of signed webhooks, callers with any valid key or token, or callers with a scope. */
export type Audience = 'anonymous' | 'signed' | 'identified' | ScopedAudience;

/** How an operation answers with one status. */
export interface Answer {
  readonly description: string;
  /** Body; absent where there is none. */
  readonly schema?: z.ZodType | undefined;
  /** Absent: JSON made from an object that fits the schema. Present: content that is already serialized. */
  readonly mediaTypes?: readonly string[] | undefined;
  /** Serialized alternatives to the JSON body, which the header Accept selects. */
  readonly alternatives?: readonly string[] | undefined;
  /** The JSON may be serialized already, so that delivered texts in it stay as they are. */
  readonly keepsTexts?: true | undefined;
  /** Headers in addition to those that every response has. */
  readonly headers?: readonly HeaderName[] | undefined;
}

/** How an operation appears in the connector for Power Automate; absent: not at all. */
export interface ConnectorRole {
  readonly visibility: 'important' | 'advanced' | 'internal' | 'none';
  /** Further pages follow by nextLink. */
  readonly pageable?: boolean | undefined;
  readonly trigger?: 'batch' | 'single' | undefined;
  /** Body of the calls that a webhook trigger receives. */
  readonly notification?: z.ZodType | undefined;
  /** Replaces `body` where that is richer than a connector can show. */
  readonly body?: z.ZodType | undefined;
  /** What the flow receives at the end of a long-running operation. */
  readonly result?: z.ZodType | undefined;
  /** Replaces `summary` and `description`: triggers must begin with certain words. */
  readonly summary?: string | undefined;
  readonly description?: string | undefined;
  /** Parameters that makers do not need. */
  readonly without?: readonly string[] | undefined;
}

/** What an operation declares in addition to its id and its address. */
export interface Declaration {
  readonly area: Area;
  /** A few words without punctuation. */
  readonly summary: string;
  /** Full sentences. */
  readonly description: string;
  readonly audience: Audience;
  /** Query parameters; each schema takes the list of texts that were sent under its name. */
  readonly query?: z.ZodObject;
  /** Parameters of related operations that do not apply here, with the advice to give instead. */
  readonly notHere?: Readonly<Record<string, string>>;
  /** Request headers by name. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  /** The body is a file of at most this many bytes, of any media type, in place of JSON. */
  readonly file?: { readonly keptBytes: number };
  /** What the body may have, in bytes; absent: 64 KiB. */
  readonly bodyBytes?: number;
  /** The body may be left out; it then counts as `{}`. */
  readonly bodyOptional?: true;
  /** Who calls an `anonymous` operation must know a secret in its address: wrong ones count like invalid keys. */
  readonly needsSecret?: true;
  /** The operation evaluates filters over records, so only a few calls of one caller run at once. */
  readonly isQuery?: true;
  readonly answers: Readonly<Partial<Record<number, Answer>>>;
  readonly connector?: ConnectorRole | undefined;
}

export interface Operation extends Declaration {
  /** PascalCase, letters and digits; the function's name is the same in kebab-case. */
  readonly id: string;
  readonly method: Method;
  /** Below {@link apiPrefix}: `tenants/{tenantId}`. */
  readonly route: string;
}

/** Where all operations are. It is part of each route, because the host's own prefix would also be that of the console. */
export const apiPrefix = 'api';

/** As the host takes it: from the root of the app. */
export function hostRoute({ route }: Pick<Operation, 'route'>): string {
  return `${apiPrefix}/${route}`;
}

/** Names of a route's path parameters. */
export type PathNames<Route extends string> = Route extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PathNames<Rest>
  : never;

export type KnownRoute<Route extends string> =
  PathNames<Route> extends PathParameter ? Route : `The path parameter is not in pathParameters: ${Route}`;

/** A declared operation with the literal types that its handler is checked against. */
export type Declared<Id extends string, M extends Method, Route extends string, D extends Declaration> = D & {
  readonly id: Id;
  readonly method: M;
  readonly route: Route;
};

/**
 * Declares an operation.
 * @param at method and route, `GET tenants/{tenantId}`; each path parameter is described in `pathParameters`
 */
export function operation<
  const Id extends string,
  M extends Method,
  Route extends string,
  const D extends Declaration,
>(
  id: Id,
  at: readonly [method: M, route: Route & KnownRoute<Route>],
  declaration: D,
): Declared<Id, M, Route, D> {
  return declare<Id, M, Route, D>(id, at, declaration);
}

/** As {@link operation}, below a route whose path parameters were checked already. */
export function declare<
  const Id extends string,
  M extends Method,
  const Route extends string,
  const D extends Declaration,
>(id: Id, [method, route]: readonly [M, Route], declaration: D): Declared<Id, M, Route, D> {
  return { ...declaration, id, method, route };
}

/** The name that the operation's function is registered under: `ListRecords` becomes `list-records`. */
export function functionName({ id }: Pick<Operation, 'id'>): string {
  return id.replaceAll(/(?<!^)[A-Z]/g, '-$&').toLowerCase();
}

/** What its function is registered for: the host answers a method that is not declared with 404, HEAD included. */
export function methodsOf({ method }: Pick<Operation, 'method'>): (Method | 'HEAD')[] {
  return method === 'GET' ? ['GET', 'HEAD'] : [method];
}

/** Names of the route's path parameters, in their order. */
export function pathNames(route: string): readonly string[] {
  return [...route.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}
