import type { Mistake } from '../../made/api';
import { at, type Skin } from './draft';
import Field from './Field';
import './Skins.css';

const colour = '#rrggbb';
const most = 16;
const parts = [
  ['name', 'Name', 'marigold'],
  ['background', 'Ground', colour],
  ['text', 'Text', colour],
  ['border', 'Border', colour],
  ['image', 'Image', '/skins/a.webp'],
] as const;

export default function Skins({ skins, problems, onskins }: { skins: Skin[]; onskins: (skins: Skin[]) => void; problems: Mistake[] }) {
  // One that is a name alone has its mistake at the skin itself.
  const wrong = (index: number, part: string) => [
    ...at(problems, `skins[${index}].${part}`),
    ...(part === 'name' ? problems.filter((one) => one.where === `skins[${index}]`) : []),
  ];
  return (
    <fieldset class="Skins">
      <legend>Skins</legend>
      {skins.length ? (
        skins.map((skin, index) => (
          <div key={index} class="skin">
            {parts.map(([part, label, placeholder]) => (
              <Field
                key={part}
                label={`${label} of skin ${index + 1}`}
                problems={wrong(index, part)}
                value={skin[part]}
                onvalue={(value) => onskins(skins.map((one, other) => (other === index ? { ...skin, [part]: value } : one)))}
                placeholder={placeholder}
              />
            ))}
            <button class="plain" type="button" onClick={() => onskins(skins.filter((_, other) => other !== index))}>Take skin {index + 1} away</button>
          </div>
        ))
      ) : <p class="small dim">None.</p>}
      <button
        class="add"
        type="button"
        disabled={skins.length >= most}
        onClick={() => onskins([...skins, { name: '', background: '', text: '', border: '', image: '' }])}
      >
        Add a skin
      </button>
    </fieldset>
  );
}
