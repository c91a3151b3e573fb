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
      nodeInfo: orAbsent(z.looseObject({ kubeletVersion: orAbsent(z.string()) })),
    }),
  ),
});

/** What a k3s process was started with, as a JSON list; secrets among it are masked by k3s. */
export const K3S_ARGUMENTS_ANNOTATION = 'k3s.io/node-args';

function k3sArguments(written: string | undefined): readonly string[] | null {
  if (written === undefined) return null;
  try {
    const list = z.array(z.string()).safeParse(JSON.parse(written));
    return list.success ? list.data : null;
  } catch {
    return null;
  }
}

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
      kubeletVersion: status?.nodeInfo?.kubeletVersion ?? null,
      k3sArguments: k3sArguments(written.annotations.get(K3S_ARGUMENTS_ANNOTATION)),
    },
  };
}
