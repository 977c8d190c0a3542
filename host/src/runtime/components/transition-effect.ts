import { curve, length, type AnimateParam, type LengthValue } from './style.js';

type Step =
  | { kind: 'opacity'; alpha: number }
  | { kind: 'translate'; x: LengthValue; y: LengthValue }
  | { kind: 'scale'; x: number; y: number }
  | { kind: 'rotate'; angle: number }
  | { kind: 'move'; edge: number };

const DEFAULT_TRANSITION_MS = 300;

/** The state that a component comes from and goes to. Effects are combined into a list of steps. */
export class TransitionEffect {
  private timing: AnimateParam = {};
  private next: TransitionEffect | null = null;

  private constructor(
    private readonly own: Step | null,
    private readonly halves: { appear: TransitionEffect; disappear: TransitionEffect } | null = null,
  ) {}

  static get IDENTITY(): TransitionEffect {
    return new TransitionEffect(null);
  }

  static get OPACITY(): TransitionEffect {
    return TransitionEffect.opacity(0);
  }

  /** In from the start, out to the end. */
  static get SLIDE(): TransitionEffect {
    return TransitionEffect.asymmetric(TransitionEffect.move(2), TransitionEffect.move(3));
  }

  static opacity(alpha: number): TransitionEffect {
    return new TransitionEffect({ kind: 'opacity', alpha });
  }

  static translate(by: { x?: LengthValue; y?: LengthValue }): TransitionEffect {
    return new TransitionEffect({ kind: 'translate', x: by.x ?? 0, y: by.y ?? 0 });
  }

  static scale(by: { x?: number; y?: number }): TransitionEffect {
    return new TransitionEffect({ kind: 'scale', x: by.x ?? 1, y: by.y ?? 1 });
  }

  static rotate(by: { angle: number }): TransitionEffect {
    return new TransitionEffect({ kind: 'rotate', angle: by.angle });
  }

  static move(edge: number): TransitionEffect {
    return new TransitionEffect({ kind: 'move', edge });
  }

  static asymmetric(appear: TransitionEffect, disappear: TransitionEffect): TransitionEffect {
    return new TransitionEffect(null, { appear, disappear });
  }

  animation(value: AnimateParam): TransitionEffect {
    this.timing = value;
    return this;
  }

  combine(other: TransitionEffect): TransitionEffect {
    const last = this.chain().at(-1);
    if (last !== undefined) {
      last.next = other;
    }
    return this;
  }

  /** For the components: the combined steps of one direction, and the timing of the first that has one. */
  stepsOf(direction: 'appear' | 'disappear'): { steps: Step[]; timing: AnimateParam } {
    const steps: Step[] = [];
    const timings: AnimateParam[] = [];
    for (const effect of this.chain()) {
      timings.push(effect.timing);
      if (effect.halves !== null) {
        const half = effect.halves[direction].stepsOf(direction);
        steps.push(...half.steps);
        timings.push(half.timing);
      } else if (effect.own !== null) {
        steps.push(effect.own);
      }
    }
    return { steps, timing: timings.find((timing) => timing.duration !== undefined) ?? this.timing };
  }

  private chain(): TransitionEffect[] {
    return [this, ...(this.next?.chain() ?? [])];
  }
}

interface Motion {
  frames: Keyframe[];
  timing: KeyframeAnimationOptions;
}

export function enterFrames(effect: TransitionEffect): Motion {
  const { steps, timing } = effect.stepsOf('appear');
  return { frames: [frameOf(steps), {}], timing: { ...timingOf(timing), fill: 'backwards' } };
}

export function leaveFrames(effect: TransitionEffect): Motion {
  const { steps, timing } = effect.stepsOf('disappear');
  return { frames: [{}, frameOf(steps)], timing: { ...timingOf(timing), fill: 'forwards' } };
}

function timingOf(value: AnimateParam): KeyframeAnimationOptions {
  return { duration: value.duration ?? DEFAULT_TRANSITION_MS, delay: value.delay ?? 0, easing: curve(value.curve) };
}

/** TransitionEdge by number: top, bottom, start, end. */
const MOVES = ['0 -100%', '0 100%', '-100% 0', '100% 0'] as const;

function frameOf(steps: Step[]): Keyframe {
  const frame: Keyframe = {};
  for (const step of steps) {
    switch (step.kind) {
      case 'opacity':
        frame['opacity'] = step.alpha;
        break;
      case 'translate':
        frame['translate'] = `${length(step.x)} ${length(step.y)}`;
        break;
      case 'scale':
        frame['scale'] = `${step.x} ${step.y}`;
        break;
      case 'rotate':
        frame['rotate'] = `${step.angle}deg`;
        break;
      case 'move':
        frame['translate'] = MOVES[step.edge] ?? '0 0';
        break;
    }
  }
  return frame;
}
