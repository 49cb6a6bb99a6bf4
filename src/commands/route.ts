import type { Command } from './objects.ts';
export const route: Command = async () => 0;
