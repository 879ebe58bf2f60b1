/** The source of rules in the body of a request. */
import { invalidParameter } from '../errors.ts';
import type { WatchSource } from './watch.ts';

export interface SourceInBody {
  readonly pack?: readonly string[] | undefined;
  readonly rule?: Readonly<Record<string, unknown>> | undefined;
  readonly sigma?: string | undefined;
}

/** Undefined if there is none. @throws RequestError 400 if there are several */
export function sourceIn({ pack, rule, sigma }: SourceInBody): WatchSource | undefined {
  const given: readonly WatchSource[] = [
    ...(pack === undefined ? [] : [{ kind: 'pack', ruleIds: [...pack] } as const]),
    ...(rule === undefined ? [] : [{ kind: 'rule', rule: { ...rule } } as const]),
    ...(sigma === undefined ? [] : [{ kind: 'sigma', text: sigma } as const]),
  ];
  if (given.length <= 1) return given[0];
  throw invalidParameter('pack', `Send one of 'pack', 'rule', and 'sigma'.`);
}
