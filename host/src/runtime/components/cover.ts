import { mountBuilder, type UINode } from '../core/node.js';
import { DismissReason, Modal } from './modal.js';

/** What of ArkUI's ContentCoverOptions is known here. Anything else is refused by name. */
export interface CoverOptions {
  modalTransition?: number;
  onAppear?: () => void;
  onDisappear?: () => void;
  onWillDismiss?: (action: { dismiss: () => void; reason: DismissReason }) => void;
}

const KNOWN = new Set(['modalTransition', 'onAppear', 'onDisappear', 'onWillDismiss']);

/** One page over everything. The back gesture closes it, unless `onWillDismiss` keeps it. */
export class Cover {
  private readonly modal: Modal;
  private readonly content: { dispose(): void };

  constructor(
    owner: UINode,
    builder: () => void,
    private readonly options: CoverOptions,
    close: () => void,
  ) {
    const unknown = Object.keys(options).find((key) => !KNOWN.has(key));
    if (unknown !== undefined) {
      throw new Error(
        `bindContentCover: option "${unknown}" is not known here, expected one of ${[...KNOWN].join(', ')}`,
      );
    }
    this.modal = new Modal({
      className: 'ark-cover',
      role: 'dialog',
      label: '',
      onDismiss: (reason) => {
        if (options.onWillDismiss === undefined) {
          close();
        } else {
          options.onWillDismiss({ dismiss: close, reason });
        }
      },
    });
    this.content = mountBuilder(owner, this.modal.element, builder);
    this.modal.show();
    options.onAppear?.();
  }

  dispose(): void {
    this.content.dispose();
    this.modal.close();
    this.options.onDisappear?.();
  }
}
