import type { ComponentChildren, RefObject } from 'preact';
import { useId } from 'preact/hooks';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  /** At most one primary button in a view. */
  readonly kind?: 'primary' | 'secondary' | 'subtle' | 'danger';
  readonly type?: 'button' | 'submit';
  /** What it started is in progress: it stays where the focus is, and does nothing. */
  readonly isBusy?: boolean;
  readonly label?: string;
  /** Why its user may not use it: it stays visible and in the tab order, with the reason, and does nothing. */
  readonly refusal?: string | undefined;
  /** To focus it. */
  readonly element?: RefObject<HTMLButtonElement>;
}

export function Button({
  children,
  onClick,
  kind = 'secondary',
  type = 'button',
  isBusy = false,
  label,
  refusal,
  element,
}: ButtonProps) {
  const id = useId();
  const click = () => {
    if (!isBusy && refusal === undefined) onClick?.();
  };
  return (
    <>
      <button
        {...{ type, onClick: click, ...(element === undefined ? {} : { ref: element }) }}
        class={`button ${kind}${refusal === undefined ? '' : ' refused'}`}
        aria-disabled={isBusy || refusal !== undefined}
        aria-label={label}
        aria-describedby={refusal === undefined ? undefined : id}
      >
        {children}
      </button>
      {refusal !== undefined && (
        <span class="fine" id={id}>
          {refusal}
        </span>
      )}
    </>
  );
}
