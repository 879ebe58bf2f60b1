import { useQueryClient } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Choice, Field } from '../parts/field.tsx';
import { Failure } from '../parts/states.tsx';
import { useAction } from '../parts/use-action.ts';
import { memberTitles } from '../search/member-titles.ts';
import { splitValues } from '../search/lists.ts';
import { ValuesField } from '../search/values-field.tsx';
import { announce } from '../shell/announcer.tsx';
import { useTenants } from '../tenants/queries.ts';
import { suppress, watchesKey } from './queries.ts';
import type { NewSuppression } from './watch-texts.ts';

/** Members that people know harmless values of; a path into the delivered record takes the API. */
const members = ['userId', 'clientIp', 'operation', 'objectId', 'mailboxOwner', 'siteUrl'] as const;
const memberOptions = [
  { value: '', text: 'All records of the tenant' },
  ...members.map((value) => ({ value, text: memberTitles[value] })),
];

const inThirtyDays = () => new Date(Date.now() + 30 * 24 * 3_600_000).toISOString().slice(0, 10);

interface Draft {
  readonly tenantId: string;
  readonly member: string;
  readonly values: readonly string[];
  readonly reason: string;
  /** A day in UTC. */
  readonly end: string;
}

const empty = (): Draft => ({ tenantId: '', member: 'userId', values: [], reason: '', end: inThirtyDays() });

/** Passes over what is known to be harmless. It always ends: what is harmless today may not be next year. */
export function NewSuppressionForm({ watchId }: { readonly watchId: string }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(empty);
  const set = (changes: Partial<Draft>) => {
    setDraft({ ...draft, ...changes });
  };
  const create = useAction({
    run: () => suppress(watchId, bodyOf(draft)),
    onSuccess: async () => {
      announce('It is passed over from now on');
      setDraft(empty);
      await client.invalidateQueries({ queryKey: watchesKey });
    },
  });
  return (
    <details>
      <summary>Pass over more</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending) create.mutate();
        }}
      >
        <Fields draft={draft} set={set} />
        {create.error !== null && <Failure error={toApiError(create.error)} what="It was refused" />}
        <div>
          <Button type="submit" isBusy={create.isPending} refusal={missing(draft)}>
            Pass over
          </Button>
        </div>
      </form>
    </details>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly set: (changes: Partial<Draft>) => void;
}

function Fields({ draft: { tenantId, member, values, reason, end }, set }: FieldsProps) {
  const setting = (name: keyof Draft) => (value: string) => {
    set({ [name]: value });
  };
  return (
    <>
      <div class="filters even">
        <TenantChoice value={tenantId} onChange={setting('tenantId')} />
        <Choice label="What" value={member} options={memberOptions} onChange={setting('member')} />
        {member !== '' && (
          <ValuesField
            label="With one of these values"
            hint={member === 'clientIp' ? '192.0.2.1, or a network: 192.0.2.0/24' : 'As in the records'}
            values={values}
            valuesOf={splitValues}
            onChange={(given) => {
              set({ values: given });
            }}
          />
        )}
        <Field label="Ends (UTC)" type="date" value={end} onInput={setting('end')} isRequired />
      </div>
      <Field label="Why they are harmless" value={reason} isRequired onInput={setting('reason')} />
    </>
  );
}

function bodyOf({ tenantId, member, values, reason, end }: Draft): NewSuppression {
  const body = { tenantId, reason: reason.trim(), endDateTime: `${end}T00:00:00Z` };
  return member === '' ? body : { ...body, member, values: [...values] };
}

function missing({ tenantId, member, values }: Draft): string | undefined {
  if (tenantId === '') return 'Choose a tenant first.';
  return member !== '' && values.length === 0 ? 'Add a value first.' : undefined;
}

interface TenantChoiceProps {
  readonly value: string;
  readonly onChange: (tenantId: string) => void;
}

function TenantChoice({ value, onChange }: TenantChoiceProps) {
  const tenants = useTenants().data?.value ?? [];
  const options = tenants
    .map(({ tenantId, displayName }) => ({ value: tenantId, text: displayName }))
    .toSorted((a, b) => a.text.localeCompare(b.text));
  return (
    <Choice
      label="Tenant"
      value={value}
      options={[{ value: '', text: 'Choose a tenant' }, ...options]}
      onChange={onChange}
    />
  );
}
