/** Which media type to answer with. @see https://www.rfc-editor.org/rfc/rfc9110#name-accept */
import { fileType } from '../api/answers.ts';
import type { Operation } from '../api/operation.ts';

interface AcceptedRange {
  readonly type: string;
  /** From 0, not acceptable, to 1. */
  readonly quality: number;
}

/** The ranges of a header `Accept`, in lower case and in its order; a lone asterisk, as old clients send it, is any type. */
export function acceptedRanges(accept: string): readonly AcceptedRange[] {
  return accept
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim().toLowerCase()))
    .filter(([type]) => type !== '')
    .map(([type = '', ...parameters]) => ({
      type: type === '*' ? '*/*' : type,
      quality: qualityOf(parameters),
    }));
}

function qualityOf(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = given === undefined ? 1 : Number(given.slice(2));
  return Number.isNaN(quality) ? 1 : quality;
}

/** The form of errors: who accepts it says nothing about other answers. */
export const problemType = 'application/problem+json';

/**
 * The type that the caller prefers; of those it likes equally, the one that it names first, then the one served first.
 * @returns undefined if none is acceptable
 */
export function preferredType(accept: string | null, served: readonly string[]): string | undefined {
  const ranges = acceptedRanges(accept ?? '').filter(({ type }) => type !== problemType);
  if (ranges.length === 0) return served[0];
  const fitting = served.flatMap((type) => {
    const at = bestRange(ranges, type);
    const quality = ranges[at]?.quality ?? 0;
    return quality > 0 ? [{ type, at, quality }] : [];
  });
  return fitting.sort((one, other) => other.quality - one.quality || one.at - other.at)[0]?.type;
}

/** The position of the most specific range that the type is in, -1 if it is in none. */
function bestRange(ranges: readonly AcceptedRange[], type: string): number {
  const [group = ''] = type.split('/');
  const positions = [type, `${group}/*`, '*/*'].map((range) => ranges.findIndex((one) => one.type === range));
  return positions.find((at) => at >= 0) ?? -1;
}

/** The types of an operation's successes, the usual one first; none if they have no content. */
export function servedTypes({ answers }: Pick<Operation, 'answers'>): readonly string[] {
  const successes = Object.entries(answers).filter(([status]) => status.startsWith('2'));
  const types = successes.flatMap(([, answer]) => {
    if (answer?.schema === undefined) return [];
    return [...(answer.mediaTypes ?? ['application/json']), ...(answer.alternatives ?? [])];
  });
  return [...new Set(types)];
}

/** Those that `Accept` chooses from; none for files, which are what their address says. */
export function negotiatedTypes(operation: Pick<Operation, 'answers'>): readonly string[] {
  const types = servedTypes(operation);
  return types.includes(fileType) ? [] : types;
}
