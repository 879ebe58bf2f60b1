/** Microsoft's Kusto language service: reads a query like Azure Monitor, against the given tables. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import * as z from 'zod';
import { onceEach } from './once-each.ts';

/** The part that is used of what the scripts put into the global scope. */
interface KustoLanguage {
  readonly GlobalState: { readonly Default: GlobalState };
  readonly KustoCode: {
    Parse(text: string): { readonly Syntax: SyntaxElement };
    ParseAndAnalyze(text: string, globals: GlobalState): KustoCode;
  };
  readonly Symbols: {
    readonly TableSymbol: { From(schema: string): { WithName(name: string): object } };
    readonly ExternalTableSymbol: {
      readonly $ctor4: new (name: string, schema: string, about: null) => object;
    };
    readonly DatabaseSymbol: { readonly $ctor1: new (name: string, members: readonly object[]) => object };
  };
}

interface GlobalState {
  WithDatabase(database: object): GlobalState;
}

interface ResultTable {
  readonly Columns: BridgeList<{ readonly Name: string; readonly Type: { readonly Name: string } }>;
}

/** Lists of the translated .NET code. */
interface BridgeList<T> {
  readonly Count: number;
  getItem(index: number): T;
}

/** An operator, an expression or a token. */
export interface SyntaxElement {
  readonly ChildCount: number;
  GetChild(index: number): SyntaxElement | null;
  /** Its text without comments and blanks around tokens. */
  ToString(): string;
}

interface KustoCode {
  GetDiagnostics(): BridgeList<{ readonly Start: number; readonly Message: string }>;
  /** The table that comes out; none where the text could not be read. */
  readonly ResultType: Partial<ResultTable> | null;
}

declare global {
  var Kusto: { readonly Language: KustoLanguage } | undefined;
  var Bridge: { getTypeName(value: object): string } | undefined;
}

/** Tables by name, their columns with Kusto's names of types. */
export type TableSchemas = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface ReadQuery {
  /** `line 2: The name 'Nmae' does not refer to …`; none when the query is sound. */
  readonly problems: readonly string[];
  /** Columns of the answer, with their types. */
  readonly columns: Readonly<Record<string, string>>;
}

const scripts = [
  'bridge',
  'bridge.console',
  'bridge.meta',
  'Kusto.Language.Bridge',
  'Kusto.Language.Bridge.meta',
];

/** The scripts are made for browsers: they find each other in the global scope. */
function loadLanguage(): KustoLanguage {
  const folder = dirname(fileURLToPath(import.meta.resolve('@kusto/language-service-next')));
  for (const script of globalThis.Kusto === undefined ? scripts : []) {
    const filename = join(folder, `${script}.min.js`);
    runInThisContext(readFileSync(filename, 'utf8'), { filename });
  }
  if (globalThis.Kusto === undefined) throw new Error('The Kusto language service did not load.');
  return globalThis.Kusto.Language;
}

/**
 * Loads the language, which takes a second; what it returns reads and binds any number of queries and commands.
 * @param tables that a query names as they are
 * @param externalTables that a query reads by `external_table('…')`
 */
export function createQueryReader(
  tables: TableSchemas,
  externalTables: TableSchemas = {},
): (text: string) => ReadQuery {
  const { GlobalState, KustoCode, Symbols } = loadLanguage();
  const inside = Object.entries(tables).map(([name, columns]) =>
    Symbols.TableSymbol.From(schemaOf(columns)).WithName(name),
  );
  const outside = Object.entries(externalTables).map(
    ([name, columns]) => new Symbols.ExternalTableSymbol.$ctor4(name, schemaOf(columns), null),
  );
  const database = new Symbols.DatabaseSymbol.$ctor1('workspace', [...inside, ...outside]);
  const globals = GlobalState.Default.WithDatabase(database);
  return onceEach((text) => {
    const code = KustoCode.ParseAndAnalyze(text, globals);
    const problems = toArray(code.GetDiagnostics()).map(
      ({ Start, Message }) => `line ${text.slice(0, Start).split('\n').length}: ${Message}`,
    );
    const columns = code.ResultType?.Columns;
    const typed = columns === undefined ? [] : toArray(columns).map(({ Name, Type }) => [Name, Type.Name]);
    return { problems, columns: z.record(z.string(), z.string()).parse(Object.fromEntries(typed)) };
  });
}

/** A query as it is written, bound to nothing. */
export function parseSyntax(text: string): SyntaxElement {
  return loadLanguage().KustoCode.Parse(text).Syntax;
}

/** `FilterOperator`, `SyntaxList`, ...; of tokens all say `SyntaxToken`. @throws before something was parsed */
export function syntaxTypeOf(element: SyntaxElement): string {
  const type = globalThis.Bridge?.getTypeName(element);
  if (type === undefined) throw new Error('The Kusto language service is not loaded.');
  return type.replace(/^Kusto\.Language\.Syntax\./, '').replace(/[+`].*$/, '');
}

function schemaOf(columns: Readonly<Record<string, string>>): string {
  return `(${Object.entries(columns)
    .map(([name, type]) => `${name}: ${type}`)
    .join(', ')})`;
}

function toArray<T>(list: BridgeList<T>): readonly T[] {
  return Array.from({ length: list.Count }, (_, index) => list.getItem(index));
}
