/** `GET /health`: whether the app answers at all; tells nothing else, for anybody may ask. */
import type { HttpFunctionOptions } from '@azure/functions';
import type { HttpDeps } from './http.ts';
import { answer } from './http.ts';

export function getHealthFunction(deps: Pick<HttpDeps, 'telemetry'>): HttpFunctionOptions {
  return {
    methods: ['GET'],
    route: 'health',
    authLevel: 'anonymous',
    handler: (request, context) =>
      answer(deps, { request, context }, () => Promise.resolve({ jsonBody: { status: 'ok' } })),
  };
}
