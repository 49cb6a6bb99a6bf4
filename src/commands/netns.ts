import type { Command } from './objects.ts';
export const netns: Command = async () => 0;
