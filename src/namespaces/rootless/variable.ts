/** The variable that asks for the namespaces of `--rootless`; inside them it is the path of the user's folder. */

export const ROOTLESS_VARIABLE = 'TSIP_ROOTLESS';

/** Whether the value of the variable says that this process is inside. */
export function isInside(value: string | undefined): value is string {
  return value?.startsWith('/') ?? false;
}

/** Whether the value asks to go inside. */
export function asksForRootless(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && !isInside(value);
}
