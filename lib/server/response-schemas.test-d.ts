import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { ClusterSummary } from '#lib/view/cluster-view.ts';
import type { ExplanationView } from '#lib/view/explanation-view.ts';
import type { FindingsView } from '#lib/view/findings-view.ts';
import type { GraphView } from '#lib/view/graph-view.ts';
import type { SearchView } from '#lib/view/search-view.ts';
import type { NamespacesView, WorkloadsView } from '#lib/view/table-view.ts';
import type { PeersView, WorkloadView } from '#lib/view/workload-view.ts';
import type { explanationView } from './explanation-schema.ts';
import type { findingsView } from './findings-schema.ts';
import type { ProblemDocument } from './problem-document.ts';
import type * as schemas from './response-schemas.ts';
import type { namespacesView, workloadsView } from './table-schemas.ts';

/** Views are readonly and schemas are not; nothing else may tell them apart. */
type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> } : T;
type Described<Name extends keyof typeof schemas> = (typeof schemas)[Name] extends z.ZodType
  ? Writable<z.output<(typeof schemas)[Name]>>
  : never;

test('the description of the API says what the views are', () => {
  expectTypeOf<Described<'clusterSummary'>>().toEqualTypeOf<Writable<ClusterSummary>>();
  expectTypeOf<Described<'graphView'>>().toEqualTypeOf<Writable<GraphView>>();
  expectTypeOf<Described<'workloadView'>>().toEqualTypeOf<Writable<WorkloadView>>();
  expectTypeOf<Described<'peersView'>>().toEqualTypeOf<Writable<PeersView>>();
  expectTypeOf<Writable<z.output<typeof namespacesView>>>().toEqualTypeOf<
    Writable<NamespacesView>
  >();
  expectTypeOf<Writable<z.output<typeof workloadsView>>>().toEqualTypeOf<Writable<WorkloadsView>>();
  expectTypeOf<Writable<z.output<typeof explanationView>>>().toEqualTypeOf<
    Writable<ExplanationView>
  >();
  expectTypeOf<Writable<z.output<typeof findingsView>>>().toEqualTypeOf<Writable<FindingsView>>();
  expectTypeOf<Described<'searchView'>>().toEqualTypeOf<Writable<SearchView>>();
  expectTypeOf<Described<'problemDocument'>>().toEqualTypeOf<Writable<ProblemDocument>>();
});
