/** Which addresses keep secrets in transit. */

/** Whether what is sent there cannot be read on the way: by https, or on this machine. */
export function keepsSecrets({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && isThisMachine(hostname));
}

/** @param hostname as in the normal form of a URL, which has every notation of an IPv4 address in dotted decimals */
function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
