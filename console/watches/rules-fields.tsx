import { useRef } from 'preact/hooks';
import type { ApiError } from '../api/api-error.ts';
import { severities, severityTexts } from '../findings/finding-texts.ts';
import { Button } from '../parts/button.tsx';
import { Choice, Field } from '../parts/field.tsx';
import { TextArea } from '../parts/text-area.tsx';
import { windows, type NewRules, type RuleKind } from './new-rules.ts';
import { PackChoice } from './pack-choice.tsx';
import { lineIn, placeOfLine } from './watch-texts.ts';

interface RulesFieldsProps {
  readonly kind: RuleKind;
  readonly rules: NewRules;
  readonly onChange: (changes: Partial<NewRules>) => void;
  /** Why the API refused the rules. */
  readonly refusal: ApiError | undefined;
}

/** The rules of a watch: from the pack, in Sigma, or as a filter. */
export function RulesFields({ kind, rules, onChange, refusal }: RulesFieldsProps) {
  if (kind === 'pack')
    return (
      <PackChoice
        value={rules.pack}
        onChange={(pack) => {
          onChange({ pack });
        }}
      />
    );
  return kind === 'sigma' ? (
    <SigmaField {...{ rules, onChange, refusal }} />
  ) : (
    <FilterFields {...{ rules, onChange }} />
  );
}

/** The API names the line of what it does not support. */
function SigmaField({ rules: { sigma }, onChange, refusal }: Omit<RulesFieldsProps, 'kind'>) {
  const area = useRef<HTMLTextAreaElement>(null);
  const line = refusal && lineIn(refusal.message);
  return (
    <>
      <TextArea
        label="Sigma rules and correlations, in YAML"
        hint="Several documents are separated by ---. What is not supported is refused, never left out."
        value={sigma}
        most={40_000}
        rows={16}
        isCode
        isRequired
        element={area}
        error={line === undefined ? undefined : refusal?.message}
        onInput={(text) => {
          onChange({ sigma: text });
        }}
      />
      {line !== undefined && (
        <div>
          <Button
            onClick={() => {
              const { start, end } = placeOfLine(sigma, line);
              area.current?.focus();
              area.current?.setSelectionRange(start, end);
            }}
          >
            Go to line {line}
          </Button>
        </div>
      )}
    </>
  );
}

const severityOptions = severities.map((value) => ({ value, text: severityTexts[value].text }));

function FilterFields({ rules, onChange }: Pick<RulesFieldsProps, 'rules' | 'onChange'>) {
  return (
    <>
      <TextArea
        label="Filter"
        hint="In the filter language of searches: operation eq 'FileDownloaded' and userId ne 'backup@contoso.example'"
        value={rules.filter}
        most={4000}
        rows={4}
        isCode
        isRequired
        onInput={(filter) => {
          onChange({ filter });
        }}
      />
      <div class="filters even">
        <Field
          label="Records of a person, at least"
          value={rules.atLeast}
          onInput={(atLeast) => {
            onChange({ atLeast });
          }}
          isRequired
        />
        <Choice
          label="Within"
          value={rules.window}
          options={windows}
          onChange={(window) => {
            onChange({ window });
          }}
        />
        <Choice
          label="Severity"
          value={rules.severity}
          options={severityOptions}
          onChange={(severity) => {
            onChange({ severity });
          }}
        />
      </div>
      <Field
        label="What to do about a finding"
        value={rules.nextSteps}
        onInput={(nextSteps) => {
          onChange({ nextSteps });
        }}
      />
    </>
  );
}
