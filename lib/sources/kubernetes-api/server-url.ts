import { BlockList, isIP, isIPv6 } from 'node:net';

/** Addresses at which clouds serve machine credentials; no API server has one of them. */
const forbidden = new BlockList();
forbidden.addSubnet('169.254.0.0', 16);
forbidden.addSubnet('fe80::', 10, 'ipv6');
forbidden.addAddress('fd00:ec2::254', 'ipv6');

/** The server of a cluster entry, without a slash at the end, or what is wrong with it. */
export function serverUrl(
  value: string,
  { allowHttp }: { readonly allowHttp: boolean },
): { readonly url: string } | { readonly problem: string } {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null) return { problem: 'server is not a URL' };
  if (url.protocol === 'http:' && !allowHttp) {
    return { problem: 'server is http: credentials would travel in the open' };
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { problem: `server must be an https URL, not ${url.protocol}` };
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: 'server must not hold a user name or password' };
  }
  if (url.search !== '' || url.hash !== '') return { problem: 'server must not hold a query' };
  const address = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && forbidden.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) {
    return { problem: 'server is a link-local address, where no API server is' };
  }
  return { url: `${url.origin}${url.pathname.replace(/\/+$/, '')}` };
}

const PROXY_PROTOCOLS = ['http:', 'https:', 'socks5:'];

/** `proxy-url` of a cluster entry: the protocols kubectl knows. Null when it is not one. */
export function proxyUrl(value: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  return url !== null && PROXY_PROTOCOLS.includes(url.protocol) ? url.href : null;
}
