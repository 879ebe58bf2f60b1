/** `GET /connector/apiProperties.json`: how connections of the connector are made. */
import type { HttpFunctionOptions } from '@azure/functions';
import { describeConnectorProperties } from '../shared/description/connector-properties.ts';
import { allOperations } from '../shared/description/operations/all.ts';
import { answer, type HttpDeps } from './http.ts';

export function getConnectorPropertiesFunction(deps: Pick<HttpDeps, 'telemetry'>): HttpFunctionOptions {
  return {
    methods: ['GET'],
    route: 'connector/apiProperties.json',
    authLevel: 'anonymous',
    handler: (request, context) =>
      answer(deps, { request, context }, () =>
        Promise.resolve({ jsonBody: describeConnectorProperties(allOperations()) }),
      ),
  };
}
