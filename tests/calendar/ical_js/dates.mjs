// The dates that ical.js makes of recurrence rules: reads [{rule, start, last, most}, …], writes [[date, …], …].
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

function dates({ rule, start, last, most }) {
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(start));
  const found = [];
  for (let next = iterator.next(); next && found.length < most; next = iterator.next()) {
    const text = next.toString();
    if (text > last) break;
    found.push(text);
  }
  return found;
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(dates)));
