import type { UINode } from '../core/node.js';
import { Button } from './button.js';
import { Column, CommonWrapper, Flex, Row, Stack } from './containers.js';
import { ListScroller, Scroller, TabsController, TextAreaController, TextInputController } from './controllers.js';
import { GestureGroup, LongPressGesture, TapGesture } from './gestures.js';
import { Image } from './image.js';
import { List, ListItem } from './list.js';
import { NavDestination } from './nav-destination.js';
import { NavPathInfo, NavPathStack } from './nav-path-stack.js';
import { Navigation } from './navigation.js';
import { Progress } from './progress.js';
import { Scroll } from './scroll.js';
import { Badge, Blank, Circle, Divider, LoadingProgress } from './shapes.js';
import { TabContent, Tabs } from './tabs.js';
import { Span, Text } from './text.js';
import { TextArea } from './text-area.js';
import { TextInput } from './text-input.js';
import { Toggle } from './toggle.js';
import { TransitionEffect } from './transition-effect.js';
import { enums } from './enums.js';

/** Every component by its ArkUI name. An attribute exists where the class, or one above it, has a method of that name. */
export const components: Record<string, new () => UINode> = {
  Badge,
  Blank,
  Button,
  Circle,
  Column,
  Divider,
  Flex,
  Image,
  List,
  ListItem,
  LoadingProgress,
  NavDestination,
  Navigation,
  Progress,
  Row,
  Scroll,
  Span,
  Stack,
  TabContent,
  Tabs,
  Text,
  TextArea,
  TextInput,
  Toggle,
  __Common__: CommonWrapper,
};

/** Global names that are no components: enums, controllers, gestures. */
export const globals: Record<string, unknown> = {
  ...enums,
  GestureGroup,
  ListScroller,
  LongPressGesture,
  NavPathInfo,
  NavPathStack,
  Scroller,
  TabsController,
  TapGesture,
  TextAreaController,
  TextInputController,
  TransitionEffect,
};

export { enums } from './enums.js';
export { installTheme } from './theme.js';
export { registerRoutes } from './nav-routes.js';
export { showAlertDialog, showDialog, showToast } from './overlays.js';
export { NavPathInfo, NavPathStack } from './nav-path-stack.js';
export { Scroller } from './controllers.js';
export { systemBack } from './system-back.js';
export type { TwoWay } from './two-way.js';
