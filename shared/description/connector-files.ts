/** The connector's files, for importing it without a running app. */
import { describeConnectorProperties } from './connector-properties.ts';
import { describeConnector } from './connector.ts';
import { connectorIntro, connectorReadme } from './connector-documents.ts';
import { connectorIcon } from './connector-icon.ts';
import { allOperations } from '../api/all.ts';

/** Each connection has its own host, which replaces this one. */
const placeholder = 'https://audit.example/api';

/** Contents by file name. */
export function connectorFiles(): ReadonlyMap<string, string | Buffer> {
  return new Map<string, string | Buffer>([
    ['apiDefinition.swagger.json', printed(describeConnector(allOperations(), placeholder))],
    ['apiProperties.json', printed(describeConnectorProperties(allOperations()))],
    ['icon.png', connectorIcon()],
    ['readme.md', connectorReadme(allOperations())],
    ['intro.md', connectorIntro()],
  ]);
}

function printed(document: object): string {
  return `${JSON.stringify(document, undefined, 4)}\n`;
}
