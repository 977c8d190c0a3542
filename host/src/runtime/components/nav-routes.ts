/** The builders of the system route table, by the name in routerMap. */
export type RouteBuilder = (name: string, param: unknown) => void;

const routes = new Map<string, RouteBuilder>();

/** `boot` gives the table of all modules; a name is one page in the whole app. */
export function registerRoutes(table: Readonly<Record<string, RouteBuilder>>): void {
  routes.clear();
  for (const [name, builder] of Object.entries(table)) {
    routes.set(name, builder);
  }
}

export function routeOf(name: string): RouteBuilder | null {
  return routes.get(name) ?? null;
}

export function routeNames(): string[] {
  return [...routes.keys()];
}
