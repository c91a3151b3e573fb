import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import type { RequestOptions } from 'node:https';
import type { Cluster, User } from '@kubernetes/client-node';
import { Failure } from './failure.ts';

/** What a TLS connection is made with. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** The TLS part of what client-node filled in. */
export function tlsMaterial(options: RequestOptions): TlsMaterial {
  const bytes = (value: unknown) =>
    typeof value === 'string' || value instanceof Buffer ? Buffer.from(value) : undefined;
  const ca = bytes(options.ca);
  const cert = bytes(options.cert);
  const key = bytes(options.key);
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(options.servername !== undefined && { servername: options.servername }),
    ...(options.rejectUnauthorized !== undefined && {
      rejectUnauthorized: options.rejectUnauthorized,
    }),
  };
}

/** Equal for equal material: connections are reused as long as it stays the same (R1). */
export function tlsKey(material: TlsMaterial): string {
  const hash = createHash('sha256');
  for (const part of [material.ca, material.cert, material.key]) {
    hash.update(`${part?.length ?? 0}:`).update(part ?? '');
  }
  return hash.update(`${material.servername}:${material.rejectUnauthorized}`).digest('hex');
}

/**
 * Throws a Failure that says what is wrong with a certificate or key and where it stands, because
 * OpenSSL's own messages do not. The key itself is never shown.
 */
export function checkTls(
  { ca, cert, key }: TlsMaterial,
  cluster: Cluster,
  user: User,
  now: Date,
): void {
  if (ca !== undefined) certificate(ca, place('certificate-authority', cluster.caFile));
  if (cert === undefined && key === undefined) return;
  const certPlace = place('client-certificate', user.certFile);
  const keyPlace = place('client-key', user.keyFile);
  if (cert === undefined) throw wrong(`${keyPlace} is given without a client-certificate`);
  if (key === undefined) throw wrong(`${certPlace} is given without a client-key`);
  const client = certificate(cert, certPlace);
  if (client.validToDate < now) throw wrong(`${certPlace} expired on ${client.validTo}`);
  if (client.validFromDate > now)
    throw wrong(`${certPlace} is not valid before ${client.validFrom}`);
  if (!matches(client, key, keyPlace)) throw wrong(`${keyPlace} does not belong to ${certPlace}`);
}

function place(field: string, file: string | undefined): string {
  return file === undefined ? `the ${field}` : `the ${field} ${file}`;
}

function certificate(pem: Buffer, label: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw wrong(`${label} is not a PEM certificate`);
  }
}

function matches(client: X509Certificate, pem: Buffer, label: string): boolean {
  try {
    return client.checkPrivateKey(createPrivateKey(pem));
  } catch {
    throw wrong(`${label} is not a PEM private key without a passphrase`);
  }
}

function wrong(message: string): Failure {
  return new Failure({ kind: 'credentials' }, message);
}
