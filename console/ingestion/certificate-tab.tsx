import { useMutation } from '@tanstack/preact-query';
import { toApiError } from '../api/api-error.ts';
import { answerOf, api } from '../api/client.ts';
import { Button } from '../parts/button.tsx';
import { saveAs } from '../parts/download.ts';
import { Field } from '../parts/field.tsx';
import { Section } from '../parts/section.tsx';
import { Failure } from '../parts/states.tsx';
import { announce } from '../shell/announcer.tsx';
import { text, type ChangeState } from '../url/codecs.ts';
import { useUrlState } from '../url/use-url-state.ts';

const schema = { from: text(), to: text() } as const;

const forms = {
  pdf: { type: 'application/pdf', name: 'PDF' },
  json: { type: 'application/json', name: 'JSON' },
} as const;
type Form = keyof typeof forms;

/** What was collected in a range of time, as a document that a third party can check. */
export function CertificateTab({ tenantId }: { readonly tenantId: string }) {
  const [{ from, to }, change] = useUrlState(schema);
  const load = useMutation({
    mutationFn: async (form: Form) => ({
      form,
      content: await answerOf(
        api.GET('/tenants/{tenantId}/ingestion/evidence', {
          params: { path: { tenantId }, query: { from, to } },
          headers: { Accept: forms[form].type },
          parseAs: 'blob',
        }),
      ),
    }),
    onSuccess: ({ form, content }) => {
      saveAs(`certificate-${from}-${to}.${form}`, content);
      announce('The certificate was downloaded');
    },
  });
  return (
    <Section title="Certificate">
      <p>
        It certifies what was collected in at most 31 days: counts, gaps, the chain of landings, and the daily
        checkpoints, with everything that a third party needs to check them. The PDF has the JSON attached.
      </p>
      <Range from={from} to={to} change={change} />
      {load.error !== null && (
        <Failure error={toApiError(load.error)} what="The certificate could not be made" />
      )}
      {(from === '' || to === '') && <p class="fine">Choose both days first.</p>}
      {from !== '' && to !== '' && (
        <div class="actions">
          {(['pdf', 'json'] as const).map((form) => (
            <Button
              key={form}
              kind={form === 'pdf' ? 'primary' : 'secondary'}
              isBusy={load.isPending}
              onClick={() => {
                load.mutate(form);
              }}
            >
              Download as {forms[form].name}
            </Button>
          ))}
        </div>
      )}
    </Section>
  );
}

interface RangeProps {
  readonly from: string;
  readonly to: string;
  readonly change: ChangeState<typeof schema>;
}

function Range({ from, to, change }: RangeProps) {
  return (
    <div class="filters even">
      <Field
        label="From (UTC)"
        type="date"
        value={from}
        onInput={(next) => {
          change({ from: next });
        }}
      />
      <Field
        label="Before (UTC)"
        type="date"
        value={to}
        onInput={(next) => {
          change({ to: next });
        }}
        hint="This day is not part of it."
      />
    </div>
  );
}
