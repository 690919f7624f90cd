import { useRef } from 'preact/hooks';
import type { Mistake } from '../../made/api';
import { useOwn } from '../../lib/own';
import { browserZone } from '../../lib/time';
import Colours from './Colours';
import { countryName, instantOf, localIn, zoneOf, zonesOf } from './dates';
import { at, moreOf, multipliers, ofMore, types, type Draft } from './draft';
import Field from './Field';
import Skins from './Skins';
import './Form.css';

const unread: Mistake[] = [{ where: 'theme', what: 'is no JSON object', right: 'write {"logo": {...}}' }];

// What an editor writes. It is judged by the server as it is typed: every mistake stands at its field.
export default function Form({ draft, ondraft, problems }: { draft: Draft; ondraft: (more: Partial<Draft>) => void; problems: Mistake[] }) {
  const own = useOwn(() => ({ chosen: '' }));
  const began = useRef(draft.startsAt); // whatever is typed then
  const zones = [...new Set([...zonesOf(draft.country), browserZone, 'UTC'])];
  const zone = zones.includes(own.chosen) ? own.chosen : zoneOf({ country: draft.country, startsAt: began.current });
  const other = zone === browserZone ? (zones.find((one) => one !== zone) ?? 'UTC') : browserZone;
  const there = (text: string) => (localIn(text, other) ? `${localIn(text, other).replace('T', ' ')} ${other}` : '');
  const theme = (more: Partial<Draft['theme']>) => ondraft({ theme: { ...draft.theme, ...more } });
  return (
    <div class="Form">
      <div class="grid">
        <Field label="Name" problems={at(problems, 'name')} value={draft.name} onvalue={(name) => ondraft({ name })} most={100} />
        <Field label="Type" problems={at(problems, 'type')} value={draft.type} onvalue={(type) => ondraft({ type })} options={types} />
        <Field
          label="Country"
          problems={at(problems, 'country')}
          hint={countryName(draft.country) || 'two capitals, such as NP, or GLOBAL'}
          value={draft.country}
          onvalue={(country) => ondraft({ country: country.toUpperCase() })}
          most={6}
        />
        <Field
          label="Priority"
          problems={at(problems, 'priority')}
          hint="the highest dresses its country"
          type="number"
          value={String(draft.priority)}
          onvalue={(priority) => ondraft({ priority: Number(priority) })}
        />
      </div>
      <fieldset>
        <legend>When</legend>
        <div class="grid when">
          <Field
            label="By the clocks of"
            hint="what is written here is in this zone"
            value={zone}
            onvalue={(chosen) => { own.chosen = chosen; }}
            options={zones}
          />
          {([['startsAt', 'Starts'], ['endsAt', 'Its last instant']] as const).map(([key, label]) => (
            <Field
              key={key}
              label={label}
              problems={at(problems, key)}
              hint={there(draft[key])}
              type="datetime-local"
              value={localIn(draft[key], zone)}
              onvalue={(value) => ondraft({ [key]: instantOf(key === 'endsAt' && /T\d\d:\d\d$/.test(value) ? `${value}:59.999` : value, zone) })}
            />
          ))}
        </div>
      </fieldset>
      <Field
        label="Name of the look"
        problems={at(problems, 'theme.name')}
        hint="what clients mark their page with: small letters, digits and hyphens"
        value={draft.theme.name}
        onvalue={(name) => theme({ name })}
        most={40}
      />
      <div class="palettes">
        <Colours title="Colours" path="theme.colors" palette={draft.theme.colors} onpalette={(colors) => theme({ colors })} problems={problems} />
        <Colours
          title="Colours where people prefer dark"
          path="theme.dark"
          palette={draft.theme.dark}
          onpalette={(dark) => theme({ dark })}
          below={draft.theme.colors}
          problems={problems}
        />
      </div>
      <Field
        label="More of the look, as JSON"
        where="theme"
        problems={moreOf(draft.more) ? ofMore(problems) : unread}
        hint="images, logo, fonts, overlay and elements"
        rows={6}
        value={draft.more}
        onvalue={(more) => ondraft({ more })}
        placeholder={'{"elements": {"banner": {"text": "Happy Tihar!"}}}'}
      />
      <Skins skins={draft.skins} onskins={(skins) => ondraft({ skins })} problems={problems} />
      <fieldset>
        <legend>Bonuses</legend>
        <div class="grid three">
          {multipliers.map(([key, label, most]) => (
            <Field
              key={key}
              label={`${label}, times`}
              problems={at(problems, `bonuses.${key}`)}
              hint={`1 to ${most}`}
              value={draft.bonuses[key] ?? ''}
              onvalue={(value) => ondraft({ bonuses: { ...draft.bonuses, [key]: value } })}
              placeholder="1"
            />
          ))}
        </div>
      </fieldset>
      <Field
        label="Gifts on sale while it runs"
        where="gifts"
        problems={at(problems, 'gifts')}
        hint="one in each line"
        rows={4}
        value={draft.gifts}
        onvalue={(gifts) => ondraft({ gifts })}
      />
    </div>
  );
}
