import { apiGet } from "@/lib/api/client";

/** The part of an OpenAPI document that is looked at. */
interface Description {
  paths: Record<string, unknown>;
  components?: { schemas?: Record<string, { properties?: Record<string, unknown> }> };
}

let description: Promise<Description> | undefined;

/** Whether the server has this path (as its own description spells it), so that the page can do without. */
export async function offers(path: string): Promise<boolean> {
  return path in (await described()).paths;
}

/** Whether a request of this name takes this field: what it does not know, a server leaves out in silence. */
export async function takes(request: string, field: string): Promise<boolean> {
  const properties = (await described()).components?.schemas?.[request]?.properties;
  return properties !== undefined && field in properties;
}

function described(): Promise<Description> {
  description ??= apiGet<Description>("openapi.json").catch((error: unknown) => {
    description = undefined;
    throw error;
  });
  return description;
}
