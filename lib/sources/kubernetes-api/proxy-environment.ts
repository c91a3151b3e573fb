import { BlockList, isIP } from 'node:net';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy the environment names for a server, or null: by the rules of Go's net/http, and so of
 * kubectl. Loopback is never asked for through a proxy; NO_PROXY holds names, addresses and ranges.
 */
export function proxyFromEnvironment(server: string, environment: Environment): string | null {
  const { protocol, hostname, port } = new URL(server);
  const secure = protocol === 'https:';
  const proxy = either(environment, secure ? 'HTTPS_PROXY' : 'HTTP_PROXY');
  if (proxy === '') return null;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || LOOPBACK.check(host, family(host))) return null;
  const entries = either(environment, 'NO_PROXY').toLowerCase().split(',');
  const to = port === '' ? (secure ? '443' : '80') : port;
  if (entries.some((entry) => excludes(entry.trim(), host, to))) return null;
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

function either(environment: Environment, name: string): string {
  return environment[name] ?? environment[name.toLowerCase()] ?? '';
}

function excludes(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry === '') return false;
  const [network = '', bits] = entry.split('/');
  if (bits !== undefined) return isIP(network) !== 0 && within(network, Number(bits), host);
  const [, name = entry, only] = /^\[?([^\]]*?)\]?:(\d+)$/.exec(entry) ?? [];
  if (isIP(entry) === 0 && only !== undefined && only !== port) return false;
  const wanted = isIP(entry) === 0 ? name : entry;
  if (isIP(wanted) !== 0) return wanted === host;
  const suffix = wanted.replace(/^\*?\.?/, '.');
  return host.endsWith(suffix) || (!wanted.startsWith('.') && `.${host}` === suffix);
}

function within(network: string, bits: number, host: string): boolean {
  const range = new BlockList();
  try {
    range.addSubnet(network, bits, family(network));
  } catch {
    // not a range: it excludes nothing
    return false;
  }
  return isIP(host) !== 0 && range.check(host, family(host));
}

function family(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
