import { z } from 'zod';
import type { ObjectOrigin } from '#lib/model/problem.ts';
import type { Selector } from '#lib/model/selector.ts';
import { labelSelector } from './label-selector.ts';
import { metadata, namespacedMetadata, orAbsent, type Parsed, parseObject } from './metadata.ts';

/** Gateways, their classes, and who may refer to whom, of `gateway.networking.k8s.io`. */

export interface Gateway {
  readonly namespace: string;
  readonly name: string;
  readonly className: string;
  readonly listeners: readonly Listener[];
}

export interface Listener {
  readonly name: string;
  /** Namespaces whose routes it takes; a selector over their labels. */
  readonly routesFrom: 'Same' | 'All' | 'None' | Selector;
}

export interface GatewayClass {
  readonly name: string;
  readonly controller: string;
}

/** Lets routes of other namespaces lead to Services of this one. */
export interface ReferenceGrant {
  readonly namespace: string;
  readonly name: string;
  readonly from: readonly {
    readonly group: string;
    readonly kind: string;
    readonly namespace: string;
  }[];
  /** A name of null means every one. */
  readonly to: readonly {
    readonly group: string;
    readonly kind: string;
    readonly name: string | null;
  }[];
}

const text = z.string().min(1, 'it is empty');

const gatewayObject = z.looseObject({
  metadata: namespacedMetadata,
  spec: z.looseObject({
    gatewayClassName: text,
    listeners: orAbsent(
      z.array(
        z.looseObject({
          name: text,
          allowedRoutes: orAbsent(
            z.looseObject({
              namespaces: orAbsent(
                z.looseObject({
                  from: orAbsent(z.enum(['Same', 'All', 'None', 'Selector'])),
                  selector: orAbsent(labelSelector),
                }),
              ),
            }),
          ),
        }),
      ),
    ),
  }),
});

export function parseGateway(body: unknown, origin: ObjectOrigin | null): Parsed<Gateway> {
  const parsed = parseObject(gatewayObject, 'Gateway', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata: own, spec } = parsed.value;
  return {
    ok: true,
    value: {
      namespace: own.namespace,
      name: own.name,
      className: spec.gatewayClassName,
      listeners: (spec.listeners ?? []).map(({ name, allowedRoutes }) => {
        const { from = 'Same', selector } = allowedRoutes?.namespaces ?? {};
        return { name, routesFrom: from === 'Selector' ? (selector ?? 'None') : from };
      }),
    },
  };
}

const gatewayClassObject = z.looseObject({
  metadata,
  spec: z.looseObject({ controllerName: text }),
});

export function parseGatewayClass(
  body: unknown,
  origin: ObjectOrigin | null,
): Parsed<GatewayClass> {
  const parsed = parseObject(gatewayClassObject, 'GatewayClass', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata: own, spec } = parsed.value;
  return { ok: true, value: { name: own.name, controller: spec.controllerName } };
}

const referenceGrantObject = z.looseObject({
  metadata: namespacedMetadata,
  spec: z.looseObject({
    from: z.array(z.looseObject({ group: z.string(), kind: text, namespace: text })),
    to: z.array(z.looseObject({ group: z.string(), kind: text, name: orAbsent(z.string()) })),
  }),
});

export function parseReferenceGrant(
  body: unknown,
  origin: ObjectOrigin | null,
): Parsed<ReferenceGrant> {
  const parsed = parseObject(referenceGrantObject, 'ReferenceGrant', body, origin);
  if (!parsed.ok) return parsed;
  const { metadata: own, spec } = parsed.value;
  return {
    ok: true,
    value: {
      namespace: own.namespace,
      name: own.name,
      from: spec.from.map(({ group, kind, namespace }) => ({ group, kind, namespace })),
      to: spec.to.map(({ group, kind, name }) => ({ group, kind, name: name || null })),
    },
  };
}
