import { useQueryClient } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';
import { toApiError } from '../api/api-error.ts';
import { Button } from '../parts/button.tsx';
import { Choice, Field } from '../parts/field.tsx';
import { Section } from '../parts/section.tsx';
import { ShownOnce } from '../parts/shown-once.tsx';
import { Failure } from '../parts/states.tsx';
import { Page } from '../shell/page.tsx';
import { text } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';
import { OwnerChoice } from './owner-choice.tsx';
import { createSubscription, deliveryKey, several, useSearches } from './queries.ts';
import { useAction } from '../parts/use-action.ts';

const schema = { of: text(several) } as const;

/** Creates a webhook subscription. */
export function SubscribePage() {
  const [{ of }, change] = useUrlState(schema);
  return (
    <Page
      title="Subscribe to new records"
      above={[{ href: `/console/delivery?of=${encodeURIComponent(of)}`, text: 'Alerts & delivery' }]}
      about="Sends records to an address as they arrive, signed as defined by Standard Webhooks."
    >
      <Section title="Subscription">
        <OwnerChoice
          value={of}
          onChange={(owner) => {
            change({ of: owner });
          }}
        />
        <Form key={of} owner={of} />
      </Section>
    </Page>
  );
}

const contents = [
  { value: 'ids', text: 'IDs and addresses: the receiver reads the records itself' },
  { value: 'records', text: 'Whole records' },
] as const;

/** The address may have a secret in it: it stays out of the address of this page. */
function Form({ owner }: { readonly owner: string }) {
  const client = useQueryClient();
  const [targetUrl, setTargetUrl] = useState('');
  const [content, setContent] = useState<(typeof contents)[number]['value']>('ids');
  const [search, setSearch] = useState('');
  const [tenants, setTenants] = useState('*');
  const create = useAction({
    run: () =>
      createSubscription(owner, {
        targetUrl: targetUrl.trim(),
        content,
        ...(search === '' ? { tenants } : { search }),
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: [...deliveryKey, owner] }),
  });
  if (create.data !== undefined) return <Subscribed owner={owner} secret={create.data.secret} />;
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (!create.isPending) create.mutate();
      }}
    >
      <Field
        label="Address"
        value={targetUrl}
        onInput={setTargetUrl}
        placeholder="https://"
        hint="Public, and with https. It is stored encrypted; only its host is shown later."
        isRequired
      />
      <SearchChoice owner={owner} value={search} onChange={setSearch} />
      {owner === several && search === '' && (
        <Field
          label="Tenants"
          value={tenants}
          onInput={setTenants}
          hint="An asterisk for all that you see, or IDs and tags such as tag:gold, separated by commas."
          isRequired
        />
      )}
      <Choice label="Content" value={content} options={contents} onChange={setContent} />
      {create.error !== null && (
        <Failure error={toApiError(create.error)} what="The subscription could not be created" />
      )}
      <div>
        <Button kind="primary" type="submit" isBusy={create.isPending}>
          {create.isPending ? 'Creating…' : 'Subscribe'}
        </Button>
      </div>
    </form>
  );
}

interface SearchChoiceProps {
  readonly owner: string;
  readonly value: string;
  readonly onChange: (search: string) => void;
}

function SearchChoice({ owner, value, onChange }: SearchChoiceProps) {
  const searches = useSearches(owner).data?.value ?? [];
  return (
    <Choice
      label="Records"
      value={value}
      options={[
        { value: '', text: 'All' },
        ...searches.map(({ name, displayName }) => ({
          value: name,
          text: `Saved search: ${displayName ?? name}`,
        })),
      ]}
      onChange={onChange}
    />
  );
}

function Subscribed({ owner, secret }: { readonly owner: string; readonly secret: string }) {
  return (
    <>
      <ShownOnce what="Secret" secret={secret}>
        <p>Give it to the receiver, which checks the signature of each delivery with it.</p>
      </ShownOnce>
      <p>
        <a href={`/console/delivery?of=${encodeURIComponent(owner)}`}>Show the subscriptions</a>
      </p>
    </>
  );
}
