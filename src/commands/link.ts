import type { Command } from './objects.ts';
export const link: Command = async () => 0;
