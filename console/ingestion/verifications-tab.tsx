import { useMutation } from '@tanstack/preact-query';
import { useLocation } from 'preact-iso';
import { toApiError } from '../api/api-error.ts';
import { answerOf, api } from '../api/client.ts';
import { Badge } from '../parts/badge.tsx';
import { Button } from '../parts/button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Failure } from '../parts/states.tsx';
import { useRefusalIn } from '../session/use-permissions.ts';
import { useVerifications } from './queries.ts';
import { outcomeOf } from './verification-texts.ts';

const modes = [
  { mode: 'full', text: 'Verify everything' },
  { mode: 'sample', text: 'Verify a sample' },
] as const;

/** Compares all that storage holds of a tenant, and lists what earlier comparisons found. */
export function VerificationsTab({ tenantId }: { readonly tenantId: string }) {
  const verifications = useVerifications(tenantId);
  return (
    <>
      <Start tenantId={tenantId} />
      <Loaded query={verifications} what="verifications">
        {({ value }) => (
          <Section title="Verifications, newest first">
            {value.length === 0 && <p>None yet.</p>}
            <ul class="rows">
              {value.map((verification) => {
                const { tone, text } = outcomeOf(verification);
                return (
                  <li key={verification.id}>
                    <a href={`/console/ingestion/${tenantId}/verifications/${verification.id}`}>
                      <Moment at={verification.createdDateTime} />
                    </a>
                    <Badge tone={tone}>{text}</Badge>
                  </li>
                );
              })}
            </ul>
          </Section>
        )}
      </Loaded>
    </>
  );
}

function Start({ tenantId }: { readonly tenantId: string }) {
  const { route } = useLocation();
  const refusal = useRefusalIn(tenantId, 'StartVerification');
  const start = useMutation({
    mutationFn: (mode: (typeof modes)[number]['mode']) =>
      answerOf(
        api.POST('/tenants/{tenantId}/ingestion/verifications', {
          params: { path: { tenantId } },
          body: { mode },
        }),
      ),
    onSuccess: ({ id }) => {
      route(`/console/ingestion/${tenantId}/verifications/${id}`);
    },
  });
  return (
    <Section title="Verify what is stored">
      <p>
        The ledger, the raw blobs, the chain of landings, and the index are read and compared. It changes
        nothing, and continues when you leave.
      </p>
      {start.error !== null && (
        <Failure error={toApiError(start.error)} what="The verification could not be started" />
      )}
      <div class="actions">
        {modes.map(({ mode, text }) => (
          <Button
            key={mode}
            kind={mode === 'full' ? 'primary' : 'secondary'}
            isBusy={start.isPending}
            refusal={refusal}
            onClick={() => {
              start.mutate(mode);
            }}
          >
            {text}
          </Button>
        ))}
      </div>
    </Section>
  );
}
