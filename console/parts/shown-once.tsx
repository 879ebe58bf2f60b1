import { Copy } from './copy.tsx';
import { Message } from './message.tsx';

interface ShownOnceProps {
  /** "Key": completes "… is shown here and never again". */
  readonly what: string;
  readonly secret: string;
  readonly children?: preact.ComponentChildren;
}

/** A secret that cannot be read again. */
export function ShownOnce({ what, secret, children }: ShownOnceProps) {
  return (
    <Message
      tone="warning"
      title={`${what}: it is shown here and never again`}
      action={<Copy text={secret} what={what} />}
    >
      <p>
        <code class="secret">{secret}</code>
      </p>
      {children}
    </Message>
  );
}
