/** Red, green, blue, each 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * A sequential map: 256 colours whose lightness in OKLab is linear, from the paper to the ink: pale
 * yellow over teal to indigo on light paper, the same path backwards on dark. Lightness alone tells the
 * value, so it can be read in every kind of colour vision and in grey.
 */
export function sequentialMap(isDark: boolean): readonly Colour[] {
  return ramp((t) => {
    const ink = isDark ? 1 - t : t;
    return inGamut(
      0.965 - 0.725 * ink,
      0.025 + 0.12 * Math.sin(Math.PI * ink) ** 0.8,
      105 + 175 * ink,
    );
  });
}

/**
 * A diverging map: the paper in the middle, orange below, blue above, with equal lightness at equal
 * distance from the middle.
 */
export function divergingMap(isDark: boolean): readonly Colour[] {
  const [paper, ink] = isDark ? [0.22, 0.86] : [0.975, 0.38];
  return ramp((t) => {
    const distance = Math.abs(2 * t - 1);
    const lightness = paper + (ink - paper) * distance;
    return inGamut(lightness, 0.155 * Math.sin((Math.PI / 2) * distance), t < 0.5 ? 55 : 258);
  });
}

function ramp(colourAt: (t: number) => Colour): Colour[] {
  return Array.from({ length: 256 }, (_, i) => colourAt(i / 255));
}

/** The colour in OKLCh, its chroma lessened until sRGB holds it. */
function inGamut(lightness: number, chroma: number, hue: number): Colour {
  for (let c = chroma; c > 0; c -= 0.002) {
    const linear = linearRgb(lightness, c, hue);
    if (linear.every((part) => part >= 0 && part <= 1)) return encoded(linear);
  }
  return encoded(linearRgb(lightness, 0, hue));
}

/** OKLCh to linear sRGB (B. Ottosson, "A perceptual color space for image processing", 2020). */
function linearRgb(lightness: number, chroma: number, hue: number): Colour {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function encoded(linear: Colour): Colour {
  const part = (x: number) =>
    Math.round(255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055));
  return [part(linear[0]), part(linear[1]), part(linear[2])];
}
