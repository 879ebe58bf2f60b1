/** The syntax tree of a query, without lists and punctuation. */
import { onceEach } from '../once-each.ts';
import { parseSyntax, syntaxTypeOf, type SyntaxElement } from '../kusto.ts';

export interface Tree {
  /** As the language service calls it: `FilterOperator`, `BinaryExpression`, ... */
  readonly type: string;
  readonly text: string;
  /** Its own words and signs: `where`, `==`. */
  readonly tokens: readonly string[];
  readonly children: readonly Tree[];
}

/** @throws what the evaluator says of everything that it was not made for */
export function unknown({ type, text }: Tree): never {
  throw new Error(`${type} '${text}' is not known to the evaluator.`);
}

export const parseTree = onceEach((query): Tree => treeOf(parseSyntax(query)));

/** @throws when there is no such child */
export function childOf(tree: Tree, index: number): Tree {
  return tree.children[index] ?? unknown(tree);
}

/** Name and expression of `Name = expression`; what has no name is called as it is written. */
export function namedPart(tree: Tree): readonly [name: string, expression: Tree] {
  return tree.type === 'SimpleNamedExpression' || tree.type === 'LetStatement'
    ? [childOf(tree, 0).text, childOf(tree, 1)]
    : [tree.text, tree];
}

function treeOf(element: SyntaxElement): Tree {
  const parts = partsOf(element);
  return {
    type: syntaxTypeOf(element),
    text: element.ToString(),
    tokens: parts.filter(isToken).map((part) => part.ToString()),
    children: parts.filter((part) => !isToken(part)).map(treeOf),
  };
}

function partsOf(element: SyntaxElement): readonly SyntaxElement[] {
  const parts = Array.from({ length: element.ChildCount }, (_, index) => element.GetChild(index));
  return parts.flatMap((part) => (part === null ? [] : isList(part) ? partsOf(part) : [part]));
}

function isList(element: SyntaxElement): boolean {
  return ['SyntaxList', 'SeparatedElement'].includes(syntaxTypeOf(element));
}

function isToken(element: SyntaxElement): boolean {
  return syntaxTypeOf(element) === 'SyntaxToken';
}
