/** The two formats in which `-t` and `-ts` print the time of a message, in local time. */

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A line of asctime(3) and microseconds, or in short an ISO date in brackets. JavaScript knows milliseconds only. */
export function timestamp(time: Date, isShort: boolean): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  const microseconds = time.getMilliseconds() * 1000;
  if (isShort) {
    const date = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
    return `[${date}T${clock}.${String(microseconds).padStart(6, '0')}] `;
  }
  const day = String(time.getDate()).padStart(2);
  const date = `${DAYS[time.getDay()]} ${MONTHS[time.getMonth()]} ${day} ${clock} ${time.getFullYear()}`;
  return `Timestamp: ${date} ${microseconds} usec\n`;
}
