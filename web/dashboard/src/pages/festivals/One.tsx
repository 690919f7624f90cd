import Editor from './Editor';

export default function One({ parts = {} }: { parts?: Record<string, string> }) {
  return <Editor key={parts.festival} id={parts.festival ?? ''} />;
}
