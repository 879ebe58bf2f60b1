/** Finds operations by the words of everything that names them. */
import { isObject } from '../../json.ts';

/** Swagger UI keeps operations in groups, in Immutable's maps and lists, of which this is the part that is used here. */
interface Groups {
  map(change: (group: Group, name: string) => Group): Groups;
  filter(isKept: (group: Group) => boolean): Groups;
}

interface Group {
  get(name: 'operations'): Operations;
  set(name: 'operations', operations: Operations): Group;
}

interface Operations {
  readonly size: number;
  filter(isKept: (operation: { toJS(): unknown }) => boolean): Operations;
}

/** Groups with the operations that have each word in their group, method, path, texts, or names of parameters. */
export function searchOperations(groups: Groups, phrase: string): Groups {
  const words = phrase.toLowerCase().split(/\s+/);
  return groups
    .map((group, name) => {
      const found = group.get('operations').filter((operation) => {
        const text = `${name} ${wordsOf(operation.toJS())}`.toLowerCase();
        return words.every((word) => text.includes(word));
      });
      return group.set('operations', found);
    })
    .filter((group) => group.get('operations').size > 0);
}

/** @param entry an operation with its path and method */
function wordsOf(entry: unknown): string {
  if (!isObject(entry) || !isObject(entry['operation'])) return '';
  const { operationId, summary, description, parameters } = entry['operation'];
  const names = Array.isArray(parameters) ? parameters.map(nameOf) : [];
  return [entry['method'], entry['path'], operationId, summary, description, ...names].map(textOf).join(' ');
}

/** Shared parameters are references whose last part begins with the name. */
function nameOf(parameter: unknown): unknown {
  if (!isObject(parameter)) return '';
  return parameter['name'] ?? textOf(parameter['$ref']).split('/').at(-1);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
