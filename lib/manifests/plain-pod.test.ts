import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonObject } from '#lib/model/json.ts';
import { plainPod } from './plain-pod.ts';
import { podBySchema } from './pod.ts';

/** The fast reader of pods is held to the schema: what it reads is what the schema reads. */

/** Mostly what belongs there, sometimes null or absent, sometimes anything. */
function usually<T>(right: fc.Arbitrary<T>): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 400, arbitrary: right },
    { weight: 10, arbitrary: fc.constantFrom(null, undefined) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<unknown>('', 'x', 0, 65_536, 1.5, true, [], {}, [null]),
    },
  );
}

const text = fc.constantFrom('a', 'web', '', 'constructor', '10.0.0.1');
const texts = fc.dictionary(
  fc.constantFrom('app', 'tier', '__proto__', '1', 'sightline.dev/x'),
  usually(text),
);
const port = fc.record({
  name: usually(text),
  containerPort: usually(fc.constantFrom(1, 80, 65_535)),
  protocol: usually(fc.constantFrom('TCP', 'UDP', 'SCTP')),
  hostPort: usually(fc.constantFrom(0, 80, Number.NaN)),
});
const container = fc.record({
  restartPolicy: usually(text),
  ports: usually(fc.array(usually(port))),
});
const pod: fc.Arbitrary<unknown> = usually(
  fc.record({
    metadata: usually(
      fc.record({
        name: usually(fc.constant('web-0')),
        namespace: usually(fc.constant('shop')),
        labels: usually(texts),
        annotations: usually(texts),
        ownerReferences: usually(
          fc.array(
            usually(
              fc.record({
                kind: usually(text),
                name: usually(text),
                controller: usually(fc.boolean()),
              }),
            ),
          ),
        ),
      }),
    ),
    spec: usually(
      fc.record({
        nodeName: usually(text),
        hostNetwork: usually(fc.boolean()),
        serviceAccountName: usually(text),
        automountServiceAccountToken: usually(fc.boolean()),
        containers: usually(fc.array(usually(container), { maxLength: 2 })),
        initContainers: usually(fc.array(usually(container), { maxLength: 2 })),
      }),
    ),
    status: usually(
      fc.record({
        phase: usually(text),
        podIP: usually(text),
        podIPs: usually(
          fc.array(usually(fc.record({ ip: usually(fc.constantFrom('10.0.0.1', 'fd00::1')) }))),
        ),
      }),
    ),
  }),
);

/** What the fast reader gives, picked from what the schema gives, which holds more. */
function picked(from: unknown, like: unknown): unknown {
  if (Array.isArray(like) && Array.isArray(from))
    return like.map((item, i) => picked(from[i], item));
  if (like instanceof Map || typeof like !== 'object' || like === null) return from;
  const fields = from as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(like).map(([key, value]) => [key, picked(fields[key], value)]),
  );
}

test('it reads what the schema reads, or leaves it to the schema', () => {
  let read = 0;
  fc.assert(
    fc.property(pod, (body) => {
      const plain = plainPod(body);
      if (plain === null) return;
      read++;
      const parsed = podBySchema(body, null);
      expect(parsed.ok).toBe(true);
      if (!parsed.ok) return;
      expect(plain).toEqual(picked(parsed.value, plain));
      expect([...plain.metadata.labels]).toEqual([...parsed.value.metadata.labels]);
      expect([...plain.metadata.annotations]).toEqual([...parsed.value.metadata.annotations]);
    }),
    { numRuns: 5000 },
  );
  expect(read).toBeGreaterThan(300);
});

test('ordinary pods need no schema', () => {
  const body: JsonObject = {
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
    spec: { containers: [{ name: 'main', ports: [{ containerPort: 80 }] }] },
    status: { phase: 'Running', podIPs: [{ ip: '10.0.0.1' }] },
  };
  expect(plainPod(body)).not.toBeNull();
});
