/** `GET /openapi.json`: the description of this interface, for people and programs. */
import type { HttpFunctionOptions } from '@azure/functions';
import { describeOpenApi } from '../shared/description/openapi.ts';
import { allOperations } from '../shared/description/operations/all.ts';
import { answer, baseUrlOf, type HttpDeps } from './http.ts';

export interface DescriptionDeps extends Pick<HttpDeps, 'telemetry'> {
  /** Where people reach the app; by default where the request was sent to. */
  readonly publicUrl: string | undefined;
}

export function getOpenApiFunction(deps: DescriptionDeps): HttpFunctionOptions {
  const route = 'openapi.json';
  return {
    methods: ['GET'],
    route,
    authLevel: 'anonymous',
    handler: (request, context) =>
      answer(deps, { request, context }, () => {
        const jsonBody = describeOpenApi(allOperations(), deps.publicUrl ?? baseUrlOf(request, route));
        return Promise.resolve({ jsonBody });
      }),
  };
}
