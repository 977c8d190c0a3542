import type { Phone } from './phone';

export interface PickedContent {
  readonly name: string;
  readonly buffer: Buffer;
}

/** Attaches files as a person does: the button, the choice, the system's picker. */
export async function pick(phone: Phone, kind: 'Photo' | 'File', files: readonly PickedContent[]): Promise<void> {
  await phone.button('Attach').click();
  const chooser = phone.page.waitForEvent('filechooser');
  await phone.page.getByRole('menuitem', { name: kind, exact: true }).click();
  await (await chooser).setFiles(files.map((file) => ({ ...file, mimeType: 'application/octet-stream' })));
}

/** A picture with a gradient and stripes, so that one sees whether it is drawn whole. */
export function stripes(width: number, height: number): Uint8Array {
  const rgba = new Uint8Array(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const isStripe = Math.floor((x + y) / 40) % 2 === 0;
    rgba.set(
      [isStripe ? 30 : 240, Math.round((x / width) * 200) + 30, Math.round((y / height) * 200) + 30, 255],
      at * 4,
    );
  }
  return rgba;
}
