import { Badge } from '../parts/badge.tsx';
import { Moment } from '../parts/moment.tsx';
import { Section } from '../parts/section.tsx';
import { Text } from '../parts/text.tsx';
import { stepNames, stepTexts, valuesText, type Step } from './enablement-texts.ts';

interface StepsProps {
  readonly steps: readonly Step[];
  readonly isPreview: boolean;
}

/** What each step found, and what it changed or would change. */
export function Steps({ steps, isPreview }: StepsProps) {
  const titles = isPreview ? ['Found', 'Would change'] : ['Before', 'After', 'Changed'];
  return (
    <Section title={isPreview ? 'What would change' : 'Steps'}>
      <div class="scroll-x">
        <table class="plain-table steps">
          <thead>
            <tr>
              {['Step', 'Status', ...titles].map((title) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <StepRow key={step.name} step={step} isPreview={isPreview} />
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function StepRow({ step, isPreview }: { readonly step: Step; readonly isPreview: boolean }) {
  const { name, before, after, changes = [] } = step;
  return (
    <tr>
      <th scope="row">{stepNames[name]}</th>
      <td>
        <Status step={step} isPreview={isPreview} />
      </td>
      <td>
        <Text>{valuesText(before)}</Text>
      </td>
      {!isPreview && (
        <td>
          <Text>{valuesText(after)}</Text>
        </td>
      )}
      <td>{changes.length > 0 && <Changes changes={changes} />}</td>
    </tr>
  );
}

function Status({ step, isPreview }: { readonly step: Step; readonly isPreview: boolean }) {
  const { tone, text } = stepTexts(step, isPreview);
  const { errorCode, errorMessage, nextAttemptDateTime, status } = step;
  return (
    <>
      <Badge tone={tone}>{text}</Badge>
      {status === 'Waiting' && nextAttemptDateTime !== undefined && (
        <p class="fine">
          Next try <Moment at={nextAttemptDateTime} />
        </p>
      )}
      {errorMessage !== undefined && (
        <p>
          <Text>{errorMessage}</Text> <span class="fine">{errorCode}</span>
        </p>
      )}
    </>
  );
}

const mostShown = 3;

/** The first few, and all others on request. */
function Changes({ changes }: { readonly changes: readonly string[] }) {
  const [shown, more] = [changes.slice(0, mostShown), changes.slice(mostShown)];
  return (
    <>
      <ChangeList changes={shown} />
      {more.length > 0 && (
        <details>
          <summary>{more.length} more</summary>
          <ChangeList changes={more} />
        </details>
      )}
    </>
  );
}

function ChangeList({ changes }: { readonly changes: readonly string[] }) {
  return (
    <ul class="points">
      {changes.map((change) => (
        <li key={change}>
          <Text>{change}</Text>
        </li>
      ))}
    </ul>
  );
}
