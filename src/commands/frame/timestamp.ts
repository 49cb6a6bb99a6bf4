/** How monitors print the time of a message, in local time. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `-t` and `-ts`: a line of asctime(3) and microseconds, or in short an ISO date. JavaScript knows milliseconds only. */
export function timestamp(time: Date, isShort: boolean): string {
  const microseconds = time.getMilliseconds() * 1000;
  if (!isShort) return `Timestamp: ${asctime(time)} ${microseconds} usec\n`;
  const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `[${date}T${clockOf(time)}.${String(microseconds).padStart(6, '0')}] `;
}

/** The same of the time that rtmon saves before a message. */
export function savedTimestamp(seconds: number, microseconds: number): string {
  return `Timestamp: ${asctime(new Date(seconds * 1000))} ${microseconds} us\n`;
}

function asctime(time: Date): string {
  const day = String(time.getDate()).padStart(2);
  return `${DAYS[time.getDay()]} ${MONTHS[time.getMonth()]} ${day} ${clockOf(time)} ${time.getFullYear()}`;
}

function clockOf(time: Date): string {
  return [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
