/** Whose failed calls are counted together. */
import { describe, expect, it } from 'vitest';
import { clientNetwork } from '../../../shared/access/client-network.ts';

describe('the network of a client', () => {
  it.each([
    ['192.0.2.200, 198.51.100.7:4711', '198.51.100.7'],
    ['198.51.100.7', '198.51.100.7'],
    ['::ffff:198.51.100.7', '198.51.100.7'],
    ['[::ffff:c633:6407]:443', '198.51.100.7'],
    ['2001:DB8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['[2001:db8:1:2::9]:50000', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '::/64'],
    ['192.0.2.1, x'.padEnd(9000, 'x'), ''],
    ['not an address', ''],
    ['192.0.2.1,', ''],
    ['', ''],
    [null, ''],
  ])('in %s is %s', (header, network) => {
    expect(clientNetwork(header)).toBe(network);
  });
});
