/** What every route answered to every kind of credential, for review. */
import Table from 'cli-table3';
import type { HttpFunction } from '../../local/host/function-app.ts';

export function createMatrix() {
  const rows = new Map<string, Map<string, string>>();
  return {
    record: ({ name, trigger }: HttpFunction, method: string, kind: string, cell: string): void => {
      const route = `${method} ${trigger.route ?? name}`;
      const row = rows.get(route) ?? new Map<string, string>();
      rows.set(route, row.set(kind, cell));
    },
    /** How many routes have answered. */
    routes: () => rows.size,
    shown: (): string => {
      const kinds = [...new Set([...rows.values()].flatMap((row) => [...row.keys()]))];
      const table = new Table({
        head: ['route', ...kinds.map((_, index) => String(index + 1))],
        style: { head: [], border: [], compact: true },
      });
      for (const [route, row] of [...rows].sort(([a], [b]) => (a < b ? -1 : 1)))
        table.push([route, ...kinds.map((kind) => row.get(kind) ?? '')]);
      const legend = kinds.map((kind, index) => `${index + 1}  ${kind}`).join('\n');
      return `${table.toString()}\n${legend}`;
    },
  };
}
