import { useQueryClient } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Choice, Field } from '../parts/field.tsx';
import { Section } from '../parts/section.tsx';
import { Failure } from '../parts/states.tsx';
import { useAction } from '../parts/use-action.ts';
import { TenantsField } from '../search/tenants-field.tsx';
import { announce } from '../shell/announcer.tsx';
import { Page } from '../shell/page.tsx';
import { oneOf } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { DryRun } from './dry-run.tsx';
import { noRules, ruleKinds, sourceFrom, type NewRules } from './new-rules.ts';
import { createWatch, watchesKey } from './queries.ts';
import { RulesFields } from './rules-fields.tsx';
import { lineIn, type RuleSource } from './watch-texts.ts';

const schema = { rules: oneOf(ruleKinds, 'pack') } as const;

const kindOptions = [
  { value: 'pack', text: 'Those that come with Auditkeep' },
  { value: 'sigma', text: 'Sigma' },
  { value: 'filter', text: 'A rule of your own, as a filter' },
] as const;

const above = [
  { href: '/console/findings', text: 'Findings' },
  { href: '/console/watches', text: 'Watches' },
] as const;

/** Creates a watch, after its rules were tried. */
export function NewWatchPage() {
  const [{ rules: kind }, change] = useUrlState(schema);
  const [rules, setRules] = useState<NewRules>(noRules);
  const [name, setName] = useState('');
  const [tenants, setTenants] = useState<readonly string[]>(['*']);
  const source = sourceFrom(kind, rules, name.trim());
  const create = useCreate({ name, tenants, source });
  const refusal = create.error === null ? undefined : toApiError(create.error);
  return (
    <Page
      title="Create a watch"
      above={above}
      about="Applies rules to new records. Findings name people: decide in which tenants."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending) create.mutate();
        }}
      >
        <Section title="Watch">
          <Field label="Name" value={name} onInput={setName} isRequired />
          <TenantsField values={tenants} onChange={setTenants} />
          <Choice
            label="Rules"
            value={kind}
            options={kindOptions}
            onChange={(chosen) => {
              change({ rules: chosen }, { push: true });
            }}
          />
          <RulesFields
            {...{ kind, rules, refusal }}
            onChange={(changes) => {
              setRules({ ...rules, ...changes });
            }}
          />
          {refusal !== undefined && lineIn(refusal.message) === undefined && (
            <Failure error={refusal} what="The watch could not be created" />
          )}
          <div>
            <Button
              kind="primary"
              type="submit"
              isBusy={create.isPending}
              refusal={source === undefined && kind === 'pack' ? 'Choose a rule first.' : undefined}
            >
              {create.isPending ? 'Creating…' : 'Create the watch'}
            </Button>
          </div>
        </Section>
      </form>
      <Section title="Try it on earlier records first">
        <DryRun source={source} tenants={tenants} />
      </Section>
    </Page>
  );
}

interface Wanted {
  readonly name: string;
  readonly tenants: readonly string[];
  readonly source: RuleSource | undefined;
}

/** The page of the watch is next. */
function useCreate({ name, tenants, source }: Wanted) {
  const client = useQueryClient();
  const { route } = useLocation();
  return useAction({
    run: () => createWatch({ displayName: name.trim(), tenants: [...tenants], ...source }),
    onSuccess: async ({ id }) => {
      announce('The watch was created');
      route(`/console/watches/${id}`);
      await client.invalidateQueries({ queryKey: watchesKey });
    },
  });
}
