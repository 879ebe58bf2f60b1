/** What the app publishes about itself, for anyone. */
import { allOperations } from '../../shared/api/all.ts';
import * as api from '../../shared/api/self.ts';
import { connectorIcon } from '../../shared/description/connector-icon.ts';
import { describeConnectorProperties } from '../../shared/description/connector-properties.ts';
import { describeConnector } from '../../shared/description/connector.ts';
import { describeOpenApi } from '../../shared/description/openapi.ts';
import { handler } from '../../shared/http/handler.ts';
import { serialized } from '../../shared/http/reply.ts';
import type { ConsentLinkDeps } from '../../shared/tenants/consent.ts';
import { baseUrlOf } from '../../shared/http/request.ts';

interface DescriptionDeps {
  /** Public address of the app; by default the address that the request was sent to. */
  readonly publicUrl: string | undefined;
}

export const getHealthHandler = handler(api.getHealth, (_deps, { reply }) => reply(200, { status: 'ok' }));

export const getOpenApiHandler = handler(
  api.getOpenApi,
  ({ publicUrl }: DescriptionDeps, { request, reply }) =>
    reply(200, describeOpenApi(allOperations(), publicUrl ?? baseUrlOf(request, api.getOpenApi.route))),
);

export const getConnectorDefinitionHandler = handler(
  api.getConnectorDefinition,
  ({ publicUrl }: DescriptionDeps, { request, reply }) => {
    const { route } = api.getConnectorDefinition;
    return reply(200, describeConnector(allOperations(), publicUrl ?? baseUrlOf(request, route)));
  },
);

export const getConnectorPropertiesHandler = handler(
  api.getConnectorProperties,
  ({ consent }: { readonly consent: Pick<ConsentLinkDeps['consent'], 'clientId'> }, { reply }) =>
    reply(200, describeConnectorProperties(allOperations(), consent.clientId)),
);

export const getConnectorIconHandler = handler(api.getConnectorIcon, (_deps, { reply }) =>
  reply(200, serialized(connectorIcon(), 'image/png')),
);
