/** Belongs to the connector's definition: how a connection is made, and policies of the gateway. */
import { brandColor } from './connector-icon.ts';
import { pageableOperations } from './connector.ts';

import type { JsonSchema } from './json-schema.ts';
import type { Operation } from '../api/operation.ts';

const host = {
  type: 'string',
  uiDefinition: {
    displayName: 'Host name',
    description: 'Where Auditkeep runs, without https:// and path, such as audit.contoso.com.',
    tooltip: 'The host name of your Auditkeep.',
    constraints: { tabIndex: 1, required: 'true' },
  },
};

const key = {
  type: 'securestring',
  uiDefinition: {
    displayName: 'Client key',
    description: 'A client key, which begins with ak_.',
    tooltip: 'Ask the administrator of Auditkeep for a key.',
    constraints: { tabIndex: 2, clearText: false, required: 'true' },
  },
};

/** @see https://learn.microsoft.com/connectors/custom-connectors/policy-templates */
export function describeConnectorProperties(operations: readonly Operation[]): JsonSchema {
  return {
    properties: {
      connectionParameters: { baseUrl: host, api_key: key },
      iconBrandColor: brandColor,
      capabilities: [],
      publisher: 'Auditkeep',
      stackOwner: 'Auditkeep',
      policyTemplateInstances: [
        {
          templateId: 'dynamichosturl',
          title: 'Reach the deployment of this connection',
          parameters: {
            'x-ms-apimTemplateParameter.urlTemplate': "https://@connectionParameters('baseUrl')",
          },
        },
        {
          templateId: 'updatenextlink',
          title: 'Follow pages through the gateway',
          parameters: {
            'x-ms-apimTemplateParameter.nextLinkPropertyName': 'nextLink',
            'x-ms-apimTemplate-operationName': pageableOperations(operations),
          },
        },
      ],
    },
  };
}
