import { resolveString } from '../core/resources.js';
import { EventNode } from './event-node.js';

type StringValue = Parameters<typeof resolveString>[0];
type Level = 'auto' | 'yes' | 'no' | 'no-hide-descendants';

/**
 * ArkUI's accessibility attributes as ARIA. The role comes from the component; a component that has none becomes a button
 * once it is clickable, and a group once it has a name, because ARIA allows no name on an element without a role.
 */
export abstract class AccessNode extends EventNode {
  private accessName = '';
  private level: Level = 'auto';
  private isGroup = false;

  /** The role of the component itself, or null. Native elements bring their own and answer null too. */
  protected get ownRole(): string | null {
    return null;
  }

  accessibilityText(value: StringValue): void {
    this.accessName = resolveString(value);
  }

  accessibilityDescription(value: StringValue): void {
    const text = resolveString(value);
    if (text === '') {
      this.accessElement.removeAttribute('aria-description');
    } else {
      this.accessElement.setAttribute('aria-description', text);
    }
  }

  accessibilityLevel(value: string): void {
    this.level = value as Level;
  }

  /** Its children are read as one. */
  accessibilityGroup(value: boolean): void {
    this.isGroup = value;
  }

  override afterUpdate(): void {
    super.afterUpdate();
    this.applyAccess(this.accessName);
  }

  protected applyAccess(name: string): void {
    const element = this.accessElement;
    const isHidden = this.level === 'no-hide-descendants';
    element.ariaHidden = isHidden ? 'true' : null;
    const role = this.level === 'no' ? null : this.roleNow(name, element);
    setAttribute(element, 'role', role);
    setAttribute(element, 'aria-label', name === '' ? null : name);
    if (this.isClickable && !isNativeControl(element) && !element.hasAttribute('tabindex')) {
      element.tabIndex = this.level === 'no' || isHidden ? -1 : 0;
    }
  }

  private roleNow(name: string, element: HTMLElement): string | null {
    if (this.ownRole !== null || isNativeControl(element)) {
      return this.ownRole;
    }
    if (this.isClickable) {
      return 'button';
    }
    return name !== '' || this.isGroup ? 'group' : null;
  }
}

function isNativeControl(element: HTMLElement): boolean {
  return /^(BUTTON|INPUT|TEXTAREA)$/.test(element.tagName);
}

export function setAttribute(element: Element, name: string, value: string | null): void {
  if (value === null) {
    element.removeAttribute(name);
  } else {
    element.setAttribute(name, value);
  }
}
