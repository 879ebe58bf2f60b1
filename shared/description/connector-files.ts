/** The files that are shipped for whoever imports the connector without asking a running app for it. */
import { describeConnectorProperties } from './connector-properties.ts';
import { describeConnector } from './connector.ts';
import { drawIcon } from './icon.ts';
import { allOperations } from './operations/all.ts';

/** A connection has a host of its own: this one only stands in the file. */
const placeholder = 'https://audit.example/api';

/** Content by name of file. */
export function connectorFiles(): ReadonlyMap<string, string | Buffer> {
  return new Map<string, string | Buffer>([
    ['apiDefinition.swagger.json', printed(describeConnector(allOperations(), placeholder))],
    ['apiProperties.json', printed(describeConnectorProperties(allOperations()))],
    ['icon.png', drawIcon()],
  ]);
}

function printed(document: object): string {
  return `${JSON.stringify(document, undefined, 4)}\n`;
}
