/** Belongs to the connector's definition: how a connection is made, and policies of the gateway. */
import { brandColor } from './connector-icon.ts';
import { pageableOperations } from './connector.ts';

import type { JsonSchema } from './json-schema.ts';
import type { Operation } from '../api/operation.ts';

const unknownClient = '00000000-0000-0000-0000-000000000000';

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

/**
 * The app registration of the connector asks for a token for Auditkeep's. Its own ID and secret are entered when the
 * connector is imported.
 * @see https://learn.microsoft.com/connectors/custom-connectors/azure-active-directory-authentication
 */
function signInFor(clientId: string) {
  return {
    type: 'oauthSetting',
    oAuthSettings: {
      identityProvider: 'aad',
      clientId: unknownClient,
      scopes: [],
      redirectMode: 'GlobalPerConnector',
      redirectUrl: 'https://global.consent.azure-apim.net/redirect',
      properties: { IsFirstParty: 'False' },
      customParameters: {
        loginUri: { value: 'https://login.microsoftonline.com' },
        tenantId: { value: 'common' },
        resourceUri: { value: `api://${clientId}` },
      },
    },
  };
}

/** Ways to sign in, of which a new connection offers the choice. */
function signIns(clientId: string) {
  return {
    uiDefinition: { displayName: 'Sign-in', description: 'How flows authenticate to Auditkeep.' },
    values: [
      {
        name: 'clientKey',
        uiDefinition: { displayName: 'Client key', description: 'Sign in with a key of Auditkeep.' },
        parameters: { baseUrl: host, api_key: key },
      },
      {
        name: 'entra',
        uiDefinition: { displayName: 'Microsoft Entra ID', description: 'Sign in with your work account.' },
        parameters: { baseUrl: host, token: signInFor(clientId) },
      },
    ],
  };
}

/**
 * @param clientId of Auditkeep's app registration; the default is a placeholder for the files of the repository
 * @see https://learn.microsoft.com/connectors/custom-connectors/multi-auth
 * @see https://learn.microsoft.com/connectors/custom-connectors/policy-templates
 */
export function describeConnectorProperties(
  operations: readonly Operation[],
  clientId = unknownClient,
): JsonSchema {
  return {
    properties: {
      connectionParameterSets: signIns(clientId),
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
