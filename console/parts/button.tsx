import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly children: ComponentChildren;
  readonly onClick?: () => void;
  /** At most one primary button in a view. */
  readonly kind?: 'primary' | 'secondary' | 'subtle' | 'danger';
  readonly type?: 'button' | 'submit';
  /** What it started is in progress: it stays where the focus is, and does nothing. */
  readonly isBusy?: boolean;
  readonly label?: string;
}

export function Button({
  children,
  onClick,
  kind = 'secondary',
  type = 'button',
  isBusy = false,
  label,
}: ButtonProps) {
  const click = () => {
    if (!isBusy) onClick?.();
  };
  return (
    <button class={`button ${kind}`} type={type} aria-disabled={isBusy} aria-label={label} onClick={click}>
      {children}
    </button>
  );
}
