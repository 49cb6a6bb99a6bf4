import type { Command } from './objects.ts';
export const address: Command = async () => 0;
