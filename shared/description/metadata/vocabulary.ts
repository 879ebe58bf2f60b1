/** What records often say, for lists to choose from; a record may say anything else. */
import { recordTypes } from '../../records/record-types.ts';
import services from './services.json' with { type: 'json' };

/** Services as records name them, with the names that people know. */
export function listServices() {
  return services.map(({ name, displayName }) => ({ name, displayName }));
}

/** @param service in any case; all operations without it, none for one that is not known */
export function listOperations(service: string | undefined) {
  const wanted = service?.trim().toLowerCase();
  const names = services
    .filter(({ name }) => wanted === undefined || name.toLowerCase() === wanted)
    .flatMap(({ operations }) => operations);
  return [...new Set(names)].sort().map((name) => ({ name, displayName: name }));
}

/** By name. */
export function listRecordTypes() {
  return recordTypes()
    .map(({ number, name }) => ({ recordType: number, name, displayName: `${name} (${number})` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
