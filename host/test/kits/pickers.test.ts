import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startHarness, type Harness } from './harness.js';

let harness: Harness;

before(async () => {
  harness = await startHarness({ page: 'kits.ts' });
});

after(() => harness.close());

/** What `pick` resolves to when the user takes `files`; none for a user who changes their mind. */
async function picked<T>(page: Page, pick: () => Promise<T>, names: readonly string[]): Promise<T> {
  const [chooser, answer] = [page.waitForEvent('filechooser'), page.evaluate(pick)];
  const dialog = await chooser;
  if (names.length === 0) {
    // Chromium tells the page nothing when a script sets no file, so the dialog's own event is sent.
    await dialog.element().dispatchEvent('cancel');
  } else {
    await dialog.setFiles(
      names.map((name) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(`of ${name}`) })),
    );
  }
  return answer;
}

describe('the pickers', () => {
  test('give a URI that ends in the name, and the file reads whole, in parts and at an offset', async () => {
    const page = await harness.open(await harness.context());
    const uris = await picked(page, () => new kits.picker.DocumentViewPicker().select(), ['a b.txt']);
    assert.deepEqual(uris, ['file://docs/storage/1/a%20b.txt']);
    const seen = await page.evaluate(async (uri) => {
      const text = (buffer: ArrayBuffer, length: number) => new TextDecoder().decode(buffer.slice(0, length));
      const file = await kits.fileIo.open(uri, kits.fileIo.OpenMode.READ_ONLY);
      const size = (await kits.fileIo.stat(file.fd)).size;
      const buffer = new ArrayBuffer(5);
      const first = await kits.fileIo.read(file.fd, buffer);
      const firstText = text(buffer, first);
      const second = await kits.fileIo.read(file.fd, buffer);
      const secondText = text(buffer, second);
      const third = await kits.fileIo.read(file.fd, buffer, { offset: 3, length: 2 });
      const thirdText = text(buffer, third);
      await kits.fileIo.close(file);
      const code = await kits.fileIo.read(file.fd, buffer).then(
        () => 0,
        (error: { code: number }) => error.code,
      );
      return { size, texts: [firstText, secondText, thirdText], code };
    }, uris[0]!);
    assert.deepEqual(seen, { size: 10, texts: ['of a ', 'b.txt', 'a '], code: 13900008 });
  });

  test('take no more pictures than were asked for, and only pictures are offered', async () => {
    const page = await harness.open(await harness.context());
    const pick = async () => {
      const options = new kits.photoAccessHelper.PhotoSelectOptions();
      options.MIMEType = kits.photoAccessHelper.PhotoViewMIMETypes.IMAGE_TYPE;
      options.maxSelectNumber = 2;
      return (await new kits.photoAccessHelper.PhotoViewPicker().select(options)).photoUris;
    };
    const chooser = page.waitForEvent('filechooser');
    const answer = page.evaluate(pick);
    const dialog = await chooser;
    assert.equal(await dialog.element().getAttribute('accept'), 'image/*');
    assert.ok(dialog.isMultiple());
    await dialog.setFiles(
      ['1.png', '2.png', '3.png'].map((name) => ({ name, mimeType: 'image/png', buffer: Buffer.from(name) })),
    );
    assert.deepEqual(await answer, ['file://media/Photo/1/1.png', 'file://media/Photo/2/2.png']);
  });

  test('give nothing to a user who changes their mind', async () => {
    const page = await harness.open(await harness.context());
    assert.deepEqual(await picked(page, () => new kits.picker.DocumentViewPicker().select(), []), []);
  });

  test('a URI that no picker gave can be opened neither for reading nor for writing', async () => {
    const page = await harness.open(await harness.context());
    const codes = await page.evaluate(() => {
      const codeOf = (opening: Promise<unknown>) =>
        opening.then(
          () => 0,
          (error: { code: number }) => error.code,
        );
      return Promise.all([
        codeOf(kits.fileIo.open('file://docs/storage/9/x', 0)),
        codeOf(kits.fileIo.open('file://docs/storage/9/x', 2)),
      ]);
    });
    assert.deepEqual(codes, [13900002, 13900002]);
  });

  test('what is written where the user said becomes theirs, whole, when it is closed, and only once', async () => {
    const page = await harness.open(await harness.context());
    const download = page.waitForEvent('download');
    const codes = await page.evaluate(async () => {
      const options = new kits.picker.DocumentSaveOptions();
      options.newFileNames = ['tea & cake.txt'];
      const uri = (await new kits.picker.DocumentViewPicker().save(options))[0]!;
      const codeOf = (work: Promise<unknown>) =>
        work.then(
          () => 0,
          (error: { code: number }) => error.code,
        );
      const file = await kits.fileIo.open(uri, kits.fileIo.OpenMode.READ_WRITE);
      await kits.fileIo.write(file.fd, kits.bytes('tea ').buffer as ArrayBuffer);
      await kits.fileIo.write(file.fd, kits.bytes('at four').buffer as ArrayBuffer);
      await kits.fileIo.close(file);
      const again = await codeOf(kits.fileIo.write(file.fd, 'more'));
      return [again, await codeOf(Promise.resolve(kits.fileIo.open(uri, kits.fileIo.OpenMode.WRITE_ONLY)))];
    });
    const given = await download;
    assert.equal(given.suggestedFilename(), 'tea & cake.txt');
    assert.equal(readFileSync(await given.path(), 'utf8'), 'tea at four');
    assert.deepEqual(codes, [13900008, 13900002]);
  });
});
