/** `GET /connector/apiDefinition.swagger.json`: the connector for Power Automate, ready to be imported. */
import type { HttpFunctionOptions } from '@azure/functions';
import { describeConnector } from '../shared/description/connector.ts';
import { allOperations } from '../shared/description/operations/all.ts';
import { answer, baseUrlOf, type HttpDeps } from './http.ts';

interface ConnectorDeps extends Pick<HttpDeps, 'telemetry'> {
  /** Where people reach the app; by default where the request was sent to. */
  readonly publicUrl: string | undefined;
}

export function getConnectorDefinitionFunction(deps: ConnectorDeps): HttpFunctionOptions {
  const route = 'connector/apiDefinition.swagger.json';
  return {
    methods: ['GET'],
    route,
    authLevel: 'anonymous',
    handler: (request, context) =>
      answer(deps, { request, context }, () => {
        const jsonBody = describeConnector(allOperations(), deps.publicUrl ?? baseUrlOf(request, route));
        return Promise.resolve({ jsonBody });
      }),
  };
}
