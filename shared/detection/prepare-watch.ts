/** The rules of a watch, as they are applied. */
import type { AppliedRule } from './add-matches.ts';
import type { Rule } from './rule.ts';
import type { StoredWatch, Watch } from './watch.ts';

/** @throws when the source cannot be read: an earlier release accepted it */
export type RulesOfWatch = (watch: Pick<Watch, 'watchId' | 'source'>) => Promise<readonly Rule[]>;

export interface PreparedWatch {
  readonly watch: StoredWatch;
  readonly rules: readonly AppliedRule[];
}

/** Never throws: a watch that cannot be read has no rules, and others are applied. */
export async function prepareWatch(
  rulesOfWatch: RulesOfWatch,
  watch: StoredWatch,
  onFailure: (cause: string) => void,
): Promise<PreparedWatch> {
  const { watchId, createdDateTime: learnsFrom } = watch;
  try {
    // Copies: the rule tells which watch it matched for.
    const rules = (await rulesOfWatch(watch)).map((rule) => ({ watchId, rule: { ...rule }, learnsFrom }));
    return { watch, rules };
  } catch (error) {
    onFailure(error instanceof Error ? error.message : String(error));
    return { watch, rules: [] };
  }
}
