/** The pictures in docs/power-automate.md, generated from the connector's definition. */
import { connectorFiles } from '../../../shared/description/connector-files.ts';
import { cardOf } from './card.ts';
import { drawCard } from './draw.ts';

/** File name by operation. */
const pictured: Readonly<Record<string, string>> = {
  PollRecordsOfTenants: 'when-records-arrive-in-any-tenant.svg',
  PollRecords: 'when-records-arrive.svg',
  GetRecord: 'get-a-record.svg',
  ListRecords: 'list-records.svg',
  StartEnablement: 'turn-auditing-on.svg',
  StartExport: 'export-records.svg',
};

/** Content by file name. */
export function connectorPictures(): ReadonlyMap<string, string> {
  const definition: unknown = JSON.parse(String(connectorFiles().get('apiDefinition.swagger.json')));
  return new Map(
    Object.entries(pictured).map(([operationId, name]) => [name, drawCard(cardOf(definition, operationId))]),
  );
}
