/** The texts that Microsoft's certification asks for in addition to the definition: readme.md and intro.md. */
import type { ConnectorRole, Operation } from '../api/operation.ts';

type Shown = Operation & { readonly connector: ConnectorRole };

/** @see https://learn.microsoft.com/connectors/custom-connectors/submit-certification */
export function connectorReadme(operations: readonly Operation[]): string {
  return `# Auditkeep

${about}

## Publisher: Auditkeep

## Prerequisites

${prerequisites}

## Supported operations

${operationsOf(operations)}

## Obtaining credentials

${credentials}

## Getting started

${firstFlow}

## Known issues and limitations

${limitations}

## Deployment instructions

Save \`apiDefinition.swagger.json\`, \`apiProperties.json\`, and \`icon.png\` from \`/api/connector\` of your deployment in one
folder, and run:

\`\`\`
paconn login
paconn create --api-def apiDefinition.swagger.json --api-prop apiProperties.json --icon icon.png
\`\`\`

To offer sign-in with Microsoft Entra ID, register an app for the connector, enter its ID as \`clientId\` in
\`apiProperties.json\`, and add \`--secret\` with its client secret.
`;
}

/** @see https://learn.microsoft.com/connectors/custom-connectors/certification-submission */
export function connectorIntro(): string {
  return `# Auditkeep

${about}

## Prerequisites

${prerequisites}

## How to get credentials

${credentials}

## Get started with your connector

${firstFlow}

## Known issues and limitations

${limitations}

## Common errors and remedies

| Error | Remedy |
| --- | --- |
| 401 Unauthorized | The client key is mistyped, has expired, or was revoked. Edit the connection. |
| 403 Forbidden | The client key lacks a scope. The message names it. |
| 404 TenantNotFound | The tenant does not exist, or the key is bound to another one. |
| 400 InvalidParameter | The message names the box and says what to enter. |
| 429 TooManyRequests | Too many calls in a minute. The flow waits and continues. |

## Frequently asked questions

**Why does a list end after one page?** Turn on *Pagination* in the settings of the action, with a threshold.

**Are records missing that happened minutes ago?** Microsoft publishes them minutes to hours later. *Complete Through* says
up to which time everything that Microsoft published is included.
`;
}

const about = `Auditkeep keeps the Microsoft 365 audit trail of many tenants and finds in it who did what, when, from where, and to which
file or mailbox. Flows start when records arrive, search and export them, and turn auditing on.`;

const prerequisites = `- A deployment of Auditkeep, and its host name.
- A client key of that deployment, or an account in Microsoft Entra ID with one of its app roles.
- A Power Automate plan with premium connectors.`;

const credentials = `The administrator of Auditkeep creates a client key with the scope \`records.read\`, for one tenant or for all. Turning auditing
on needs \`auditing.enable\`, and registering tenants \`tenants.manage\`. With Microsoft Entra ID, the administrator assigns the app
roles of the same names.`;

const firstFlow = `1. Create an automated cloud flow with the trigger **When records arrive in any tenant**. It follows all tenants; to follow fewer,
   choose a tag or a tenant.
2. Choose an operation such as *FileDeleted*, or leave the filters empty for all records.
3. Add **Get a record** with the *Tenant ID* and the *Record ID* of the trigger, and use its fields in a message.`;

const limitations = `- Lists of values are one text, separated by commas; a value that contains a comma is in double quotes.
- Microsoft publishes records minutes to hours after the event, and some of them days later. The triggers read records in the
  order in which they arrived, so that late ones are not missed.
- **Download an export** cannot hold files of more than 100 MB.
- Paging needs the policy *updatenextlink* of \`apiProperties.json\`.`;

function operationsOf(operations: readonly Operation[]): string {
  return operations
    .filter((operation): operation is Shown => operation.connector !== undefined)
    .filter(({ connector }) => connector.visibility !== 'internal')
    .map(({ summary, description, connector }) => {
      const kind = connector.trigger === undefined ? 'Action' : 'Trigger';
      return `### ${connector.summary ?? summary}\n\n${kind}. ${connector.description ?? description}`;
    })
    .join('\n\n');
}
