import Time from './Time';

// Words of the service, with the instants in them by the viewer's clock.
export default function Said({ text }: { text: string | undefined }) {
  return <>{text?.split(/(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/).map((part, at) => (at % 2 ? <Time key={at} at={part} seconds={!part.endsWith(':00Z')} /> : part))}</>;
}
