import { mountBuilder, type UINode } from '../core/node.js';
import { windowSize } from '../core/config.js';
import { resolveString } from '../core/resources.js';
import { Modal, DismissReason, placeNear } from './modal.js';
import { closeIcon } from './glyphs.js';
import { label } from './labels.js';
import { color, length, type ColorValue, type LengthValue } from './style.js';

type StringValue = Parameters<typeof resolveString>[0];
type Builder = () => void;

interface SheetDismissAction {
  dismiss: () => void;
  reason: DismissReason;
}

/** What of ArkUI's SheetOptions is known here. Anything else is refused by name. */
export interface SheetOptions {
  title?: { title: StringValue; subtitle?: StringValue } | Builder;
  height?: LengthValue;
  width?: LengthValue;
  detents?: LengthValue[];
  dragBar?: boolean;
  showClose?: boolean | object;
  preferType?: number;
  backgroundColor?: ColorValue;
  maskColor?: ColorValue;
  blurStyle?: number;
  onAppear?: () => void;
  onDisappear?: () => void;
  onWillAppear?: () => void;
  onWillDisappear?: () => void;
  onWillDismiss?: (action: SheetDismissAction) => void;
  shouldDismiss?: (sheet: { dismiss: () => void }) => void;
  onTypeDidChange?: (type: SheetType) => void;
}

const KNOWN = new Set([
  'title',
  'height',
  'width',
  'detents',
  'dragBar',
  'showClose',
  'preferType',
  'backgroundColor',
  'maskColor',
  'blurStyle',
  'onAppear',
  'onDisappear',
  'onWillAppear',
  'onWillDisappear',
  'onWillDismiss',
  'shouldDismiss',
  'onTypeDidChange',
]);

export enum SheetType {
  BOTTOM = 0,
  CENTER = 1,
  POPUP = 2,
}

/** Widths from which a sheet is a centred card, and a popup. vp, documented for bindSheet. */
const CENTER_FROM = 600;
const POPUP_FROM = 840;
/** SheetSize by number. MEDIUM is 0.6 of the window, LARGE leaves 8 vp under the status bar; both documented. */
const SHEET_SIZES = ['60dvh', 'calc(100dvh - 8px)', 'auto'] as const;
const LARGE = 1;

export function sheetTypeFor(windowWidth: number, preferred: number | undefined): SheetType {
  if (windowWidth < CENTER_FROM) {
    return SheetType.BOTTOM;
  }
  if (preferred === SheetType.CENTER || preferred === SheetType.POPUP) {
    return preferred;
  }
  return windowWidth < POPUP_FROM ? SheetType.CENTER : SheetType.POPUP;
}

function sheetHeight(value: LengthValue | undefined): string {
  if (typeof value === 'number' && value in SHEET_SIZES && Number.isInteger(value)) {
    return SHEET_SIZES[value] ?? 'auto';
  }
  return length(value, SHEET_SIZES[LARGE]);
}

/** One open half-modal. */
export class Sheet {
  private readonly modal: Modal;
  private readonly contents: { dispose(): void }[] = [];
  private readonly panel = document.createElement('div');
  private options: SheetOptions = {};
  private type: SheetType | null = null;

  constructor(
    private readonly owner: UINode,
    builder: Builder,
    options: SheetOptions,
    private readonly close: () => void,
  ) {
    refuseUnknown(options);
    this.options = options;
    const title = options.title;
    const isText = typeof title === 'object';
    this.modal = new Modal({
      className: 'ark-sheet',
      role: 'dialog',
      label: isText ? resolveString(title.title) : '',
      onDismiss: (reason) => this.askToClose(reason),
    });
    this.buildHead();
    this.panel.className = 'ark-sheet-body';
    this.modal.element.appendChild(this.panel);
    this.contents.push(mountBuilder(owner, this.panel, builder));
    this.update(options);
    options.onWillAppear?.();
    this.modal.show();
    this.place();
    options.onAppear?.();
  }

  update(options: SheetOptions): void {
    refuseUnknown(options);
    this.options = options;
    const element = this.modal.element;
    const type = sheetTypeFor(windowSize.get().width, options.preferType);
    if (type !== this.type) {
      this.type = type;
      options.onTypeDidChange?.(type);
    }
    element.dataset['sheet'] = SheetType[type].toLowerCase();
    element.style.backgroundColor = color(options.backgroundColor);
    element.style.setProperty('--mask', color(options.maskColor));
    const wanted = options.detents?.[0] ?? options.height;
    element.style.height = type === SheetType.BOTTOM ? sheetHeight(wanted) : sideHeight(wanted, type);
    element.style.width = type === SheetType.BOTTOM ? '' : length(options.width);
    this.place();
  }

  dispose(): void {
    this.options.onWillDisappear?.();
    this.contents.forEach((content) => content.dispose());
    this.modal.close();
    this.options.onDisappear?.();
  }

  private buildHead(): void {
    const { title, dragBar, showClose, detents } = this.options;
    const head = document.createElement('div');
    head.className = 'ark-sheet-head';
    if (dragBar ?? (detents?.length ?? 0) > 1) {
      const bar = document.createElement('div');
      bar.className = 'ark-sheet-bar';
      this.modal.element.appendChild(bar);
    }
    if (typeof title === 'function') {
      const place = document.createElement('div');
      place.className = 'ark-sheet-title';
      head.appendChild(place);
      this.contents.push(mountBuilder(this.owner, place, title));
    } else if (title !== undefined) {
      head.appendChild(titleBlock(resolveString(title.title), title.subtitle));
    }
    if (showClose !== false) {
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'ark-icon-button ark-sheet-close';
      button.setAttribute('aria-label', label('close'));
      button.innerHTML = closeIcon;
      button.addEventListener('click', () => this.askToClose(DismissReason.CLOSE_BUTTON));
      head.appendChild(button);
    }
    if (head.childElementCount > 0) {
      this.modal.element.appendChild(head);
    }
  }

  private askToClose(reason: DismissReason): void {
    const { onWillDismiss, shouldDismiss } = this.options;
    if (onWillDismiss !== undefined) {
      onWillDismiss({ dismiss: this.close, reason });
    } else if (shouldDismiss !== undefined) {
      shouldDismiss({ dismiss: this.close });
    } else {
      this.close();
    }
  }

  private place(): void {
    if (this.type === SheetType.POPUP && this.modal.element.open) {
      placeNear(this.modal.element, this.owner.element.getBoundingClientRect());
    } else {
      this.modal.element.style.top = '';
      this.modal.element.style.left = '';
    }
  }
}

/** Above 600 vp a sheet without a height is 560 vp high at most and as high as its content at least. */
function sideHeight(wanted: LengthValue | undefined, type: SheetType): string {
  if (wanted === undefined) {
    return type === SheetType.CENTER ? 'min(560px, 90dvh)' : 'auto';
  }
  return typeof wanted === 'number' && wanted <= 2 ? (wanted === 2 ? 'auto' : 'min(560px, 90dvh)') : length(wanted);
}

function titleBlock(main: string, sub: StringValue | undefined): HTMLElement {
  const block = document.createElement('div');
  block.className = 'ark-sheet-title';
  const heading = document.createElement('h2');
  heading.textContent = main;
  block.appendChild(heading);
  if (sub !== undefined) {
    const below = document.createElement('p');
    below.textContent = resolveString(sub);
    block.appendChild(below);
  }
  return block;
}

function refuseUnknown(options: SheetOptions): void {
  const unknown = Object.keys(options).find((key) => !KNOWN.has(key));
  if (unknown !== undefined) {
    throw new Error(`bindSheet: option "${unknown}" is not known here, expected one of ${[...KNOWN].join(', ')}`);
  }
}
