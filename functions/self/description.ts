/** What the app publishes about itself, for anyone. */
import { allOperations } from '../../shared/api/all.ts';
import * as api from '../../shared/api/self.ts';
import { handler } from '../../shared/http/handler.ts';
import { serialized } from '../../shared/http/reply.ts';
import { loadPart } from '../../shared/lazy.ts';
import type { ConsentLinkDeps } from '../../shared/tenants/consent.ts';
import { baseUrlOf } from '../../shared/http/request.ts';

interface DescriptionDeps {
  /** Public address of the app; by default the address that the request was sent to. */
  readonly publicUrl: string | undefined;
}

export const getHealthHandler = handler(api.getHealth, (_deps, { reply }) => reply(200, { status: 'ok' }));

export const getOpenApiHandler = handler(
  api.getOpenApi,
  async ({ publicUrl }: DescriptionDeps, { request, reply }) => {
    const { describeOpenApi } = await loadPart(() => import('../../shared/description/openapi.ts'));
    const { route } = api.getOpenApi;
    return reply(200, describeOpenApi(allOperations(), publicUrl ?? baseUrlOf(request, route)));
  },
);

export const getConnectorDefinitionHandler = handler(
  api.getConnectorDefinition,
  async ({ publicUrl }: DescriptionDeps, { request, reply }) => {
    const { describeConnector } = await loadPart(() => import('../../shared/description/connector.ts'));
    const { route } = api.getConnectorDefinition;
    return reply(200, describeConnector(allOperations(), publicUrl ?? baseUrlOf(request, route)));
  },
);

export const getConnectorPropertiesHandler = handler(
  api.getConnectorProperties,
  async ({ consent }: { readonly consent: Pick<ConsentLinkDeps['consent'], 'clientId'> }, { reply }) => {
    const { describeConnectorProperties } = await loadPart(
      () => import('../../shared/description/connector-properties.ts'),
    );
    return reply(200, describeConnectorProperties(allOperations(), consent.clientId));
  },
);

export const getConnectorIconHandler = handler(api.getConnectorIcon, async (_deps, { reply }) => {
  const { connectorIcon } = await loadPart(() => import('../../shared/description/connector-icon.ts'));
  return reply(200, serialized(connectorIcon(), 'image/png'));
});
