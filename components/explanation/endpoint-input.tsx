'use client';

import { useId, useState } from 'react';
import { classes } from '#components/ui/classes.ts';
import { type Suggestion, useSuggestions } from './use-suggestions.ts';

const FIELD =
  'h-8 w-full rounded-md border border-line-strong/70 bg-surface px-2.5 text-sm shadow-card outline-offset-0 placeholder:text-faint hover:border-line-strong';

/** A text field with a label above it. */
export function Field({
  label,
  ...input
}: { readonly label: string } & React.ComponentProps<'input'>) {
  const id = useId();
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="mb-1 block font-medium text-muted text-xs">
        {label}
      </label>
      <input id={id} autoComplete="off" spellCheck={false} className={FIELD} {...input} />
    </div>
  );
}

function Option({
  id,
  suggestion,
  active,
  onChoose,
}: {
  readonly id: string;
  readonly suggestion: Suggestion;
  readonly active: boolean;
  readonly onChoose: () => void;
}) {
  const { ref } = suggestion;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the text field, which keeps the focus
    // biome-ignore lint/a11y/useFocusableInteractive: as above
    <div
      id={id}
      role="option"
      aria-selected={active}
      // The field must not lose the focus before the click arrives.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      className={classes(
        'flex items-baseline gap-2 rounded-md px-2 py-1.5',
        active ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
    >
      <span className="min-w-0 flex-1 truncate text-sm">
        {ref.namespace !== null && <span className="text-muted">{ref.namespace}/</span>}
        <span className="font-medium">{ref.name}</span>
      </span>{' '}
      <span className="shrink-0 text-faint text-xs">{ref.kind}</span>
    </div>
  );
}

/** One end of a connection: anything may be typed; workloads, pods and services are suggested. */
export function EndpointInput({
  cluster,
  label,
  name,
  placeholder,
  value,
  onChange,
}: {
  readonly cluster: string;
  readonly label: string;
  readonly name: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const list = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const suggestions = useSuggestions(cluster, value, open);
  const shown = open && suggestions.length > 0;
  const chosen = suggestions[active];

  const choose = (text: string) => {
    onChange(text);
    setOpen(false);
    setActive(-1);
  };
  const move = (step: number) => {
    setOpen(true);
    const { length } = suggestions;
    // -1 is the text as typed: the arrows pass through it.
    setActive((current) => ((current + 1 + step + length + 1) % (length + 1)) - 1);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    switch (event.key) {
      case 'ArrowDown':
      case 'ArrowUp':
        event.preventDefault();
        move(event.key === 'ArrowDown' ? 1 : -1);
        break;
      case 'Enter':
        if (!shown || chosen === undefined) break;
        event.preventDefault();
        choose(chosen.text);
        break;
      case 'Escape':
        if (!open) break;
        event.preventDefault();
        setOpen(false);
        setActive(-1);
        break;
    }
  };

  return (
    <div className="relative min-w-0">
      <Field
        label={label}
        name={name}
        placeholder={placeholder}
        value={value}
        role="combobox"
        aria-expanded={shown}
        aria-controls={list}
        aria-autocomplete="list"
        {...(chosen === undefined ? {} : { 'aria-activedescendant': `${list}-${active}` })}
        onChange={(event) => {
          onChange(event.target.value);
          setOpen(true);
          setActive(-1);
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKeyDown}
      />
      <div
        id={list}
        role="listbox"
        aria-label={`Suggestions for ${label}`}
        hidden={!shown}
        className="absolute top-full right-0 left-0 z-30 mt-1 max-h-72 min-w-64 animate-enter overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-pop"
      >
        {suggestions.map((suggestion, i) => (
          <Option
            key={suggestion.text}
            id={`${list}-${i}`}
            suggestion={suggestion}
            active={i === active}
            onChoose={() => choose(suggestion.text)}
          />
        ))}
      </div>
    </div>
  );
}
