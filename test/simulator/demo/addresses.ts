/** The formats of client addresses in records. */
import type { Prng } from './prng.ts';

/** `192.0.2.1:50123`, `[2001:db8::1]:50123`: as Exchange writes the client of a cmdlet. */
export const withPort = (prng: Prng, address: string): string => {
  const port = prng.int(1025, 65_000);
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
};

/** Usually the plain address; occasionally one of the odd formats seen in every feed. */
export const asDelivered = (prng: Prng, address: string): string => {
  const { shape } = prng.weighted(shapes);
  switch (shape) {
    case 'bare':
      return address;
    case 'port':
      return withPort(prng, address);
    case 'mapped':
      return address.includes(':') ? `[${address}]` : `::ffff:${address}`;
    case 'trailing blank':
      return `${address} `;
    case 'loopback':
      return '::1';
    case 'empty':
      return '';
    case 'null word':
      return '<null>';
  }
};

const shapes = [
  { weight: 90, shape: 'bare' },
  { weight: 3, shape: 'port' },
  { weight: 1.5, shape: 'mapped' },
  { weight: 0.5, shape: 'trailing blank' },
  { weight: 0.5, shape: 'loopback' },
  { weight: 3.5, shape: 'empty' },
  { weight: 1, shape: 'null word' },
] as const;
