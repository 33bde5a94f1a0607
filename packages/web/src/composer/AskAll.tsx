import { Button } from '../parts/Button.tsx';
import { Modal } from '../parts/Modal.tsx';
import { words } from '../words/words.ts';

/** Before many people are called at once. */
export function AskAll({ people, onAnswer }: { people: number; onAnswer: (yes: boolean) => void }) {
  return (
    <Modal
      title={words.suggest.askAll(people)}
      onClose={() => onAnswer(false)}
      foot={
        <>
          <Button onClick={() => onAnswer(false)}>{words.app.cancel}</Button>
          <Button look="main" onClick={() => onAnswer(true)}>
            {words.suggest.callAll}
          </Button>
        </>
      }
    >
      <p>{words.suggest.askAllLead}</p>
    </Modal>
  );
}
