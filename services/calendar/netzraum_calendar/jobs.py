"""What calendar does later."""

from netzraum_calendar.events.occurrences import EXTEND, extend
from netzraum_calendar.events.reminders import REMIND, remind
from netzraum_items.timed import ITEM_JOBS
from netzraum_platform.jobs import JobHandler

JOBS: dict[str, JobHandler] = {**ITEM_JOBS, EXTEND: extend, REMIND: remind}
