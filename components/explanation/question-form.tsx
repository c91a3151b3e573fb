'use client';

import { ArrowLeftRight, ArrowRight } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Tooltip } from '#components/ui/tooltip.tsx';
import { EndpointInput, Field } from './endpoint-input.tsx';
import { explainPath } from './endpoint-question.ts';

/** The fields as they were typed; empty when nothing was. */
export interface TypedQuestion {
  readonly from: string;
  readonly to: string;
  readonly port: string;
}

function isSame(a: TypedQuestion, b: TypedQuestion): boolean {
  return a.from === b.from && a.to === b.to && a.port === b.port;
}

/** "Can A reach B on this port?" Asking changes the URL; the URL, by back and forward too, refills the fields. */
export function QuestionForm({
  cluster,
  asked,
}: {
  readonly cluster: string;
  readonly asked: TypedQuestion;
}) {
  const router = useRouter();
  const [question, setQuestion] = useState(asked);
  const [filledFrom, setFilledFrom] = useState(asked);
  // Not by remounting: the focus stays where the person has it.
  if (!isSame(asked, filledFrom)) {
    setFilledFrom(asked);
    setQuestion(asked);
  }
  const { from, to, port } = question;
  const change = (part: Partial<TypedQuestion>) => setQuestion({ ...question, ...part });

  return (
    <form
      action={`/c/${encodeURIComponent(cluster)}/explain`}
      onSubmit={(event) => {
        event.preventDefault();
        const typed = { from: from.trim(), to: to.trim(), port: port.trim() };
        router.push(
          explainPath(cluster, { ...typed, port: typed.port === '' ? null : typed.port }),
        );
      }}
      className="grid grid-cols-[1fr_auto_1fr] items-end gap-2 md:grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)_8rem_auto]"
    >
      <EndpointInput
        cluster={cluster}
        label="From"
        name="from"
        placeholder="shop/web, or an address"
        value={from}
        onChange={(text) => change({ from: text })}
      />
      <Tooltip content="Swap the two ends">
        <Button
          variant="quiet"
          size="icon"
          aria-label="Swap the two ends"
          onClick={() => change({ from: to, to: from })}
        >
          <ArrowLeftRight className="size-4" />
        </Button>
      </Tooltip>
      <EndpointInput
        cluster={cluster}
        label="To"
        name="to"
        placeholder="a workload, pod, service or address"
        value={to}
        onChange={(text) => change({ to: text })}
      />
      <div className="col-span-2 md:col-span-1">
        <Field
          label="Port"
          name="port"
          placeholder="any"
          value={port}
          onChange={(event) => change({ port: event.target.value })}
        />
      </div>
      <Button
        type="submit"
        variant="primary"
        disabled={from.trim() === '' || to.trim() === ''}
        className="justify-self-end md:justify-self-auto"
      >
        Explain
        <ArrowRight aria-hidden className="size-4" />
      </Button>
    </form>
  );
}
