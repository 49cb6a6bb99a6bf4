/** Changes of files and folders, each one system call or a few. They throw the errors of node:fs. */
import { closeSync, constants, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { encodeText } from '../../wire/text.ts';

/** What can be done. */
export interface FileChanges {
  makeFolder(path: string, mode: number): void;
  /** Creates an empty file that must not exist. */
  create(path: string, mode: number): void;
  remove(path: string): void;
  /** Opens a folder, to lock it; returns the descriptor. */
  openFolder(path: string): number;
  /** Writes `text` by one write(2) into a file of the kernel. */
  write(path: string, text: string): void;
}

/** Makes them. */
export const systemFiles: FileChanges = {
  makeFolder: (path, mode) => mkdirSync(encodeText(path), mode),
  create(path, mode) {
    const { O_RDONLY, O_CREAT, O_EXCL } = constants;
    closeSync(openSync(encodeText(path), O_RDONLY | O_CREAT | O_EXCL, mode));
  },
  remove: path => unlinkSync(encodeText(path)),
  openFolder: path => openSync(encodeText(path), constants.O_RDONLY | constants.O_DIRECTORY),
  write(path, text) {
    const descriptor = openSync(encodeText(path), constants.O_WRONLY);
    try {
      writeSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
  },
};
