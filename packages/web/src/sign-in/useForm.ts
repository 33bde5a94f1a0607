import { type FormEvent, useRef, useState } from 'react';
import { type AuthFault, authFault } from '../words/failures.ts';

export interface Form {
  readonly busy: boolean;
  readonly faults: readonly AuthFault[];
  readonly faultOf: (field: AuthFault['field']) => string | undefined;
  readonly onSubmit: (event: FormEvent<HTMLFormElement>) => void;
  /** Somebody types: what was wrong may be right now. */
  readonly onInput: () => void;
}

/** A form that is checked, sent, and puts the focus on the first field with something wrong. */
export function useForm(check: () => readonly AuthFault[], send: () => Promise<unknown>): Form {
  const [busy, setBusy] = useState(false);
  const [faults, setFaults] = useState<readonly AuthFault[]>([]);
  const sending = useRef(false);

  const show = (form: HTMLFormElement, found: readonly AuthFault[]) => {
    setFaults(found);
    const wrong = found.find(fault => fault.field)?.field;
    const input = wrong && form.elements.namedItem(wrong);
    if (input instanceof HTMLInputElement) input.focus();
  };

  const submit = async (form: HTMLFormElement) => {
    const found = check();
    if (found.length > 0) return show(form, found);
    sending.current = true;
    setBusy(true);
    setFaults([]);
    try {
      await send();
    } catch (error) {
      show(form, [authFault(error)]);
    } finally {
      sending.current = false;
      setBusy(false);
    }
  };

  return {
    busy,
    faults,
    faultOf: field => faults.find(fault => fault.field === field)?.text,
    onSubmit: event => {
      event.preventDefault();
      if (!sending.current) void submit(event.currentTarget);
    },
    onInput: () => faults.length > 0 && setFaults([]),
  };
}
