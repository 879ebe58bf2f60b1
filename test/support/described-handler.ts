/** Compares answers of handlers, called without a host, with the description of the HTTP interface. */
import { HttpResponse, type HttpRequest, type HttpResponseInit } from '@azure/functions';
import * as z from 'zod';
import type { Operation } from '../../shared/api/operation.ts';
import { expectDescribed } from './described.ts';

/** Like {@link expectDescribed}, for results of a handler. */
export async function expectDescribedInit(
  request: Pick<HttpRequest, 'method' | 'url'>,
  given: unknown,
  operation?: Operation,
): Promise<void> {
  const init = z
    .custom<HttpResponseInit>((value) => typeof value === 'object' && value !== null)
    .parse(given);
  const response = new HttpResponse(init);
  const answer = {
    ...{ method: request.method, url: request.url, status: response.status },
    headers: Object.fromEntries(response.headers),
    body: Buffer.from(await response.arrayBuffer()),
  };
  expectDescribed(answer, operation);
}
