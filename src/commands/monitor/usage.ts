/** The help text of `ip monitor`. */
import { synopsisLines } from '../../schema/synopsis.ts';
import { MONITORED } from './objects.ts';

const objects = MONITORED.map(({ word }, index) => (index === 0 ? word : `| ${word}`));

export const MONITOR_USAGE = `\
Usage: ip monitor [ all | OBJECTS ] [ FILE ] [ label ] [ all-nsid ]
                  [ dev DEVICE ]
${synopsisLines('OBJECTS :=', objects)}
FILE := file FILENAME

Without OBJECTS everything is shown. 'label' and 'all' print before each message what it is about,
'all-nsid' listens to every namespace that has an id here, 'file' reads what rtmon(8) saved.`;
