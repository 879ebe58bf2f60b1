/** The states that every view can be in, each with what to do about it. */
import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api/api-error.ts';
import { Button } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { Message } from './message.tsx';

/** While the first answer is on its way. */
export function Loading({ what }: { readonly what: string }) {
  return (
    <div class="state" role="status">
      <span class="spinner" aria-hidden="true" />
      <p>Loading {what}…</p>
    </div>
  );
}

interface NothingProps {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
}

/** There is nothing here, and that is not a fault. */
export function Empty({ icon = 'none', title, children }: NothingProps) {
  return (
    <div class="state">
      <span class="state-icon">
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

interface FailureProps {
  readonly error: ApiError;
  /** What could not be done: "The tenants could not be loaded." */
  readonly what: string;
  readonly retry?: (() => void) | undefined;
}

/** A refusal or an outage, in the API's own words. */
export function Failure({ error, what, retry }: FailureProps) {
  if (error.status === 403) return <NoPermission why={error.message} />;
  const again = retry === undefined ? undefined : <Button onClick={retry}>Try again</Button>;
  return (
    <Message tone="bad" title={what} action={again}>
      <p>{error.message}</p>
      <p class="fine">
        {error.code}
        {error.requestId === undefined ? '' : `, request ${error.requestId}`}
      </p>
    </Message>
  );
}

/** What the session must not do or see. @param why a sentence */
export function NoPermission({ why }: { readonly why: string }) {
  return (
    <Empty icon="access" title="Your sign-in does not allow this">
      <p>{why}</p>
      <p class="fine">Ask an administrator of this deployment for a key or a role that does.</p>
    </Empty>
  );
}

/** Shown with what there is, when there may be more: never claim what was not checked. */
export function Partial({ children }: { readonly children: ComponentChildren }) {
  return (
    <Message tone="warning" title="Not everything is here">
      {children}
    </Message>
  );
}
