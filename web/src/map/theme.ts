// Colours and fonts of the map.

export const GROUND = '#0a0f13';
export const LAND = '#111a20';
export const AMBER = '#ffb454';
export const HALO = '#0a1014';

/** Drawn by the browser itself: a style without `glyphs` never asks a server for letters. */
export const FONT = ['Noto Sans CJK SC', 'Microsoft YaHei', 'PingFang SC', 'Noto Sans SC', 'sans-serif'];
export const STRONG_FONT = ['Noto Sans CJK SC Medium', ...FONT];
export const IDEOGRAPH_FONT = "'Noto Sans CJK SC','Microsoft YaHei','PingFang SC',sans-serif";
