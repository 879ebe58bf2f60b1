/** State × event tables: the compiler asks for every cell, every cell is executed, and docs/states.md shows the same. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** What each event does in each state, in the words of docs/states.md. */
export type StateTable<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Record<Event, string>>>
>;

export interface TestedTable<State extends string, Event extends string> {
  /** Heading in docs/states.md. */
  readonly heading: string;
  readonly cells: StateTable<State, Event>;
  /** Brings a new one into the state, causes the event in the code that ships, and says what it found. */
  readonly observe: (state: State, event: Event) => Promise<string>;
}

/** Says what an event did: "no change", the new state, or either with side effects. */
export function outcome(before: string, after: string, effects: readonly (string | false)[] = []): string {
  const all = [before === after ? 'no change' : after, ...effects.filter((effect) => effect !== false)];
  return all.join('; ');
}

/** One test per cell, and one for the documentation. */
export function testStates<State extends string, Event extends string>({
  heading,
  cells,
  observe,
}: TestedTable<State, Event>): void {
  const states = namesOf(cells);
  describe.each(states)(`${heading}: %s`, (state) => {
    it.each(namesOf(cells[state]))('when %s', async (event) => {
      expect(await observe(state, event)).toBe(cells[state][event]);
    });
  });

  it(`${heading} is documented as it is`, () => {
    expect(readDocumented(heading), `docs/states.md needs:\n\n${markdownOf(cells)}\n\n`).toEqual(cells);
  });
}

function namesOf<Name extends string>(record: Readonly<Record<Name, unknown>>): readonly Name[] {
  return Object.keys(record) as Name[];
}

type Cells = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** States with the same cells share a column. */
function markdownOf(cells: Cells): string {
  const columns = new Map<string, readonly string[]>();
  for (const [state, column] of Object.entries(cells)) {
    const content = JSON.stringify(column);
    columns.set(content, [...(columns.get(content) ?? []), state]);
  }
  const shown = [...columns.values()];
  const rows = [
    ['event', ...shown.map((states) => states.join(', '))],
    ['---', ...shown.map(() => '---')],
    ...Object.keys(Object.values(cells)[0] ?? {}).map((event) => [
      event,
      ...shown.map(([state = '']) => cells[state]?.[event] ?? ''),
    ]),
  ];
  return rows.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** The table below a heading of docs/states.md. A column may stand for several states: "Succeeded, Failed". */
function readDocumented(heading: string): Cells {
  const text = readFileSync('docs/states.md', 'utf8');
  const [, section = ''] = text.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  const [header = [], , ...rows] = own
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map(cellsOf);
  const columns = header
    .slice(1)
    .flatMap((names, at) => names.split(', ').map((state) => [state, at + 1] as const));
  return Object.fromEntries(
    columns.map(([state, at]) => [state, Object.fromEntries(rows.map((row) => [row[0], row[at]]))]),
  );
}

function cellsOf(line: string): readonly string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''));
}
