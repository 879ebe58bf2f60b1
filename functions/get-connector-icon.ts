/** `GET /connector/icon.png`: the icon of the connector. */
import type { HttpFunctionOptions } from '@azure/functions';
import { drawIcon } from '../shared/description/icon.ts';
import { answer, type HttpDeps } from './http.ts';

export function getConnectorIconFunction(deps: Pick<HttpDeps, 'telemetry'>): HttpFunctionOptions {
  let icon: Buffer | undefined;
  return {
    methods: ['GET'],
    route: 'connector/icon.png',
    authLevel: 'anonymous',
    handler: (request, context) =>
      answer(deps, { request, context }, () =>
        Promise.resolve({ body: (icon ??= drawIcon()), headers: { 'Content-Type': 'image/png' } }),
      ),
  };
}
