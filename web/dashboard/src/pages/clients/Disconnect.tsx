import Action from '../../lib/ui/Action';
import { inWords, type Whom } from './clients';

export default function Disconnect({
  whom,
  label,
  of = '',
  plain = false,
  blocked = '',
  done,
}: {
  whom: Whom;
  label: string;
  of?: string;
  plain?: boolean;
  blocked?: string;
  done: () => void;
}) {
  return (
    <Action
      change="POST /clients/disconnect"
      label={label}
      plain={plain}
      blocked={blocked}
      danger={!plain}
      confirm="Disconnect"
      title={of ? `Disconnect ${of}` : label}
      done={done}
      says={
        `Ends ${inWords(whom)}${of ? `, of ${of}` : ''}, on whichever node it is. ` +
        'Who may connect may come back at once: to keep somebody out, take their token away at the platform.'
      }
      does={(reason) => ({
        change: 'POST /clients/disconnect',
        order: { body: { ...whom, reason } },
        done: (told) => ({ text: `${told.disconnected} ${told.disconnected === 1 ? 'connection is' : 'connections are'} ended.` }),
      })}
    />
  );
}
