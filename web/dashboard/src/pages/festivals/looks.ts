import type { Tone } from '../../lib/outcomes';
import type { Standing } from './dates';

export const looks: Record<Standing, { word: string; shape: string; tone: Tone; title: string }> = {
  running: { word: 'runs', shape: 'play', tone: 'good', title: 'Running' },
  coming: { word: 'comes', shape: 'ring', tone: 'busy', title: 'Coming' },
  over: { word: 'is over', shape: 'square', tone: 'quiet', title: 'Over' },
};
