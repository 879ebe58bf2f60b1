import type { ComponentChildren } from 'preact';
import { severityTexts } from '../findings/finding-texts.ts';
import { Badge } from '../parts/badge.tsx';
import { Check } from '../parts/field.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { usePackRules } from './queries.ts';
import { bySeverity, wholePack, type PackRule } from './watch-texts.ts';

interface PackChoiceProps {
  /** IDs of rules; `*` is all. */
  readonly value: readonly string[];
  readonly onChange: (ids: readonly string[]) => void;
}

/** All rules of the pack, or some of them. */
export function PackChoice({ value, onChange }: PackChoiceProps) {
  const isAll = value.includes(wholePack);
  return (
    <fieldset class="checks rules">
      <legend>Rules of the pack</legend>
      <Check
        isChecked={isAll}
        onChange={(all) => {
          onChange(all ? [wholePack] : []);
        }}
      >
        All rules, those included that later versions have
      </Check>
      <Loaded query={usePackRules()} what="rules of the pack">
        {({ value: rules }) => (
          <>
            {!isAll && (
              <p class="fine" role="status">
                {value.length} of {rules.length} chosen
              </p>
            )}
            <RuleList rules={rules}>
              {(rule) =>
                isAll ? (
                  rule.title
                ) : (
                  <Check
                    isChecked={value.includes(rule.id)}
                    onChange={(isChosen) => {
                      onChange(isChosen ? [...value, rule.id] : value.filter((id) => id !== rule.id));
                    }}
                  >
                    {rule.title}
                  </Check>
                )
              }
            </RuleList>
          </>
        )}
      </Loaded>
    </fieldset>
  );
}

interface RuleListProps {
  readonly rules: readonly PackRule[];
  readonly children: (rule: PackRule) => ComponentChildren;
}

/** Rules of the pack, what matters most first. @param children the title of a rule, or what chooses it */
export function RuleList({ rules, children }: RuleListProps) {
  return (
    <ul class="rows">
      {bySeverity(rules).map((rule) => (
        <li key={rule.id}>
          <div>
            <strong>{children(rule)}</strong>
            <p class="fine">{rule.description}</p>
          </div>
          <Badge tone={severityTexts[rule.severity].tone}>{severityTexts[rule.severity].text}</Badge>
        </li>
      ))}
    </ul>
  );
}
