// Looks as editors write them, for the stand-in to serve.
export const dashain = {
  festival: { id: '1', name: 'Dashain' },
  name: 'dashain',
  colors: { primary: '#b3261e', onPrimary: '#ffffff', accent: '#ffd166', onAccent: '#000000', background: '#fff6ec', text: '#2b0d0a',
    surface: '#ffffff', onSurface: '#2b0d0a' },
  dark: { primary: '#f2b8b5', onPrimary: '#000000', background: '#1f0f0d', text: '#fbe9e7', surface: '#2c1613', onSurface: '#fbe9e7' },
  images: { background: '/demo/art/sparkles.svg', overlay: '/demo/art/kites.svg' },
  fonts: { heading: ['Mukta', 'serif'] },
  overlay: 'kites',
  skins: [{ name: 'tika-frame', background: '#7a1712', text: '#ffffff', border: '#ffd166' }],
  elements: {
    banner: { visible: true, text: 'Happy Dashain!', link: '/demo/' },
    giftShelf: { visible: true, text: 'Gifts of Dashain' },
    badge: { visible: true, text: 'Dashain' },
  },
  bonuses: { giftMultiplier: 3, coinMultiplier: 2, experienceMultiplier: 1.5 },
  festivals: ['1'],
};

export const christmas = {
  festival: { id: '2', name: 'Christmas' },
  name: 'christmas',
  colors: { primary: '#146b3a', onPrimary: '#ffffff', accent: '#ea4630', onAccent: '#000000' },
  images: { overlay: '/demo/art/snow.svg' },
  overlay: 'snow',
  skins: [{ name: 'holly-frame', background: '#0b3d21', text: '#ffffff', border: '#ea4630' }],
  elements: { banner: { visible: true, text: 'Merry Christmas!' }, badge: { visible: true, text: 'Christmas' } },
  bonuses: { giftMultiplier: 2, coinMultiplier: 2.5, experienceMultiplier: 1 },
  festivals: ['2'],
};

// Christmas while Dashain's bonuses count beside it: the greater of each, never the product.
export const overlap = {
  ...christmas,
  bonuses: { giftMultiplier: 3, coinMultiplier: 2.5, experienceMultiplier: 1.5 },
  festivals: ['1', '2'],
};

export const usual = { festival: null };

// A document of `country`, as the server writes it.
export function document_of(country, version, look, validUntil = null) {
  const { festival, ...rest } = look;
  return { country, version, festival, validUntil, colors: {}, skins: [], elements: {},
    bonuses: { giftMultiplier: 1, coinMultiplier: 1, experienceMultiplier: 1 }, festivals: [], ...rest };
}
