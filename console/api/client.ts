/** The one way to the API: with the credential of the session, and refusals as {@link ApiError}. */
import createClient from 'openapi-fetch';
import { session } from '../session/current.ts';
import type { Credential } from '../session/session.ts';
import { ApiError, toApiError } from './api-error.ts';
import { tokenIn, type Page } from './paging.ts';
import type { Paths } from './paths.ts';

const options = { baseUrl: '/api', cache: 'no-store', credentials: 'omit' } as const;

/** Calls are typed by the declared operations; give each to {@link answerOf}. */
export const api = createClient<Paths>(options);

/** With another credential than that of the session, which its answers do not end. */
export function apiWith(headers: Readonly<Record<string, string>>): typeof api {
  return createClient<Paths>({ ...options, headers });
}

/** Whose calls they are: the answer to one of an earlier session says nothing about this one. */
const callers = new WeakMap<Request, Credential>();

api.use({
  onRequest: async ({ request }) => {
    const credential = session.current();
    if (credential === undefined) return request;
    callers.set(request, credential);
    const headers = await credential.headers();
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    return request;
  },
  onResponse: ({ request, response }) => {
    const caller = callers.get(request);
    if (response.status !== 401 || caller !== session.current()) return;
    session.signOut(caller?.kept === undefined ? 'accountRefused' : 'refused');
  },
});

interface Answered<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** @throws ApiError when the API refuses, or nothing answers */
export async function answerOf<Data>(call: Promise<Answered<Data>>): Promise<Exclude<Data, undefined>> {
  const answered = await acceptedOf(call);
  if (isGiven(answered.data)) return answered.data;
  throw refusalOf(answered);
}

/** Of a call that succeeds without content. @throws ApiError like {@link answerOf} */
export async function doneOf(call: Promise<Answered<unknown>>): Promise<void> {
  await acceptedOf(call);
}

async function acceptedOf<Data>(call: Promise<Answered<Data>>): Promise<Answered<Data>> {
  const answered = await call.catch((thrown: unknown) => {
    throw toApiError(thrown);
  });
  if (!answered.response.ok) throw refusalOf(answered);
  return answered;
}

function refusalOf({ error, response }: Answered<unknown>): ApiError {
  return new ApiError(
    response.status,
    refusalIn(error),
    response.headers.get('x-ms-request-id') ?? undefined,
  );
}

function isGiven<Data>(data: Data): data is Exclude<Data, undefined> {
  return data !== undefined;
}

/** What answers in place of the API, such as a proxy, has its own form. */
function refusalIn(error: unknown): { readonly code: string; readonly message: string } {
  const inner = memberOf(error, 'error');
  const [code, message] = [memberOf(inner, 'code'), memberOf(inner, 'message')];
  if (typeof code === 'string' && typeof message === 'string') return { code, message };
  return { code: 'UnknownAnswer', message: 'The answer is not one of this app. Try again later.' };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

/** Of a list in pages, all that there is. @param ask for the page that this token continues with */
export async function allPages<Item>(
  ask: (skiptoken: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let page = await ask(undefined);
  found.push(...page.value);
  for (let next = tokenIn(page); next !== undefined; next = tokenIn(page)) {
    page = await ask(next);
    found.push(...page.value);
  }
  return found;
}
