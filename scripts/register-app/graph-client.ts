/** Asks Microsoft Graph, waits where waiting helps, and says in words why it refuses. */
import axios, { AxiosError, type AxiosResponse } from 'axios';
import type { Agent } from 'node:https';
import * as z from 'zod';
import { Failure } from './usage.ts';

export interface GraphRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/v1.0/`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
  /** It is about something made a moment ago, which not all of Graph's machines know yet. */
  readonly isNew?: boolean;
}

export interface GraphClient {
  /** The answer's body; undefined for 404. @throws Failure saying what is wrong and what to do */
  readonly find: <T extends z.ZodType>(path: string, schema: T) => Promise<z.output<T> | undefined>;
  /** All pages of a collection. @throws Failure */
  readonly list: <T extends z.ZodType>(path: string, item: T) => Promise<readonly z.output<T>[]>;
  /** The answer's body; undefined for 204. @throws Failure */
  readonly write: (request: GraphRequest) => Promise<unknown>;
}

export interface GraphClientOptions {
  /** Without a slash at its end. */
  readonly graphUrl: string;
  readonly token: string;
  readonly pause: (ms: number) => Promise<void>;
  readonly httpsAgent: Agent | undefined;
}

const attempts = 8;
const firstWaitMs = 1000;
const longestWaitMs = 30_000;
const timeoutMs = 60_000;

export function createGraphClient(options: GraphClientOptions): GraphClient {
  const root = `${options.graphUrl}/v1.0/`;
  const send = (request: GraphRequest) => sendPatiently(options, root, request);
  return {
    async find(path, schema) {
      const response = await send({ method: 'GET', path });
      return response.status === 404 ? undefined : read(schema, response);
    },
    async list(path, item) {
      const page = z.object({ value: z.array(item), '@odata.nextLink': z.string().optional() });
      const items: z.output<typeof item>[] = [];
      for (let next: string | undefined = path; next !== undefined;) {
        const answer: z.output<typeof page> = read(page, await send({ method: 'GET', path: next }));
        items.push(...answer.value);
        const link = answer['@odata.nextLink'];
        next = link === undefined ? undefined : pathBelow(root, link);
      }
      return items;
    },
    async write(request) {
      const response = await send(request);
      if (response.status === 404) throw new Failure(describe(request, response));
      return response.status === 204 ? undefined : response.data;
    },
  };
}

function read<T extends z.ZodType>(schema: T, response: AxiosResponse<unknown>): z.output<T> {
  const { data, error } = schema.safeParse(response.data);
  if (error !== undefined) throw new Failure('Microsoft Graph answered with something else.');
  return data;
}

/** The token goes to no other address, whatever an answer names. */
function pathBelow(root: string, link: string): string {
  if (!link.startsWith(root)) throw new Failure('Microsoft Graph named an address that is not its own.');
  return link.slice(root.length);
}

async function sendPatiently(
  options: GraphClientOptions,
  root: string,
  request: GraphRequest,
): Promise<AxiosResponse<unknown>> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await sendOnce(options, root, request);
    if (!(outcome instanceof AxiosError) && isAnswer(request, outcome)) return outcome;
    if (attempt === attempts || !mayPass(request, outcome)) throw new Failure(describe(request, outcome));
    await options.pause(waitMsOf(outcome, attempt));
  }
}

type Outcome = AxiosResponse<unknown> | AxiosError;

async function sendOnce(
  { token, httpsAgent }: GraphClientOptions,
  root: string,
  { method, path, body }: GraphRequest,
): Promise<Outcome> {
  try {
    return await axios.request<unknown>({
      ...{ method, url: `${root}${path}`, timeout: timeoutMs, maxRedirects: 0, proxy: false },
      headers: { Authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { data: body }),
      ...(httpsAgent === undefined ? {} : { httpsAgent }),
      validateStatus: () => true,
    });
  } catch (error) {
    if (error instanceof AxiosError) return error;
    throw error;
  }
}

function isAnswer({ method }: GraphRequest, { status }: AxiosResponse): boolean {
  return (status >= 200 && status < 300) || (status === 404 && method === 'GET');
}

/** What a service principal answers while its application is not known everywhere. */
const notKnownYet = /does not reference a valid application object/i;

/** A POST that may have been carried out is not sent again: it would make a second one. */
function mayPass({ method, isNew = false }: GraphRequest, outcome: Outcome): boolean {
  if (outcome instanceof AxiosError) return method !== 'POST';
  const { status } = outcome;
  if (status === 429 || status === 503) return true;
  if (status === 404) return isNew;
  if (status === 400) return isNew && notKnownYet.test(refusalIn(outcome).message);
  return status >= 500 && method !== 'POST';
}

function waitMsOf(outcome: Outcome, attempt: number): number {
  const asked: unknown = outcome instanceof AxiosError ? undefined : outcome.headers['retry-after'];
  const seconds = typeof asked === 'string' ? Number(asked) : Number.NaN;
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : firstWaitMs * 2 ** (attempt - 1);
  return Math.min(waitMs, longestWaitMs);
}

const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

function refusalIn(response: AxiosResponse<unknown>): z.infer<typeof refusal>['error'] {
  const { data } = refusal.safeParse(response.data);
  return data?.error ?? { code: `HTTP ${response.status}`, message: '' };
}

const cures: Readonly<Record<number, string>> = {
  401: 'Sign in again: az login.',
  403:
    'Your account needs the Entra role Application Administrator or Cloud Application Administrator; an application ' +
    'needs the permission Application.ReadWrite.All of Microsoft Graph, consented to. A new role or permission is in ' +
    'the next sign-in: az logout, az login.',
  429: 'Wait a few minutes, then run this again: it goes on from where it is.',
};

/** Without the request's headers: they hold the token. */
function describe({ method, path }: GraphRequest, outcome: Outcome): string {
  const [resource = ''] = path.split(/[?(/]/);
  if (outcome instanceof AxiosError) {
    return `Microsoft Graph could not be reached (${outcome.code ?? 'no code'}): check the network and run this again.`;
  }
  const { code, message } = refusalIn(outcome);
  const cure = cures[outcome.status] ?? (outcome.status >= 500 ? cures[429] : undefined);
  const said = `Microsoft Graph refused ${method} ${resource} with ${outcome.status} ${code}: ${message}`;
  return [said.replaceAll(/\s+/g, ' ').replace(/:? ?$/, ''), cure].filter(Boolean).join('\n');
}
