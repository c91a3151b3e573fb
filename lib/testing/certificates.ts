import {
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';

/** A certificate and its key, both as PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface Subject {
  readonly commonName: string;
  /** Groups, to Kubernetes. */
  readonly organizations?: readonly string[];
  readonly use: 'server' | 'client';
  /** Names and IPv4 addresses the certificate is for. */
  readonly hosts?: readonly string[];
  readonly notBefore?: Date;
  readonly notAfter?: Date;
}

/** A throw-away certificate authority, so that tests speak TLS without any tool installed. */
export interface Authority {
  readonly cert: string;
  issue(subject: Subject): Issued;
}

/** Wide, because the clocks of tests stand where the tests put them. */
const FROM = new Date('2020-01-01T00:00:00Z');
const UNTIL = new Date('2049-12-31T00:00:00Z');

export function createAuthority(name: string): Authority {
  const keys = newKeys();
  const extensions = [
    extension('551d13', true, sequence(tlv(0x01, Buffer.from([0xff])))),
    extension('551d0f', true, tlv(0x03, Buffer.from([0x02, 0x04]))),
  ];
  const issuer = distinguishedName(name, []);
  const cert = certificate(issuer, issuer, keys.public, keys.private, FROM, UNTIL, extensions);
  return {
    cert,
    issue: (subject) => {
      const own = newKeys();
      const usage = subject.use === 'server' ? '2b06010505070301' : '2b06010505070302';
      const hosts = subject.hosts ?? [];
      return {
        cert: certificate(
          issuer,
          distinguishedName(subject.commonName, subject.organizations ?? []),
          own.public,
          keys.private,
          subject.notBefore ?? FROM,
          subject.notAfter ?? UNTIL,
          [
            extension('551d25', false, sequence(oid(usage))),
            ...(hosts.length > 0
              ? [extension('551d11', false, sequence(...hosts.map(generalName)))]
              : []),
          ],
        ),
        key: own.private.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

function newKeys(): { public: KeyObject; private: KeyObject } {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return { public: createPublicKey(privateKey), private: privateKey };
}

/** X.509 version 3 in DER, signed with ECDSA over SHA-256 (RFC 5280, section 4.1). */
function certificate(
  issuer: Buffer,
  subject: Buffer,
  subjectKey: KeyObject,
  signingKey: KeyObject,
  notBefore: Date,
  notAfter: Date,
  extensions: readonly Buffer[],
): string {
  const algorithm = sequence(oid('2a8648ce3d040302'));
  const serial = randomBytes(16);
  // positive, and without a leading zero byte
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, serial),
    algorithm,
    issuer,
    sequence(time(notBefore), time(notAfter)),
    subject,
    subjectKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, sequence(...extensions)),
  );
  const signature = tlv(0x03, Buffer.from([0]), sign('sha256', body, signingKey));
  const base64 = sequence(body, algorithm, signature).toString('base64');
  const lines = base64.match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function distinguishedName(commonName: string, organizations: readonly string[]): Buffer {
  const part = (type: string, value: string) =>
    tlv(0x31, sequence(oid(type), tlv(0x0c, Buffer.from(value))));
  return sequence(
    ...organizations.map((organization) => part('55040a', organization)),
    part('550403', commonName),
  );
}

function generalName(host: string): Buffer {
  return /^\d+(\.\d+){3}$/.test(host)
    ? tlv(0x87, Buffer.from(host.split('.').map(Number)))
    : tlv(0x82, Buffer.from(host));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical ? [tlv(0x01, Buffer.from([0xff]))] : []), tlv(0x04, value));
}

/** GeneralizedTime is for 2050 and later; no test lives that long. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return tlv(0x17, Buffer.from(`${digits}Z`));
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, ...parts);
}

function tlv(tag: number, ...parts: readonly Buffer[]): Buffer {
  const value = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(value.length), value]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x100) return Buffer.from([0x81, length]);
  return Buffer.from([0x82, length >> 8, length & 0xff]);
}
