/**
 * The global enums of ArkUI that the components understand. Names and values are those of the SDK declarations at API 12
 * (@arkts/declarations, component/*.d.ts); a test compares them, Color apart.
 */

// The declarations number Color from 0, but the engine gives it ARGB values, so that it can stand where a number can.
export const Color = {
  White: 0xffffffff,
  Black: 0xff000000,
  Blue: 0xff0000ff,
  Brown: 0xffa52a2a,
  Gray: 0xff808080,
  Green: 0xff008000,
  Grey: 0xff808080,
  Orange: 0xffffa500,
  Pink: 0xffffc0cb,
  Red: 0xffff0000,
  Yellow: 0xffffff00,
  Transparent: '#00000000',
} as const;
export const ImageFit = {
  Contain: 0,
  Cover: 1,
  Auto: 2,
  Fill: 3,
  ScaleDown: 4,
  None: 5,
  TOP_START: 7,
  TOP: 8,
  TOP_END: 9,
  START: 10,
  CENTER: 11,
  END: 12,
  BOTTOM_START: 13,
  BOTTOM: 14,
  BOTTOM_END: 15,
} as const;
export const BorderStyle = { Dotted: 0, Dashed: 1, Solid: 2 } as const;
export const TouchType = { Down: 0, Up: 1, Move: 2, Cancel: 3 } as const;
export const MouseButton = { Left: 0, Right: 1, Middle: 2, Back: 3, Forward: 4, None: 5 } as const;
export const MouseAction = { Press: 0, Release: 1, Move: 2, Hover: 3 } as const;
export const Curve = {
  Linear: 0,
  Ease: 1,
  EaseIn: 2,
  EaseOut: 3,
  EaseInOut: 4,
  FastOutSlowIn: 5,
  LinearOutSlowIn: 6,
  FastOutLinearIn: 7,
  ExtremeDeceleration: 8,
  Sharp: 9,
  Rhythm: 10,
  Smooth: 11,
  Friction: 12,
} as const;
export const FillMode = { None: 0, Forwards: 1, Backwards: 2, Both: 3 } as const;
export const PlayMode = { Normal: 0, Reverse: 1, Alternate: 2, AlternateReverse: 3 } as const;
export const KeyType = { Down: 0, Up: 1 } as const;
export const KeySource = { Unknown: 0, Keyboard: 1 } as const;
export const Edge = { Top: 0, Center: 1, Bottom: 2, Baseline: 3, Start: 4, Middle: 5, End: 6 } as const;
export const Direction = { Ltr: 0, Rtl: 1, Auto: 2 } as const;
export const BarState = { Off: 0, Auto: 1, On: 2 } as const;
export const EdgeEffect = { Spring: 0, Fade: 1, None: 2 } as const;
export const Alignment = {
  TopStart: 0,
  Top: 1,
  TopEnd: 2,
  Start: 3,
  Center: 4,
  End: 5,
  BottomStart: 6,
  Bottom: 7,
  BottomEnd: 8,
} as const;
export const Visibility = { Visible: 0, Hidden: 1, None: 2 } as const;
export const Axis = { Vertical: 0, Horizontal: 1 } as const;
export const HorizontalAlign = { Start: 0, Center: 1, End: 2 } as const;
export const FlexAlign = { Start: 0, Center: 1, End: 2, SpaceBetween: 3, SpaceAround: 4, SpaceEvenly: 5 } as const;
export const ItemAlign = { Auto: 0, Start: 1, Center: 2, End: 3, Baseline: 4, Stretch: 5 } as const;
export const FlexDirection = { Row: 0, Column: 1, RowReverse: 2, ColumnReverse: 3 } as const;
export const FlexWrap = { NoWrap: 0, Wrap: 1, WrapReverse: 2 } as const;
export const VerticalAlign = { Top: 0, Center: 1, Bottom: 2 } as const;
export const GradientDirection = {
  Left: 0,
  Top: 1,
  Right: 2,
  Bottom: 3,
  LeftTop: 4,
  LeftBottom: 5,
  RightTop: 6,
  RightBottom: 7,
  None: 8,
} as const;
export const FontStyle = { Normal: 0, Italic: 1 } as const;
export const FontWeight = { Lighter: 0, Normal: 1, Regular: 2, Medium: 3, Bold: 4, Bolder: 5 } as const;
export const TextAlign = { Center: 0, Start: 1, End: 2, JUSTIFY: 3 } as const;
export const TextOverflow = { None: 0, Clip: 1, Ellipsis: 2, MARQUEE: 3 } as const;
export const TextDecorationType = { None: 0, Underline: 1, Overline: 2, LineThrough: 3 } as const;
export const TextDecorationStyle = { SOLID: 0, DOUBLE: 1, DOTTED: 2, DASHED: 3, WAVY: 4 } as const;
export const TextCase = { Normal: 0, LowerCase: 1, UpperCase: 2 } as const;
export const ResponseType = { RightClick: 0, LongPress: 1 } as const;
export const HoverEffect = { Auto: 0, Scale: 1, Highlight: 2, None: 3 } as const;
export const Placement = {
  Left: 0,
  Right: 1,
  Top: 2,
  Bottom: 3,
  TopLeft: 4,
  TopRight: 5,
  BottomLeft: 6,
  BottomRight: 7,
  LeftTop: 8,
  LeftBottom: 9,
  RightTop: 10,
  RightBottom: 11,
} as const;
export const CopyOptions = { None: 0, InApp: 1, LocalDevice: 2, CROSS_DEVICE: 3 } as const;
export const HitTestMode = { Default: 0, Block: 1, Transparent: 2, None: 3 } as const;
export const TitleHeight = { MainOnly: 0, MainWithSub: 1 } as const;
export const ModifierKey = { CTRL: 0, SHIFT: 1, ALT: 2 } as const;
export const ScrollSource = {
  DRAG: 0,
  FLING: 1,
  EDGE_EFFECT: 2,
  OTHER_USER_INPUT: 3,
  SCROLL_BAR: 4,
  SCROLL_BAR_FLING: 5,
  SCROLLER: 6,
  SCROLLER_ANIMATION: 7,
} as const;
export const NestedScrollMode = { SELF_ONLY: 0, SELF_FIRST: 1, PARENT_FIRST: 2, PARALLEL: 3 } as const;
export const WordBreak = { NORMAL: 0, BREAK_ALL: 1, BREAK_WORD: 2 } as const;
export const EllipsisMode = { START: 0, CENTER: 1, END: 2 } as const;
export const DialogAlignment = {
  Top: 0,
  Center: 1,
  Bottom: 2,
  Default: 3,
  TopStart: 4,
  TopEnd: 5,
  CenterStart: 6,
  CenterEnd: 7,
  BottomStart: 8,
  BottomEnd: 9,
} as const;
export const DialogButtonDirection = { AUTO: 0, HORIZONTAL: 1, VERTICAL: 2 } as const;
export const DialogButtonStyle = { DEFAULT: 0, HIGHLIGHT: 1 } as const;
export const BadgePosition = { RightTop: 0, Right: 1, Left: 2 } as const;
export const ModalTransition = { DEFAULT: 0, NONE: 1, ALPHA: 2 } as const;
export const ProgressType = { Linear: 0, Ring: 1, Eclipse: 2, ScaleRing: 3, Capsule: 4 } as const;
export const ButtonType = { Capsule: 0, Circle: 1, Normal: 2 } as const;
export const ButtonStyleMode = { NORMAL: 0, EMPHASIZED: 1, TEXTUAL: 2 } as const;
export const ButtonRole = { NORMAL: 0, ERROR: 1 } as const;
export const ControlSize = { SMALL: 'small', NORMAL: 'normal' } as const;
export const BlurStyle = {
  Thin: 0,
  Regular: 1,
  Thick: 2,
  BACKGROUND_THIN: 3,
  BACKGROUND_REGULAR: 4,
  BACKGROUND_THICK: 5,
  BACKGROUND_ULTRA_THICK: 6,
  NONE: 7,
  COMPONENT_ULTRA_THIN: 8,
  COMPONENT_THIN: 9,
  COMPONENT_REGULAR: 10,
  COMPONENT_THICK: 11,
  COMPONENT_ULTRA_THICK: 12,
} as const;
export const ThemeColorMode = { SYSTEM: 0, LIGHT: 1, DARK: 2 } as const;
export const AdaptiveColor = { DEFAULT: 0, AVERAGE: 1 } as const;
export const ShadowType = { COLOR: 0, BLUR: 1 } as const;
export const ShadowStyle = {
  OUTER_DEFAULT_XS: 0,
  OUTER_DEFAULT_SM: 1,
  OUTER_DEFAULT_MD: 2,
  OUTER_DEFAULT_LG: 3,
  OUTER_FLOATING_SM: 4,
  OUTER_FLOATING_MD: 5,
} as const;
export const SafeAreaType = { SYSTEM: 0, CUTOUT: 1, KEYBOARD: 2 } as const;
export const SafeAreaEdge = { TOP: 0, BOTTOM: 1, START: 2, END: 3 } as const;
export const SheetSize = { MEDIUM: 0, LARGE: 1, FIT_CONTENT: 2 } as const;
export const SheetType = { BOTTOM: 0, CENTER: 1, POPUP: 2 } as const;
export const SheetMode = { OVERLAY: 0, EMBEDDED: 1 } as const;
export const DismissReason = { PRESS_BACK: 0, TOUCH_OUTSIDE: 1, CLOSE_BUTTON: 2, SLIDE_DOWN: 3 } as const;
export const KeyboardAvoidMode = { DEFAULT: 0, NONE: 1 } as const;
export const SourceType = { Unknown: 0, Mouse: 1, TouchScreen: 2 } as const;
export const SourceTool = { Unknown: 0, Finger: 1, Pen: 2, MOUSE: 3, TOUCHPAD: 4, JOYSTICK: 5 } as const;
export const TransitionEdge = { TOP: 0, BOTTOM: 1, START: 2, END: 3 } as const;
export const GestureMask = { Normal: 0, IgnoreInternal: 1 } as const;
export const GestureMode = { Sequence: 0, Parallel: 1, Exclusive: 2 } as const;
export const GesturePriority = { NORMAL: 0, PRIORITY: 1 } as const;
export const PanDirection = { None: 0, Horizontal: 1, Left: 2, Right: 3, Vertical: 4, Up: 5, Down: 6, All: 7 } as const;
export const ImageRenderMode = { Original: 0, Template: 1 } as const;
export const ImageInterpolation = { None: 0, Low: 1, Medium: 2, High: 3 } as const;
export const DataOperationType = {
  ADD: 'add',
  DELETE: 'delete',
  EXCHANGE: 'exchange',
  MOVE: 'move',
  CHANGE: 'change',
  RELOAD: 'reload',
} as const;
export const ScrollState = { Idle: 0, Scroll: 1, Fling: 2 } as const;
export const ListItemAlign = { Start: 0, Center: 1, End: 2 } as const;
export const StickyStyle = { None: 0, Header: 1, Footer: 2 } as const;
export const ListItemStyle = { NONE: 0, CARD: 1 } as const;
export const ListItemGroupStyle = { NONE: 0, CARD: 1 } as const;
export const LoadingProgressStyle = { Default: 0, Circular: 1, Orbital: 2 } as const;
export const NavDestinationMode = { STANDARD: 0, DIALOG: 1 } as const;
export const NavigationMode = { Stack: 0, Split: 1, Auto: 2 } as const;
export const NavBarPosition = { Start: 0, End: 1 } as const;
export const NavigationTitleMode = { Free: 0, Full: 1, Mini: 2 } as const;
export const LaunchMode = { STANDARD: 0, MOVE_TO_TOP_SINGLETON: 1, POP_TO_SINGLETON: 2, NEW_INSTANCE: 3 } as const;
export const NavigationOperation = { PUSH: 1, POP: 2, REPLACE: 3 } as const;
export const BarStyle = { STANDARD: 0, STACK: 1 } as const;
export const ScrollDirection = { Vertical: 0, Horizontal: 1, Free: 2, None: 3 } as const;
export const ScrollAlign = { START: 0, CENTER: 1, END: 2, AUTO: 3 } as const;
export const BarMode = { Scrollable: 0, Fixed: 1 } as const;
export const AnimationMode = { CONTENT_FIRST: 0, ACTION_FIRST: 1, NO_ANIMATION: 2 } as const;
export const BarPosition = { Start: 0, End: 1 } as const;
export const InputType = {
  Normal: 0,
  Number: 1,
  PhoneNumber: 2,
  Email: 3,
  Password: 4,
  NUMBER_PASSWORD: 8,
  USER_NAME: 10,
  NEW_PASSWORD: 11,
  NUMBER_DECIMAL: 12,
  URL: 13,
} as const;
export const EnterKeyType = { Go: 2, Search: 3, Send: 4, Next: 5, Done: 6, PREVIOUS: 7, NEW_LINE: 8 } as const;
export const TextInputStyle = { Default: 0, Inline: 1 } as const;
export const TextAreaType = { NORMAL: 0, NUMBER: 2, PHONE_NUMBER: 3, EMAIL: 5, NUMBER_DECIMAL: 12, URL: 13 } as const;
export const ContentType = {
  USER_NAME: 0,
  PASSWORD: 1,
  NEW_PASSWORD: 2,
  FULL_STREET_ADDRESS: 3,
  HOUSE_NUMBER: 4,
  DISTRICT_ADDRESS: 5,
  CITY_ADDRESS: 6,
  PROVINCE_ADDRESS: 7,
  COUNTRY_ADDRESS: 8,
  PERSON_FULL_NAME: 9,
  PERSON_LAST_NAME: 10,
  PERSON_FIRST_NAME: 11,
  PHONE_NUMBER: 12,
  PHONE_COUNTRY_CODE: 13,
  FULL_PHONE_NUMBER: 14,
  EMAIL_ADDRESS: 15,
  BANK_CARD_NUMBER: 16,
  ID_CARD_NUMBER: 17,
  NICKNAME: 23,
  DETAIL_INFO_WITHOUT_STREET: 24,
  FORMAT_ADDRESS: 25,
} as const;
export const ToggleType = { Checkbox: 0, Switch: 1, Button: 2 } as const;
export const LayoutSafeAreaType = { SYSTEM: 0 } as const;
export const LayoutSafeAreaEdge = { TOP: 0, BOTTOM: 1 } as const;
export const LineCapStyle = { Butt: 0, Round: 1, Square: 2 } as const;
export const TextHeightAdaptivePolicy = {
  MAX_LINES_FIRST: 0,
  MIN_FONT_SIZE_FIRST: 1,
  LAYOUT_CONSTRAINT_FIRST: 2,
} as const;
export const TextContentStyle = { DEFAULT: 0, INLINE: 1 } as const;
export const ColorMode = { LIGHT: 0, DARK: 1 } as const;
export const LayoutDirection = { LTR: 0, RTL: 1, Auto: 2 } as const;
export const FinishCallbackType = { REMOVED: 0, LOGICALLY: 1 } as const;
export const TextSelectableMode = { SELECTABLE_UNFOCUSABLE: 0, SELECTABLE_FOCUSABLE: 1, UNSELECTABLE: 2 } as const;
export const LineBreakStrategy = { GREEDY: 0, HIGH_QUALITY: 1, BALANCED: 2 } as const;
export const SlideEffect = { Left: 0, Right: 1, Top: 2, Bottom: 3, START: 5, END: 6 } as const;
export const ClickEffectLevel = { LIGHT: 0, MIDDLE: 1, HEAVY: 2 } as const;

/** Every enum by its global name: what the compiler may inject into an .ets file. */
export const enums: Record<string, object> = {
  Color,
  ImageFit,
  BorderStyle,
  TouchType,
  MouseButton,
  MouseAction,
  Curve,
  FillMode,
  PlayMode,
  KeyType,
  KeySource,
  Edge,
  Direction,
  BarState,
  EdgeEffect,
  Alignment,
  Visibility,
  Axis,
  HorizontalAlign,
  FlexAlign,
  ItemAlign,
  FlexDirection,
  FlexWrap,
  VerticalAlign,
  GradientDirection,
  FontStyle,
  FontWeight,
  TextAlign,
  TextOverflow,
  TextDecorationType,
  TextDecorationStyle,
  TextCase,
  ResponseType,
  HoverEffect,
  Placement,
  CopyOptions,
  HitTestMode,
  TitleHeight,
  ModifierKey,
  ScrollSource,
  NestedScrollMode,
  WordBreak,
  EllipsisMode,
  DialogAlignment,
  DialogButtonDirection,
  DialogButtonStyle,
  BadgePosition,
  ModalTransition,
  ProgressType,
  ButtonType,
  ButtonStyleMode,
  ButtonRole,
  ControlSize,
  BlurStyle,
  ThemeColorMode,
  AdaptiveColor,
  ShadowType,
  ShadowStyle,
  SafeAreaType,
  SafeAreaEdge,
  SheetSize,
  SheetType,
  SheetMode,
  DismissReason,
  KeyboardAvoidMode,
  SourceType,
  SourceTool,
  TransitionEdge,
  GestureMask,
  GestureMode,
  GesturePriority,
  PanDirection,
  ImageRenderMode,
  ImageInterpolation,
  DataOperationType,
  ScrollState,
  ListItemAlign,
  StickyStyle,
  ListItemStyle,
  ListItemGroupStyle,
  LoadingProgressStyle,
  NavDestinationMode,
  NavigationMode,
  NavBarPosition,
  NavigationTitleMode,
  LaunchMode,
  NavigationOperation,
  BarStyle,
  ScrollDirection,
  ScrollAlign,
  BarMode,
  AnimationMode,
  BarPosition,
  InputType,
  EnterKeyType,
  TextInputStyle,
  TextAreaType,
  ContentType,
  ToggleType,
  LayoutSafeAreaType,
  LayoutSafeAreaEdge,
  LineCapStyle,
  TextHeightAdaptivePolicy,
  TextContentStyle,
  ColorMode,
  LayoutDirection,
  FinishCallbackType,
  TextSelectableMode,
  LineBreakStrategy,
  SlideEffect,
  ClickEffectLevel,
};
