import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useWorld } from './support/world';

const world = useWorld();

test('a new user signs up, signs out and signs in again', async () => {
  const phone = await world.phone();
  await phone.signUp('Ann');
  await phone.page.getByRole('tab', { name: 'Settings' }).click();
  await phone.text('Ann').first().waitFor();
  await phone.button('Sign out').click();
  await phone.page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
  await phone.signIn('Ann');
  await phone.page.getByRole('tab', { name: 'Chats' }).waitFor();
});

test('a session outlives a reload of the page', async () => {
  const phone = await world.phone();
  await phone.signUp('Reloader');
  await phone.page.reload();
  await phone.page.getByRole('tab', { name: 'Chats' }).waitFor();
  assert.equal(await phone.field('Password').count(), 0);
});

test('a wrong password is refused in words and the form stays', async () => {
  const other = await world.phone();
  await other.signUp('Wrong');
  const phone = await world.phone();
  await phone.signIn('Wrong', 'not the password');
  await phone.page.getByText('User name or password is wrong.').waitFor();
  assert.equal(await phone.field('User name').inputValue(), 'Wrong');
});

test('a name that is taken is refused in words', async () => {
  const first = await world.phone();
  await first.signUp('Taken');
  const second = await world.phone();
  await second.button('New here? Create an account').click();
  await second.field('User name').fill('tAKEN');
  await second.field('Password').fill('correct horse');
  await second.button('Create account').click();
  await second.page.getByText('This name is taken.').waitFor();
});

test('a server that cannot be reached is told in words', async () => {
  const phone = await world.phone();
  await phone.page.getByText('Server', { exact: true }).first().click();
  await phone.field('Server address').fill('http://127.0.0.1:9');
  await phone.signIn('Ann');
  await phone.page.getByText('The server cannot be reached', { exact: false }).first().waitFor();
});
