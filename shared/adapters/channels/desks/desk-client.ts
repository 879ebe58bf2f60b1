/** Calls of desks that speak JSON. */
import type * as z from 'zod';
import type { SenderContext } from '../../../destinations/kind.ts';
import { parseJson } from '../../../json.ts';
import type { HttpsAnswer, HttpsRequest, Unreached } from '../../destinations/https-client.ts';
import type { NextSteps } from '../../destinations/https-result.ts';
import { failureOf } from '../answer.ts';
import { createJsonClient } from '../post-json.ts';
import { DeskFailure } from './desk.ts';

export interface DeskClientOptions {
  /** Address that paths are below, without a slash at its end. */
  readonly base: string;
  readonly certificateAuthority: string | undefined;
  /** Headers that sign each call in; `isRetry` after a call was refused: what is remembered is too old. */
  readonly headers: (signal: AbortSignal, isRetry: boolean) => Promise<Readonly<Record<string, string>>>;
  readonly nextSteps: NextSteps;
  /** What an answer says in addition to its status. */
  readonly read?: (answer: HttpsAnswer) => { readonly detail?: string; readonly isRefusal?: boolean };
}

export interface DeskClient {
  /** @throws DeskFailure unless the answer is a success that fits the schema */
  call<T extends z.ZodType>(
    call: { readonly method: HttpsRequest['method']; readonly path: string; readonly body?: unknown },
    schema: T,
    signal: AbortSignal,
  ): Promise<z.output<T>>;
  /** Undefined where there is no such thing. @throws DeskFailure likewise */
  find<T extends z.ZodType>(path: string, schema: T, signal: AbortSignal): Promise<z.output<T> | undefined>;
  /** A form without headers that sign in, for tokens. */
  form<T extends z.ZodType>(
    url: string,
    members: Readonly<Record<string, string>>,
    schema: T,
    signal: AbortSignal,
  ): Promise<z.output<T>>;
  end(): Promise<void>;
}

export function createDeskClient(context: SenderContext, options: DeskClientOptions): DeskClient {
  const client = createJsonClient(context, options.certificateAuthority);
  const send = async (
    { method, path, body }: Parameters<DeskClient['call']>[0],
    signal: AbortSignal,
  ): Promise<HttpsAnswer | Unreached> => {
    const once = async (isRetry: boolean) => {
      const headers = await options.headers(signal, isRetry);
      const content = body === undefined ? undefined : JSON.stringify(body);
      return await client.send({ method, url: `${options.base}${path}`, headers, body: content }, signal);
    };
    const first = await once(false);
    return first.status === 401 ? await once(true) : first;
  };
  return {
    call: async (call, schema, signal) => read(options, await send(call, signal), schema),
    async find(path, schema, signal) {
      const answer = await send({ method: 'GET', path }, signal);
      return answer.status === 404 ? undefined : read(options, answer, schema);
    },
    async form(url, members, schema, signal) {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const body = new URLSearchParams(members).toString();
      return read(options, await client.send({ method: 'POST', url, headers, body }, signal), schema);
    },
    end: () => client.close(),
  };
}

function read<T extends z.ZodType>(
  options: DeskClientOptions,
  answer: HttpsAnswer | Unreached,
  schema: T,
): z.output<T> {
  const { detail, isRefusal = false } = answer.status === undefined ? {} : (options.read?.(answer) ?? {});
  const failed = failureOf(answer, { nextSteps: options.nextSteps, detail });
  if (failed !== undefined)
    throw new DeskFailure(isRefusal ? { outcome: 'refused', cause: failed.cause } : failed);
  const parsed = schema.safeParse(answer.status === undefined ? undefined : parseJson(answer.text));
  if (parsed.success) return parsed.data;
  // It may be done: what was found or made is not what the desk is known to answer.
  throw new DeskFailure({
    outcome: 'retry',
    cause: 'The answer of the receiver is not valid.',
    mayBeThere: true,
  });
}

/** A token that is kept until it is refused, or expires soon. */
export function createTokenKeeper(
  { now }: Pick<SenderContext, 'now'>,
  issue: (signal: AbortSignal) => Promise<{ readonly access_token: string; readonly expires_in: number }>,
): (signal: AbortSignal, isRetry: boolean) => Promise<string> {
  let kept: { readonly token: string; readonly until: number } | undefined;
  return async (signal, isRetry) => {
    if (kept !== undefined && !isRetry && kept.until > now().getTime()) return kept.token;
    const { access_token: token, expires_in: seconds } = await issue(signal);
    kept = { token, until: now().getTime() + seconds * 800 };
    return token;
  };
}
