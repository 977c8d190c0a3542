import { resolveMedia, resolveSvg, type Resource } from '../core/resources.js';
import { CommonNode } from './common-node.js';
import { color, type ColorValue } from './style.js';

type Source = string | Resource;

const FITS = ['contain', 'cover', 'contain', 'fill', 'scale-down', 'none'] as const;
const DEFAULT_FIT = 1;

/**
 * An SVG resource is drawn inline, so that `fillColor` reaches its shapes; everything else is an <img>. Without a name the
 * picture is decoration and hidden from assistive technology.
 */
export class Image extends CommonNode {
  private source: Source = '';
  private fallback: Source | null = null;
  private fill = '';
  private fit = DEFAULT_FIT;
  private shown = '';
  private onCompleteHandler: ((event: { width: number; height: number; loadingStatus: number }) => void) | null = null;
  private onErrorHandler:
    ((event: { message: string; componentWidth: number; componentHeight: number }) => void) | null = null;
  private hasName = false;

  constructor() {
    super(document.createElement('div'));
    this.element.className = 'ark ark-image';
  }

  protected override get ownRole(): string | null {
    return this.hasName ? 'img' : null;
  }

  create(source: Source): void {
    this.source = source;
    this.fill = '';
    this.fit = DEFAULT_FIT;
  }

  alt(value: Source): void {
    this.fallback = value;
  }

  fillColor(value: ColorValue): void {
    this.fill = color(value);
  }

  objectFit(value: number): void {
    this.fit = value;
  }

  interpolation(value: number): void {
    this.element.style.imageRendering = value === 0 ? 'pixelated' : '';
  }

  draggable(value: boolean): void {
    this.element.draggable = value;
  }

  onComplete(handler: (event: { width: number; height: number; loadingStatus: number }) => void): void {
    this.onCompleteHandler = handler;
  }

  onError(handler: (event: { message: string; componentWidth: number; componentHeight: number }) => void): void {
    this.onErrorHandler = handler;
  }

  override afterUpdate(): void {
    this.draw();
    super.afterUpdate();
  }

  protected override applyAccess(name: string): void {
    this.hasName = name !== '';
    super.applyAccess(name);
    if (!this.hasName && !this.isClickable) {
      this.element.ariaHidden = 'true';
    }
  }

  private draw(): void {
    const svg = resolveSvg(this.source);
    const key = svg ?? `url:${resolveMedia(this.source)}`;
    if (key !== this.shown) {
      this.shown = key;
      this.element.replaceChildren(svg === null ? this.picture(resolveMedia(this.source)) : drawing(svg));
    }
    const child = this.element.firstElementChild;
    if (child instanceof SVGElement) {
      child.setAttribute(
        'preserveAspectRatio',
        this.fit === 3 ? 'none' : this.fit === 1 ? 'xMidYMid slice' : 'xMidYMid meet',
      );
      child.style.setProperty('--fill', this.fill);
      child.toggleAttribute('data-filled', this.fill !== '');
    } else if (child instanceof HTMLImageElement) {
      child.style.objectFit = FITS[this.fit] ?? 'cover';
    }
  }

  private picture(url: string): HTMLImageElement {
    const image = document.createElement('img');
    image.alt = '';
    image.addEventListener('load', () => {
      this.onCompleteHandler?.({ width: image.naturalWidth, height: image.naturalHeight, loadingStatus: 1 });
    });
    image.addEventListener('error', () => {
      this.onErrorHandler?.({
        message: `picture could not be loaded: ${url}`,
        componentWidth: this.element.offsetWidth,
        componentHeight: this.element.offsetHeight,
      });
      if (this.fallback !== null && image.src !== resolveMedia(this.fallback)) {
        image.src = resolveMedia(this.fallback);
      }
    });
    image.src = url;
    return image;
  }
}

/** The file comes from the app's own resources; scripts in it are still not wanted. */
function drawing(text: string): SVGElement {
  const parsed = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (!(parsed instanceof SVGElement)) {
    throw new Error('picture is no SVG');
  }
  parsed.querySelectorAll('script').forEach((script) => script.remove());
  parsed.setAttribute('aria-hidden', 'true');
  return parsed;
}
