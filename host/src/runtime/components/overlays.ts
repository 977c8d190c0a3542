import { resolveString } from '../core/resources.js';
import { DismissReason, Modal } from './modal.js';
import { color, length, type ColorValue, type LengthValue } from './style.js';

type StringValue = Parameters<typeof resolveString>[0];

export interface ShowToastOptions {
  message: StringValue;
  /** ms: 1500 by default, held between 1500 and 10000 as on a device. */
  duration?: number;
  /** Distance from the bottom. */
  bottom?: LengthValue;
  alignment?: number;
  offset?: { dx: LengthValue; dy: LengthValue };
  backgroundColor?: ColorValue;
  textColor?: ColorValue;
}

const MIN_TOAST_MS = 1500;
const MAX_TOAST_MS = 10_000;
let shownToast: HTMLElement | null = null;

/** A later toast takes the place of the one that is shown. */
export function showToast(options: ShowToastOptions): void {
  shownToast?.remove();
  const toast = document.createElement('div');
  shownToast = toast;
  toast.className = 'ark-toast';
  toast.setAttribute('role', 'status');
  toast.popover = 'manual';
  toast.style.bottom = length(options.bottom);
  toast.style.backgroundColor = color(options.backgroundColor);
  toast.style.color = color(options.textColor);
  document.body.appendChild(toast);
  toast.showPopover();
  toast.textContent = resolveString(options.message);
  const durationMs = Math.min(MAX_TOAST_MS, Math.max(MIN_TOAST_MS, options.duration ?? MIN_TOAST_MS));
  setTimeout(() => {
    toast.remove();
    shownToast = shownToast === toast ? null : shownToast;
  }, durationMs);
}

export interface AlertButton {
  value: StringValue;
  action?: () => void;
  enabled?: boolean;
  defaultFocus?: boolean;
  /** DialogButtonStyle: 1 is HIGHLIGHT. */
  style?: number;
  primary?: boolean;
  fontColor?: ColorValue;
  backgroundColor?: ColorValue;
}

export interface AlertDialogOptions {
  title?: StringValue;
  subtitle?: StringValue;
  message: StringValue;
  autoCancel?: boolean;
  cancel?: () => void;
  confirm?: AlertButton;
  primaryButton?: AlertButton;
  secondaryButton?: AlertButton;
  buttons?: AlertButton[];
  alignment?: number;
  onWillDismiss?: (action: { dismiss: () => void; reason: DismissReason }) => void;
}

const HIGHLIGHT = 1;

/** A dialog with a message and buttons; every button closes it. `cancel` runs when it is closed in another way. */
export function showAlertDialog(options: AlertDialogOptions): void {
  const title = resolveString(options.title);
  const message = resolveString(options.message);
  const close = (): void => modal.close();
  const modal = new Modal({
    className: 'ark-alert',
    role: 'alertdialog',
    label: title === '' ? message : title,
    onDismiss: (reason) => {
      if (reason === DismissReason.TOUCH_OUTSIDE && options.autoCancel === false) {
        return;
      }
      if (options.onWillDismiss !== undefined) {
        options.onWillDismiss({ dismiss: close, reason });
        return;
      }
      close();
      options.cancel?.();
    },
  });
  for (const [tag, text] of [
    ['h2', title],
    ['h3', resolveString(options.subtitle)],
    ['p', message],
  ] as const) {
    if (text !== '') {
      const part = document.createElement(tag);
      part.textContent = text;
      modal.element.appendChild(part);
    }
  }
  modal.element.appendChild(buttonRow(buttonsOf(options), close));
  modal.show();
}

function buttonsOf(options: AlertDialogOptions): AlertButton[] {
  const pair = [options.primaryButton, options.secondaryButton, options.confirm];
  return options.buttons ?? pair.filter((button) => button !== undefined);
}

function buttonRow(buttons: AlertButton[], close: () => void): HTMLElement {
  const row = document.createElement('div');
  row.className = 'ark-alert-buttons';
  for (const wanted of buttons) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = resolveString(wanted.value);
    button.disabled = wanted.enabled === false;
    button.classList.toggle('ark-highlight', wanted.style === HIGHLIGHT);
    button.toggleAttribute('data-default-focus', wanted.defaultFocus === true || wanted.primary === true);
    button.style.color = color(wanted.fontColor);
    button.style.backgroundColor = color(wanted.backgroundColor);
    button.addEventListener('click', () => {
      close();
      wanted.action?.();
    });
    row.appendChild(button);
  }
  return row;
}

export interface DialogButton {
  text: StringValue;
  color: ColorValue;
  primary?: boolean;
}

/** promptAction.showDialog: answers with the index of the pressed button, rejects when it is closed in another way. */
export function showDialog(options: {
  title?: StringValue;
  message?: StringValue;
  buttons?: DialogButton[];
}): Promise<{ index: number }> {
  return new Promise((resolve, reject) => {
    showAlertDialog({
      ...(options.title === undefined ? {} : { title: options.title }),
      message: options.message ?? '',
      cancel: () => reject(new Error('cancel')),
      buttons: (options.buttons ?? []).map((button, index) => ({
        value: button.text,
        fontColor: button.color,
        primary: button.primary ?? false,
        action: () => resolve({ index }),
      })),
    });
  });
}
