import { z } from 'zod';
import type { Node } from '#lib/model/cluster.ts';
import { parseIp } from '#lib/model/ip-address.ts';
import type { ObjectOrigin } from '#lib/model/problem.ts';
import { metadata, orAbsent, type Parsed, parseObject } from './metadata.ts';

const nodeObject = z.looseObject({
  metadata,
  status: orAbsent(
    z.looseObject({
      addresses: orAbsent(z.array(z.looseObject({ type: z.string(), address: z.string() }))),
    }),
  ),
});

/** Host names among the addresses are left out: policies see addresses. */
export function parseNode(body: unknown, origin: ObjectOrigin | null): Parsed<Node> {
  const parsed = parseObject(nodeObject, 'Node', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata: written, status } = parsed.value;
  return {
    ok: true,
    value: {
      name: written.name,
      labels: written.labels,
      addresses: (status?.addresses ?? []).flatMap(({ address }) => parseIp(address) ?? []),
    },
  };
}
