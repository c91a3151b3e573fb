'use client';

import { Layers, SquareStack, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { countText, numberText } from '#components/status/count-text.ts';
import { ISOLATION, IsolationTag } from '#components/status/isolation.tsx';
import { Button } from '#components/ui/button.tsx';
import type { BundleNode, RestNode } from '#lib/view/graph-view.ts';
import { PanelHead } from './panel-head.tsx';
import { restTable } from './rest-words.ts';
import type { MapUrl } from './use-map-url.ts';

/** Workloads that no policy tells apart, beside the map. */
export function BundlePanel({
  node,
  url,
  onClose,
}: {
  readonly node: BundleNode;
  readonly url: MapUrl;
  readonly onClose: () => void;
}) {
  const { key, namespace, count, pods, examples, inside, openTo } = node;
  return (
    <div className="h-full overflow-y-auto">
      <PanelHead kind="Workloads" title={node.label} onClose={onClose}>
        <p className="mt-1 text-muted">
          {countText(count, 'workload')} of {namespace} with {countText(pods, 'pod')}, drawn as one:
          no policy tells them apart, so that each may connect as the others do.
        </p>
        <div className="mt-3 flex flex-wrap gap-2">
          <Button size="sm" onClick={() => url.setOpened([...url.opened, key])}>
            <SquareStack aria-hidden className="size-3.5" />
            Draw one by one
          </Button>
          <Button size="sm" onClick={() => url.openTable('workloads', key)}>
            <Table2 aria-hidden className="size-3.5" />
            List all {numberText(count)}
          </Button>
        </div>
      </PanelHead>
      <Facts>
        <Fact title="Among them">
          {examples.join(', ')}
          {count > examples.length && ` and ${numberText(count - examples.length)} more`}
        </Fact>
        {inside > 0 && (
          <Fact title="Inside">
            {countText(inside, 'connection')} between them, out of sight in one card
          </Fact>
        )}
        {openTo !== null && (
          <Fact title="Open to all">
            Rules admit everybody on {openTo === 'all' ? 'all ports' : openTo}.
          </Fact>
        )}
        {(['ingress', 'egress'] as const).map((direction) => (
          <Fact
            key={direction}
            title={<IsolationTag direction={direction} state={node[direction]} />}
          >
            {direction === 'ingress' ? 'For what comes in, ' : 'For what goes out, '}
            {ISOLATION[node[direction]].meaning}.
          </Fact>
        ))}
      </Facts>
    </div>
  );
}

const REST_WORDS: Readonly<Record<RestNode['of'], string>> = {
  namespaces:
    'The picture draws the namespaces with the most workloads one by one, and these as one.',
  workloads: 'The picture draws as many workloads as can be read, and these as one.',
  outside: 'Rules name more blocks of addresses than can be drawn; these are drawn as one.',
};

/** What did not fit into the picture, beside the map. */
export function RestPanel({
  node,
  url,
  onClose,
}: {
  readonly node: RestNode;
  readonly url: MapUrl;
  readonly onClose: () => void;
}) {
  const table = restTable(node);
  return (
    <div className="h-full overflow-y-auto">
      <PanelHead kind="Not drawn one by one" title={node.label} onClose={onClose}>
        <p className="mt-1 text-muted">
          {REST_WORDS[node.of]} Lines that end here are exact, and counted together.
        </p>
        {table !== null && (
          <div className="mt-3 flex flex-wrap gap-2">
            <Button size="sm" onClick={() => url.openTable(table)}>
              <Table2 aria-hidden className="size-3.5" />
              Open the table
            </Button>
          </div>
        )}
      </PanelHead>
      <Facts>
        {node.of !== 'outside' && (
          <Fact title="Holds">
            <Layers aria-hidden className="mr-1 inline size-3.5 text-faint" />
            {countText(node.workloads, 'workload')}, {countText(node.pods, 'pod')}
          </Fact>
        )}
        {node.inside > 0 && (
          <Fact title="Inside">
            {countText(node.inside, 'connection')} between them, out of sight in one card
          </Fact>
        )}
        <Fact title="To see one of them">
          Search for it, or open the table: what is chosen there opens beside it, with all that may
          connect.
        </Fact>
      </Facts>
    </div>
  );
}

function Facts({ children }: { readonly children: ReactNode }) {
  return <dl>{children}</dl>;
}

function Fact({ title, children }: { readonly title: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="border-line border-t px-4 py-3">
      <dt className="font-medium">{title}</dt>
      <dd className="mt-1 text-muted">{children}</dd>
    </div>
  );
}
