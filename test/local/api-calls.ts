/** Sends requests to Auditkeep with a client key, and reports refusals in one line. */
import * as z from 'zod';
import { expectDescribedResponse } from '../support/described.ts';

const errorSchema = z.object({ error: z.object({ message: z.string() }) });

interface ApiAnswer {
  /** Undefined if there is none. */
  readonly body: unknown;
  readonly headers: Headers;
}

/** GET, or POST if there is a body; takes a path or an absolute URL. */
export type ApiCall = (target: string | URL, body?: object) => Promise<ApiAnswer>;

/** Calls reject with the request and the API's own message when the API refuses. */
export function createApiCall(baseUrl: string, apiKey: string): ApiCall {
  return async (target, body) => {
    const url = new URL(target, baseUrl);
    const method = body === undefined ? 'GET' : 'POST';
    const response = await fetch(url, {
      method,
      headers: { 'x-api-key': apiKey, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await expectDescribedResponse(method, response);
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${url.pathname} returned ${response.status}: ${readMessage(text)}`);
    }
    return { body: text === '' ? undefined : (JSON.parse(text) as unknown), headers: response.headers };
  };
}

function readMessage(text: string): string {
  try {
    return errorSchema.parse(JSON.parse(text)).error.message;
  } catch {
    return text === '' ? 'no message' : text;
  }
}
